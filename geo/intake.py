"""Floor 2.2: bytes -> ``Intake``: the good activities, every problem, and the digest of what was read."""

from __future__ import annotations

import hashlib
import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from geo import checks, positions, repairs, template
from geo.cycles import without_cycles
from geo.errors import InputError, Problem
from geo.fields import OPTIONAL, Activity, Fields
from geo.place_problems import capital_problems, place_problems
from geo.readers import RawRow, RawTable, columns, recognise
from geo.readers.source import FileBytes
from geo.repairs import Repair

PART_ROWS = 50_000  # of a large file that are in memory as activities at a time


@dataclass(frozen=True, slots=True)
class Intake:
    """What one file gave.  ``len(activities) + rejected == rows_read``; ``digest`` is the file's SHA-256 in hex.

    ``columns`` are the columns as they were understood, ``headings`` the same as the file spells them; a heading that
    was not understood stands in both.  ``sheets`` are those that may be chosen, ``sheet`` is the one that was read.
    ``mapping`` and ``repairs`` are what a person added to the file; ``unused`` are repairs that found nothing to mend.
    """

    activities: tuple[Activity, ...]
    problems: tuple[Problem, ...]
    rows_read: int
    rejected: int
    digest: str
    name: str
    kind: str
    encoding: str
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    mapping: tuple[tuple[str, str], ...] = ()
    repairs: tuple[Repair, ...] = ()
    unused: tuple[Repair, ...] = ()
    several: Sequence[tuple[str, str]] = ()

    @property
    def came_from(self) -> Sequence[tuple[str, str]]:
        """The file and sheet of each activity: this file's, or those of ``several`` that stand as one."""
        return self.several or ((self.name, self.sheet),) * len(self.activities)

    @property
    def state(self) -> str:
        """The SHA-256 of all that makes these activities: the file's own, or of the file with what was said of it."""
        if not self.mapping and not self.repairs and (not self.sheet or self.sheet in self.sheets[:1]):
            return self.digest
        said = (self.digest, self.kind, self.sheet, self.mapping, repairs.to_json(self.repairs))
        return hashlib.sha256(repr(said).encode()).hexdigest()


def read(
    data: bytes,
    name: str,
    kind: str = "",
    mapping: Mapping[str, str] | None = None,
    mended: Sequence[Repair] = (),
    *,
    sheet: str = "",
) -> Intake:
    """Read a file of activities; one bad row never costs a good one.

    What the file is, its content tells; ``kind`` (a key of ``recognise.READERS``) overrules it.  ``mapping`` says for
    headings of the file which column each is, "" for one that is not to be used; ``mended`` are a person's repairs,
    made before the checks; ``sheet`` is the sheet to read.

    Raises:
        InputError: when the file as a whole cannot be used (of no kind that is read, no header, no id or title column).
    """
    return examine(raw(data, name, kind, sheet), hashlib.sha256(data).hexdigest(), name, mapping, mended)


def read_file(path: Path, kind: str = "") -> Intake:
    """Read a file of activities from disk; delimited text a piece at a time, whatever its size.

    Raises:
        InputError: when it cannot be opened, or as ``read``.
    """
    data = FileBytes(path)
    if (kind or recognise.recognise(data, path.name)) == "csv":
        return examine(recognise.read_csv(data, path.name), data.digest(), path.name)
    return read(data[:], path.name, kind)


def parts(path: Path, most: int = PART_ROWS) -> Iterator[Intake]:
    """Yield a file from disk in parts of ``most`` rows at the most, one at least.

    Together they are what ``read_file`` gives: an id is repeated where any row before has it, and a problem comes with
    the rows that it stands among, those of the file as a whole with the first.

    Raises:
        InputError: as ``read_file``, before the first part.
    """
    data = FileBytes(path)
    table = columns.understand(recognise.read_file(data, path.name))
    told = sort([*table.problems, *_column_problems(table, path.name)])
    digest, left, first_row = data.digest(), table.rows_read, dict[str, int]()
    rows, number = iter(table.rows), max(1, math.ceil(len(table.rows) / most))
    for at in range(1, number + 1):
        batch = tuple(islice(rows, most))
        cut = len(told) if at == number else bisect_right(told, batch[-1].row, key=lambda one: one.row)
        here, told = told[:cut], told[cut:]
        count = left if at == number else len(batch) + sum(one.severity == "error" for one in here)
        left -= count
        part = replace(table, rows=batch, rows_read=count)
        yield _examined(part, here, first_row, Source(digest, path.name))


def raw(data: bytes, name: str, kind: str = "", sheet: str = "") -> RawTable:
    """Return the cells of a file under its own headings, for a look at its columns.

    Raises:
        InputError: when it is of no kind that is read, or its reader cannot use it.
    """
    return recognise.read(data, name, kind, sheet)


def examine(
    table: RawTable, digest: str, name: str, mapping: Mapping[str, str] | None = None, mended: Sequence[Repair] = ()
) -> Intake:
    """Return what the rows of a table give, after a person's mapping and repairs; ``digest`` is that of its bytes.

    Raises:
        InputError: when a column is missing without which there is no activity, or the mapping cannot be used.
    """
    table, unused = repairs.apply(columns.understand(table, mapping), mended)
    told = [*table.problems, *_column_problems(table, name)]
    source = Source(digest, name, tuple(sorted((mapping or {}).items())), tuple(mended), unused)
    return _examined(table, told, {}, source)


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from, and what a person added: as in ``Intake``."""

    digest: str
    name: str
    mapping: tuple[tuple[str, str], ...] = ()
    repairs: tuple[Repair, ...] = ()
    unused: tuple[Repair, ...] = ()


def _examined(table: RawTable, told: Sequence[Problem], first_row: dict[str, int], source: Source) -> Intake:
    """Return what the rows of a table give; ``first_row`` has the ids of rows before, and gets those of these."""
    problems = list(told)
    with without_cycles(len(table.rows)):
        activities, examples = _activities(table.rows, problems, first_row)
        problems = [
            *positions.recognise_swapped(problems),
            *place_problems(activities),
            *capital_problems(activities),
            *positions.problems(activities),
        ]
    return Intake(
        activities=tuple(activities),
        problems=tuple(replace(problem, file=source.name, sheet=table.sheet) for problem in sort(problems)),
        rows_read=table.rows_read - examples,
        rejected=table.rows_read - examples - len(activities),
        digest=source.digest,
        name=source.name,
        kind=table.kind,
        encoding=table.encoding,
        sheet=table.sheet,
        sheets=table.sheets,
        columns=table.columns,
        headings=table.headings,
        mapping=source.mapping,
        repairs=source.repairs,
        unused=source.unused,
    )


def _activities(
    rows: Iterable[RawRow], problems: list[Problem], first_row: dict[str, int]
) -> tuple[list[Activity], int]:
    """Return the activities of rows and how many examples of the template are among them; adds to the other two."""
    activities: list[Activity] = []
    examples = 0
    for row in rows:
        if template.is_example(row.cells):
            examples += 1
            problems.append(_example(row))
            continue
        activity, found = checks.check_row(row.row, row.cells)
        problems.extend(found)
        if activity is None:
            continue
        if activity.activity_id in first_row:
            problems.append(_duplicate(activity, first_row[activity.activity_id]))
            continue
        first_row[activity.activity_id] = activity.row
        activities.append(activity)
    return activities, examples


def sort(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems in the order of their rows; within a row in the order of the template's columns."""
    order = {str(column): index for index, column in enumerate(Fields)}
    return sorted(problems, key=lambda problem: (problem.row, order.get(problem.column, -1)))


def _example(raw: RawRow) -> Problem:
    expected, fix = "an activity of yours", "It is an example of the template and does not count; delete the row."
    return Problem("example_row", raw.row, str(Fields.ACTIVITY_ID), raw.cells[Fields.ACTIVITY_ID], expected, fix)


def _duplicate(activity: Activity, first: int) -> Problem:
    return Problem(
        "duplicate_id",
        activity.row,
        str(Fields.ACTIVITY_ID),
        activity.activity_id,
        f"an id of its own (row {first} has the same)",
        "Give the row another id, or remove it; the first row was kept.",
        "error",
    )


def _column_problems(table: RawTable, name: str) -> list[Problem]:
    """Return problems of missing and unknown columns.

    Raises:
        InputError: when a required column is missing.
    """
    missing = [str(column) for column in Fields if column not in table.columns]
    fatal = [column for column in missing if column in checks.REQUIRED]
    if fatal:
        raise InputError(
            f"{name} has no column {' and no column '.join(map(repr, fatal))}; "
            f"got {', '.join(table.columns) or 'none'}. "
            "Expected the columns of the template; map or rename the column and upload again. The old data stays."
        )
    problems = [
        Problem(
            "missing_column", table.header, column, "", f"a column {column!r}", "Add the column, or go on without it."
        )
        for column in missing
        if column not in OPTIONAL
    ]
    return [*problems, *columns.problems(table)]
