"""Floor 1: exports of UN INFO, as a workbook or delimited text, by their headings -> raw text cells.

UN INFO states three amounts of a sub-output: required, available and spent.  They are of different kinds and are never
mixed: the budget of every row is the first of the three that the file has, and the table says which.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from geo.errors import Problem
from geo.fields import Fields
from geo.fold import fold
from geo.readers import RawRow, RawTable, columns, delimited, workbook
from geo.readers.table import Record, each

KIND = "uninfo"
BASES = ("required", "available", "expenditure")  # of a budget, the one that is taken first
BASIS = "stated total"
FRAMEWORK = ("outcome", "output", "priority")  # what stands above an activity: understood, and not ours to keep
ENOUGH = 2  # headings that only UN INFO writes
header = partial(columns.header, kind=KIND)

Change = Callable[[dict[str, str]], dict[str, str]]


def read(data: bytes, name: str, sheet: str = "") -> RawTable:
    """Read an export; agencies, donors, partners and places stay as they are spelled.

    Raises:
        InputError: when the file cannot be read as a table.
    """
    if data.startswith(workbook.ZIP_MARKS):
        table = workbook.read(data, name, sheet, header, KIND)
    else:
        table = delimited.read(data, name, header, KIND)
    table = columns.understand(table, kind=KIND)
    for convert in (_identified, _costed, _framed):
        table = convert(table)
    return table


def recognised(records: Sequence[Record]) -> bool:
    """Tell whether the header among the first rows of a table is one that UN INFO writes."""
    if not records:
        return False
    cells = records[header(records)][1]
    theirs = {columns.meaning(cell, KIND) for cell in cells if not columns.meaning(cell)} - {""}
    return len(theirs) >= ENOUGH and str(Fields.ACTIVITY_ID) not in map(str.strip, cells)


def _changed(table: RawTable, names: Sequence[str], change: Change, *problems: Problem) -> RawTable:
    """Return the table with its cells changed, under the columns ``names``."""
    shown = dict(zip(table.columns, table.headings or table.columns, strict=True))
    return replace(
        table,
        columns=tuple(names),
        headings=tuple(shown.get(name, name) for name in names),
        rows=each(table.rows, lambda row: RawRow(row.row, change(row.cells))),
        problems=(*table.problems, *problems),
    )


def _identified(table: RawTable) -> RawTable:
    """Give each row an id where the file has none: a sum of what names the row, the same in every export."""
    column, title = str(Fields.ACTIVITY_ID), str(Fields.TITLE)
    if column in table.columns or title not in table.columns:
        return table
    naming = [name for name in (*FRAMEWORK, title, str(Fields.AGENCIES)) if name in table.columns]

    def change(cells: dict[str, str]) -> dict[str, str]:
        text = "\n".join(fold(cells[name]) for name in naming)
        made = f"uninfo-{hashlib.sha256(text.encode()).hexdigest()[:12]}" if cells[title].strip() else ""
        return {column: made, **cells}

    fix = "Ids were made of title, agencies and framework; add a column of ids if titles may change."
    problem = Problem("made_id", 0, column, "", "a column of ids", fix)
    return _changed(table, (column, *table.columns), change, problem)


def _costed(table: RawTable) -> RawTable:
    """Take one of the three amounts as the budget, the same for all rows."""
    there = [name for name in BASES if name in table.columns]
    if not there:
        return table
    kept = [name for name in table.columns if name not in there]
    budget, basis = str(Fields.BUDGET_USD), str(Fields.BUDGET_BASIS)
    if budget in table.columns:
        return _changed(table, kept, lambda cells: {name: cells[name] for name in kept})
    shown = dict(zip(table.columns, table.headings or table.columns, strict=True))
    chosen = there[0]

    def change(cells: dict[str, str]) -> dict[str, str]:
        amount = cells[chosen].strip()
        return {name: cells[name] for name in kept} | {budget: amount, basis: BASIS if amount else ""}

    names = [*(name for name in kept if name != basis), budget, basis]
    fix = "The budget is this column; the other amounts of the file are not used."
    problem = Problem("chosen_basis", 0, budget, shown[chosen], "one amount as the budget", fix)
    made = _changed(table, names, change, problem)
    headings = tuple(shown[chosen] if name == budget else shown.get(name, name) for name in names)
    return replace(made, headings=headings)


def _framed(table: RawTable) -> RawTable:
    """Leave out what stands above an activity in the framework."""
    kept = [name for name in table.columns if name not in FRAMEWORK]
    return _changed(table, kept, lambda cells: {name: cells.get(name, "") for name in kept})
