"""Floor 1: what a person mended in a file, cell by cell, laid over the file as it came.

The file itself is never changed: its bytes are kept as they were uploaded and the repairs beside them, so that both
what was sent and what was made of it can be shown at any time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from geo.errors import InputError
from geo.fields import LISTS, Fields
from geo.readers import RawRow, RawTable
from geo.readers.table import each

MOST = 100_000  # repairs of one file; more would be a program's work, not a person's
MAX_TEXT = 20_000  # characters of a repair; ``geo.checks`` takes no longer cell
_JOINTS = re.compile(r"[;\n]")


@dataclass(frozen=True, slots=True, order=True)
class Repair:
    """In this row and column ``before`` becomes ``after``.

    ``before`` is the whole cell, one item of a list, or a part of the text; "" adds to a list or fills an empty cell.
    ``after`` "" leaves the value out.  ``row`` counts as in ``geo.errors.Problem``.
    """

    row: int
    column: str
    before: str
    after: str


def apply(table: RawTable, repairs: Sequence[Repair]) -> tuple[RawTable, tuple[Repair, ...]]:
    """Return the table with the repairs made, and those that found nothing to mend.

    A column that only a repair fills is added, so that a currency can be told from an amount such as ``₭25,000``.
    """
    if not repairs:
        return table, ()
    by_row: dict[int, list[Repair]] = {}
    for repair in repairs:
        by_row.setdefault(repair.row, []).append(repair)
    used: set[Repair] = set()
    for row in table.rows:
        if row.row in by_row:
            _mended(row, by_row[row.row], used)
    rows = each(table.rows, lambda row: _mended(row, by_row[row.row], set()) if row.row in by_row else row)
    added = tuple(sorted({repair.column for repair in used} - set(table.columns)))
    mended = replace(table, columns=(*table.columns, *added), headings=(*table.headings, *added), rows=rows)
    return mended, tuple(one for one in repairs if one not in used)


def _mended(row: RawRow, repairs: Iterable[Repair], used: set[Repair]) -> RawRow:
    cells = dict(row.cells)
    for repair in repairs:
        old = cells.get(repair.column, "")
        new = mend(old, repair)
        if new is not None:
            cells[repair.column] = new
            used.add(repair)
    return RawRow(row.row, cells)


def mend(cell: str, repair: Repair) -> str | None:
    """Return a cell after a repair, or None where the repair's ``before`` is not in it."""
    listed = repair.column in LISTS
    if cell.strip() == repair.before.strip():
        return repair.after
    if not repair.before:
        return f"{cell};{repair.after}" if listed and repair.after else None
    if listed:
        items = [item.strip() for item in _JOINTS.split(cell)]
        same = [_alike(item, repair) for item in items]
        if any(same):
            kept = (repair.after if hit else item for item, hit in zip(items, same, strict=True))
            return ";".join(item for item in kept if item)
    return cell.replace(repair.before, repair.after, 1).strip() if repair.before in cell else None


def _alike(item: str, repair: Repair) -> bool:
    """Tell whether an item is what a repair mends; positions are compared as numbers, however they are written."""
    if item == repair.before or repair.column != Fields.POINTS:
        return item == repair.before
    left, right = (text.replace(",", " ").split() for text in (item, repair.before))
    try:
        return list(map(float, left)) == list(map(float, right))
    except ValueError:
        return False


def to_json(repairs: Iterable[Repair]) -> list[list[Any]]:
    """Return repairs as plain JSON values, in the order in which they are made."""
    return [[one.row, one.column, one.before, one.after] for one in repairs]


def from_json(values: Any) -> tuple[Repair, ...]:
    """Return repairs that ``to_json`` wrote.

    Raises:
        InputError: when the values are none, too many or too long.
    """
    try:
        found = tuple(Repair(int(row), str(column), str(old), str(new)) for row, column, old, new in values)
    except (TypeError, ValueError) as error:
        raise InputError("Got repairs that cannot be read; expected lists of row, column, before and after.") from error
    if len(found) > MOST or any(len(one.after) > MAX_TEXT for one in found):
        raise InputError(
            f"Got {len(found):,} repairs; expected at most {MOST:,} of at most {MAX_TEXT:,} characters. "
            "Mend the file itself and upload it again."
        )
    return found
