"""Floor 7.6: the command that keeps a file as a version, as the page for uploads does, whatever the file's size."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from geo import i18n, intake, problem_words, store
from geo.cli_store import Job, who
from geo.dataset import EMBEDDED
from geo.errors import InputError
from geo.intake import Intake
from geo.store import ConflictError, Version

LARGE = 5_000_000  # bytes from which on each step is told as it begins


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV, XLSX, IATI, HXL, UN INFO or GeoJSON, of any size")
    parser.add_argument("--note", default="", metavar="TEXT", help="where the file comes from, what is in it")
    parser.add_argument("--author", default="", metavar="NAME", help="who brings it (default: your account here)")
    base = parser.add_mutually_exclusive_group()
    onto = "the version that it adds to, by number, or 'embedded' (default: what is shown now)"
    base.add_argument("--onto", default="", metavar="N", help=onto)
    base.add_argument("--whole", action="store_true", help="it is all there is; activities that it lacks are gone")
    parser.add_argument("--publish", action="store_true", help="show it to everybody at once")


def upload(arguments: argparse.Namespace) -> str:
    """Keep a file as a version, and with ``--publish`` show it; return what was read and its problems by kind.

    Raises:
        DecisionError: when the note or the name is not as the store takes it.
        InputError: when the file cannot be used as a whole, ``--onto`` is no number, or somebody published another
            version meanwhile; the upload is then kept all the same.
        StoreError: when the store cannot be written.
        UnknownCodeError: when there is no version ``--onto``.
    """
    kept, path, author = store.shared_store(), arguments.file, arguments.author or who()
    shown = kept.current_version()
    base = None if arguments.whole else _base(arguments.onto, shown)
    found = _read(path)
    _tell(path, f"{found.rows_read:,} rows read, saving")
    made = kept.add_version(_bytes(path), found, author, arguments.note, base=base)
    lines = [_counted(path, found), *_problems(found)]
    if arguments.publish:
        try:
            kept.publish(made.id, author, seen=shown.id if shown else None)
        except ConflictError as error:
            raise InputError(f"Version {made.id} is kept and not shown: {error}") from error
        return "\n".join([*lines, f"Version {made.id} is shown to everybody now."])
    told = f"Version {made.id} is kept. Everybody still sees the data as before; publish it on the page Versions."
    return "\n".join([*lines, told])


def _base(text: str, shown: Version | None) -> int:
    """Return the version that a file adds to, 0 for the embedded data.

    Raises:
        InputError: when the text is neither a number nor the name of the embedded data.
    """
    if not text:
        return shown.id if shown else 0
    if text != EMBEDDED and not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise InputError(f"--onto {text}: expected the number of a version, or '{EMBEDDED}'")
    return 0 if text == EMBEDDED else int(text)


def _read(path: Path) -> Intake:
    if path.is_file():
        _tell(path, f"{i18n.size(path.stat().st_size, i18n.SOURCE_LANGUAGE)}, reading")
    return intake.read_file(path)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be opened: {error.strerror}. Check the path.") from error


def _tell(path: Path, step: str) -> None:
    """Say on the way how far it is, of a file that takes its time."""
    if path.stat().st_size >= LARGE:
        print(f"{path.name}: {step} …", file=sys.stderr, flush=True)


def _counted(path: Path, found: Intake) -> str:
    what = ", ".join(filter(None, (found.kind, found.encoding, found.sheet)))
    counts = f"{found.rows_read} rows read = {len(found.activities)} accepted + {found.rejected} rejected"
    return f"{path}: {counts} ({what})"


def _problems(found: Intake) -> list[str]:
    """Return the kinds of problems with their numbers, the most frequent first."""
    kinds = Counter(problem.kind for problem in found.problems)
    return [
        f"  {count:>5}  {problem_words.problem_kind(kind, i18n.SOURCE_LANGUAGE)}" for kind, count in kinds.most_common()
    ]


JOB = Job("upload", "keep a file as a version, of any size; --publish shows it", _options, upload)
