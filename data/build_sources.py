"""Keep ``data/SOURCES.csv``, the register of the data files: SHA-256, source, licence, date and note of each.

    python data/build_sources.py            refreshes the hashes; the other columns stay as they are
    python data/build_sources.py --check    changes nothing; exits with 1 when a file or a row differs

A new file gets a row whose source and licence a person fills in; what this project wrote itself is filled in already.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import sys
from collections.abc import Mapping
from pathlib import Path

DATA = Path(__file__).resolve().parent
REGISTER = "SOURCES.csv"
COLUMNS = ("file", "sha256", "source", "licence", "date", "note")
NEEDED = ("source", "licence", "date")
NOT_DATA = frozenset({".py", ".pyc", ".mo"})
OURS = ("i18n/", "typst/")  # folders that hold nothing but our own work
OWN = {"source": "this project", "licence": "Apache-2.0", "date": "2026-11-23", "note": ""}

Row = dict[str, str]


def files(folder: Path) -> list[str]:
    """Return the data files below ``folder``, sorted, by their path in it; hidden ones and scripts are none."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and path.suffix not in NOT_DATA)
    shown = (path.as_posix() for path in found if not any(part.startswith(".") for part in path.parts))
    return sorted(name for name in shown if name != REGISTER)


def read(folder: Path) -> dict[str, Row]:
    """Return the rows of the register by file; none when there is no register yet."""
    path = folder / REGISTER
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as handle:
        return {row["file"]: row for row in csv.DictReader(handle)}


def digest(path: Path) -> str:
    """Return the SHA-256 of the file, in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fresh(folder: Path, old: Mapping[str, Row]) -> list[Row]:
    """Return the register as it ought to be: a row a file, with its hash now and what ``old`` says about it."""
    rows = []
    for name in files(folder):
        blank = OWN if name.startswith(OURS) else dict.fromkeys(COLUMNS, "")
        known = {column: old.get(name, blank).get(column) or "" for column in COLUMNS}
        rows.append(known | {"file": name, "sha256": digest(folder / name)})
    return rows


def differences(folder: Path) -> list[str]:
    """Return what is wrong with the register, a line each: got, expected, next step; none when it is right."""
    old = read(folder)
    new = {row["file"]: row for row in fresh(folder, old)}
    refresh = "Run: python data/build_sources.py"
    lines = [f"{name}: a row and no file; expected both. {refresh}" for name in old if name not in new]
    for name, row in new.items():
        if name not in old:
            lines.append(f"{name}: a file and no row; expected both. {refresh} and fill in its source.")
        elif old[name]["sha256"] != row["sha256"]:
            lines.append(
                f"{name}: got SHA-256 {row['sha256'][:12]}...; expected {old[name]['sha256'][:12]}.... {refresh}"
            )
    return lines + unfilled(list(new.values()))


def unfilled(rows: list[Row]) -> list[str]:
    """Return a line for each row that lacks its source, licence or date."""
    return [
        f"{row['file']}: no {', '.join(lacking)}; expected each. Fill it in in data/{REGISTER}."
        for row in rows
        if (lacking := [column for column in NEEDED if not row[column].strip()])
    ]


def encode(rows: list[Row]) -> str:
    """Return the register as CSV text."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def main(arguments: list[str] | None = None, folder: Path = DATA) -> int:
    """Refresh or check the register of ``folder``; return the exit code."""
    parser = argparse.ArgumentParser(description="Refresh the hashes in data/SOURCES.csv.")
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 when something differs")
    if parser.parse_args(arguments).check:
        lines = differences(folder)
    else:
        rows = fresh(folder, read(folder))
        (folder / REGISTER).write_text(encode(rows), encoding="utf-8", newline="")
        lines = unfilled(rows)
    for line in lines:
        print(line, file=sys.stderr)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
