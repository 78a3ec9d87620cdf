"""Floor 1: IATI activities, versions 2.01 to 2.03, streamed -> raw text cells, a row for each activity of the country.

An activity of other countries alone is no row: it is passed over and counted, and one problem says how many were.
So rows read are the activities that concern the country, and accepted + rejected = rows read holds for them.
Memory is bounded by the longest activity, not by the file.  No document type, entity or outside file is ever read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

from lxml import etree

from geo import pack
from geo.errors import InputError, Problem, shorten
from geo.fields import Fields
from geo.readers import RawRow, RawTable, iati_activity, source
from geo.readers.source import Data
from geo.readers.table import Rows

Progress: TypeAlias = Callable[[int, int], None]
ROOT, ACTIVITY = "iati-activities", "iati-activity"
VERSIONS = ("2.01", "2.02", "2.03")
CHUNK = 1 << 18  # bytes a step
STEP = 1 << 12  # bytes a step before the root is known
MOST_PROLOGUE = 1 << 20  # bytes before the root: more is no file of activities
MOST_ACTIVITY = 16 << 20  # bytes of one activity
# "internal": no document type gets as far as a parser with these, so every entity is unknown, and an error.
SAFE = {"resolve_entities": "internal", "load_dtd": False, "no_network": True, "huge_tree": False, "recover": False}
_ENCODING = re.compile(rb"""^(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)""")
SHORT_LINES = 65_535
ADVICE = "Expected IATI activities, version 2.01 to 2.03."


class _DoctypeFound(Exception):
    """The file declares a document type."""


class _Prologue:
    """What stands before the first activity: a parser's target that keeps the root and refuses a document type."""

    def __init__(self) -> None:
        self.root = ""
        self.version: str | None = None

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        """Refuse a document type: it is the only place where entities are declared."""
        raise _DoctypeFound

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Keep the first element."""
        if not self.root:
            self.root, self.version = tag, attributes.get("version")

    def close(self) -> None:
        """End the document; nothing is kept of it."""


@dataclass(slots=True)
class _Tally:
    """What is known of a file once it has been read."""

    encoding: str = ""
    activities: int = 0
    passed_over: int = 0
    goal_shares: int = 0


def read(data: Data, name: str = "") -> RawTable:
    """Read a file of activities; the row of each is the line on which its element begins.

    Of a file on disk the rows are made anew each time that one goes through them, so that they take no memory.

    Raises:
        InputError: when the file as a whole cannot be used: no IATI activities of a version that is read, a document
            type, not well formed, or an activity beyond all measure.
    """
    tally = _Tally()
    rows: list[RawRow] = []
    problems: list[Problem] = []
    count = 0
    for found in _again(data, name, tally):
        if isinstance(found, Problem):
            problems.append(found)
            continue
        count += 1
        if isinstance(data, bytes):
            rows.append(found)
    rejected = sum(problem.severity == "error" for problem in problems)
    lazy = Rows(lambda: (one for one in _again(data, name, _Tally()) if isinstance(one, RawRow)), count)
    kept = tuple(rows) if isinstance(data, bytes) else lazy
    return RawTable(tuple(map(str, Fields)), kept, "iati", tally.encoding, "", count + rejected, tuple(problems))


def _again(data: Data, name: str, tally: _Tally) -> Iterator[RawRow | Problem]:
    with source.stream(data) as file:
        yield from _stream(file, len(data), name, None, tally)


def stream(given: str | Path | BinaryIO, progress: Progress | None = None) -> Iterator[RawRow | Problem]:
    """Yield rows and problems as the file is read; a problem of severity "error" is one activity rejected.

    ``progress`` is called with bytes read and bytes in all (0: unknown).  A file that turns out to be broken gives its
    first rows before the error: use them only when the stream has come to its end.

    Raises:
        InputError: as ``read``.
    """
    if isinstance(given, str | Path):
        try:
            file = open(given, "rb")  # noqa: SIM115
        except OSError as error:
            raise InputError(f"{given} cannot be opened: {error.strerror}. Check the path.") from error
        with file:
            yield from stream(file, progress)
        return
    name = str(getattr(given, "name", "")).rpartition(os.sep)[2]
    yield from _stream(given, _size(given), name, progress, _Tally())


def _size(file: BinaryIO) -> int:
    try:
        return os.fstat(file.fileno()).st_size
    except OSError:
        return 0


def _stream(
    file: BinaryIO, size: int, name: str, progress: Progress | None, tally: _Tally
) -> Iterator[RawRow | Problem]:
    label = name or "The file"
    head, version = _head(file, label)
    tally.encoding = _encoding(head)
    if version not in VERSIONS:
        yield _unknown_version(version)
    for activity in _activities(head, file, size, label, progress, tally):
        tally.activities += 1
        line = _line(activity)
        ours = iati_activity.is_ours(activity)
        if ours is None:
            yield _no_country(line, activity)
        elif ours:
            found = iati_activity.read(activity, line)
            tally.goal_shares += found.goal_shares
            yield RawRow(line, found.cells)
            yield from found.problems
        else:
            tally.passed_over += 1
    yield from _told(tally)


def _head(file: BinaryIO, label: str) -> tuple[bytes, str]:
    """Return the bytes up to the root's tag, and the version that it names.

    Raises:
        InputError: when what begins there is no IATI activities file that is read.
    """
    prologue = _Prologue()
    parser = etree.XMLParser(target=prologue, **SAFE)
    head = b""
    try:
        while not prologue.root and len(head) < MOST_PROLOGUE:
            step = file.read(STEP)
            if not step:
                parser.close()
                break
            head += step
            parser.feed(step)
    except _DoctypeFound:
        raise InputError(
            f"{label} declares a document type (<!DOCTYPE …>), which may read other files and grow without end. "
            f"{ADVICE} Remove the declaration; an IATI file needs none."
        ) from None
    except etree.XMLSyntaxError as error:
        if not prologue.root:  # else it is told when the whole file is read, with the same words
            raise _broken(error, label, 0) from error
    _check_root(prologue.root, prologue.version, label)
    return head, (prologue.version or "").strip()


def _encoding(head: bytes) -> str:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    found = _ENCODING.match(head)
    return found.group(1).decode().lower() if found else "utf-8"


def _line(activity: Any) -> int:
    """Return the line of an activity's tag; past what a node holds, the parser gives that of the text inside it."""
    line: int = activity.sourceline or 0
    return line if line < SHORT_LINES else line - (activity.text or "").count("\n")


def _check_root(root: str, version: str | None, label: str) -> None:
    if root != ROOT:
        what = {
            "iati-organisations": "an IATI organisation file, which has no activities",
            ACTIVITY: f"one activity without the root {ROOT!r}, as before IATI 1.01",
        }.get(root, f"XML whose root is {shorten(root)!r}" if root else "no XML with a root")
        raise InputError(f"{label} is {what}. {ADVICE} Upload the publisher's activity file.")
    text = (version or "").strip()
    if not text or text.startswith(("0", "1")):
        got = f"IATI version {shorten(text)}" if text else "an IATI file that names no version, as before 1.01"
        raise InputError(
            f"{label} is {got}, whose codes and texts are written in another way. {ADVICE} "
            "Ask the publisher for the file in version 2.03."
        )


def _activities(
    head: bytes, file: BinaryIO, size: int, label: str, progress: Progress | None, tally: _Tally
) -> Iterator[Any]:
    """Yield the activities one by one; each is emptied when the next is asked for.

    Raises:
        InputError: when the file is not well formed, or one activity is beyond all measure.
    """
    parser = etree.XMLPullParser(events=("end",), tag=ACTIVITY, remove_comments=True, remove_pis=True, **SAFE)
    done, since, chunk, activity = 0, 0, head, None
    try:
        while chunk:
            parser.feed(chunk)
            done, since = done + len(chunk), since + len(chunk)
            for _event, activity in parser.read_events():
                root = activity.getparent()
                if root is None or root.getparent() is not None:
                    continue  # inside another activity, where it has no business
                since = 0
                yield activity
                _forget(activity, root)
            if since > MOST_ACTIVITY:
                raise _endless(label, activity)
            if progress:
                progress(done, size)
            chunk = file.read(CHUNK)
        parser.close()
    except etree.XMLSyntaxError as error:
        raise _broken(error, label, tally.activities) from error


def _forget(activity: Any, root: Any) -> None:
    """Free an activity and whatever stands before it."""
    activity.clear(keep_tail=False)
    while activity.getprevious() is not None:
        del root[0]


def _told(tally: _Tally) -> Iterator[Problem]:
    """Yield what is to be said of the file as a whole."""
    country = pack.settings()
    if tally.passed_over:
        yield Problem(
            "passed_over",
            0,
            "recipient-country",
            f"{tally.passed_over:,} of {tally.activities:,} activities",
            f"activities whose recipient country is {country.pcode}",
            "Nothing is to be done: activities of other countries alone are no rows of this map.",
        )
    if tally.goal_shares:
        yield Problem(
            "goal_shares",
            0,
            str(Fields.SDGS),
            f"percentages by goal in {tally.goal_shares:,} activities",
            "goals alone",
            "The goals are kept, their percentages are not: the map splits money over goals by methods that it names.",
        )


def _unknown_version(version: str) -> Problem:
    return Problem(
        "unknown_version",
        0,
        "version",
        version,
        f"one of {', '.join(VERSIONS)}",
        "It was read as 2.03; check what a newer version has changed, or correct the number.",
    )


def _no_country(line: int, activity: Any) -> Problem:
    return Problem(
        "no_country",
        line,
        "recipient-country",
        shorten((activity.findtext("iati-identifier") or "").strip()),
        "a recipient country or region, of the activity or of its transactions",
        f'Add <recipient-country code="{pack.settings().pcode}"/> if it is an activity here.',
        "error",
    )


def _endless(label: str, activity: Any) -> InputError:
    after = f" after the activity in line {activity.sourceline}" if activity is not None else ""
    return InputError(
        f"{label} has more than {MOST_ACTIVITY >> 20} MB{after} in which no activity ends. "
        "Expected shorter activities; split that one, or leave out its documents and results."
    )


def _broken(error: etree.XMLSyntaxError, label: str, before: int) -> InputError:
    line, column = error.position
    reason = shorten(str(error.msg or "it ends too early").split(", line ")[0], 120)
    return InputError(
        f"{label} is not well-formed XML: line {line}, column {column}: {reason}. "
        f"Expected a whole IATI file ({before:,} activities stand before that line); download or export it again."
    )
