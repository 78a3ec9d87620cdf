"""Floor 1: what the headings of a table mean.

A heading is understood when it is a column of the template in any case and spacing, or a spelling that
``codes/column_aliases.csv`` gives to one column.  What is not understood stays as it is, with the nearest columns as
candidates; a person maps it (``remap``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from rapidfuzz import fuzz, process

from geo import pack
from geo.errors import InputError, PackError, Problem
from geo.fields import COMPUTED, Fields
from geo.fold import squeeze
from geo.readers import RawRow, RawTable
from geo.readers.table import Record, each

NEAR = 72  # of 100, below which two headings share hardly more than letters
NEAREST = 3


@cache
def known(kind: str = "template") -> Mapping[str, str]:
    """Return the column by folded heading: the template's own, and the spellings of ``kind`` on top; not to be changed.

    Raises:
        PackError: when one spelling of a kind stands for two columns.
    """
    own = {squeeze(str(column)): str(column) for column in (*Fields, *COMPUTED)}
    found: dict[str, str] = dict(known()) if kind != "template" else {}
    given: dict[str, str] = {}
    for row in pack.rows("codes/column_aliases.csv"):
        if row["kind"] != kind:
            continue
        for heading in row["headings"].split("|"):
            if given.setdefault(squeeze(heading), row["field"]) != row["field"]:
                raise PackError(
                    f"codes/column_aliases.csv gives {heading!r} to both {given[squeeze(heading)]} and {row['field']}. "
                    "Leave it to one."
                )
    return found | given | own


def meaning(heading: str, kind: str = "template") -> str:
    """Return the column that a heading means, or "" when it is not understood."""
    return known(kind).get(squeeze(heading), "")


def nearest(heading: str, kind: str = "template") -> tuple[str, ...]:
    """Return up to three columns with a spelling like ``heading``, the nearest first; candidates, no answer."""
    table = known(kind)
    hits = process.extract(squeeze(heading), list(table), scorer=fuzz.ratio, score_cutoff=NEAR, limit=10)
    return tuple(dict.fromkeys(table[spelling] for spelling, _score, _at in hits))[:NEAREST]


def header(records: Sequence[Record], kind: str = "template") -> int:
    """Return the position of the header among the first rows: the one of most understood headings.

    Rows above it (a title, the date of an export) are passed over.  Where no row has two, it is the first.
    """
    counts = [understood(cells, kind) for _row, cells in records]
    most = max(counts, default=0)
    return counts.index(most) if most > 1 else 0


def understood(cells: Sequence[str], kind: str = "template") -> int:
    """Return how many columns the cells of a row would name."""
    return len({found for cell in cells if (found := meaning(cell, kind))})


def understand(table: RawTable, mapping: Mapping[str, str] | None = None, kind: str = "template") -> RawTable:
    """Return the table by the template's columns: as a person mapped its headings, else as they are understood.

    Where two headings mean one column and neither is the column's own name, neither is taken.  A person may name a
    heading as the file spells it, or as its reader has understood it.

    Raises:
        InputError: when the mapping names a column that there is not, or gives one to two headings.
    """
    shown = zip(table.columns, table.headings or table.columns, strict=True)
    said = mapping or {}
    plan = {column: said.get(column, said.get(heading, "")) for column, heading in shown if {column, heading} & {*said}}
    free = [heading for heading in table.columns if heading not in plan]
    meant = {heading: meaning(heading, kind) for heading in free}
    claims = Counter(meant.values())
    taken = {*plan.values(), *free}
    plan |= {heading: field for heading, field in meant.items() if field and claims[field] == 1 and field not in taken}
    return remap(table, plan)


def remap(table: RawTable, mapping: Mapping[str, str]) -> RawTable:
    """Return the table with columns renamed by ``mapping``, heading to column; "" leaves a column out.

    Headings that the table lacks are passed over, so that one mapping serves all files of an agency.  ``headings`` of
    the result are those of the file.

    Raises:
        InputError: when a name is no column of the template, or two headings are mapped to one.
    """
    usual = {*map(str, Fields), *COMPUTED, *known("uninfo").values()}
    names = {heading: mapping.get(heading, heading) for heading in table.columns}
    if wrong := [name for heading, name in names.items() if heading in mapping and name and name not in usual]:
        raise InputError(
            f"A column is mapped to {wrong[0]!r}; expected one of {', '.join(map(str, Fields))}. Choose one of these."
        )
    counts = Counter(name for name in names.values() if name)
    if twice := [name for name, count in counts.items() if count > 1]:
        rivals = ", ".join(repr(heading) for heading, name in names.items() if name == twice[0])
        raise InputError(f"{rivals} are all mapped to {twice[0]!r}; expected one. Leave the others unused.")
    if all(heading == name for heading, name in names.items()):
        return replace(table, headings=table.headings or table.columns)
    kept = [(heading, name) for heading, name in names.items() if name]
    shown = dict(zip(table.columns, table.headings or table.columns, strict=True))
    return replace(
        table,
        columns=tuple(name for _heading, name in kept),
        headings=tuple(shown[heading] for heading, _name in kept),
        rows=each(table.rows, lambda row: _renamed(row, kept)),
    )


def _renamed(row: RawRow, kept: Sequence[tuple[str, str]]) -> RawRow:
    return RawRow(row.row, {name: row.cells[heading] for heading, name in kept if heading in row.cells})


def problems(table: RawTable, kind: str = "template") -> list[Problem]:
    """Return a problem for each column that is none of the template, with the columns that it may mean."""
    usual = {*map(str, Fields), *COMPUTED}
    found = []
    for column in table.columns:
        if column in usual:
            continue
        if field := meaning(column, kind):
            expected, fix = f"one column for {field}", f"Say which column is {field}; this one is not used."
            found.append(Problem("ambiguous_column", table.header, column, column, expected, fix, candidates=(field,)))
            continue
        near = tuple(name for name in nearest(column, kind) if name in usual and name not in table.columns)
        fix = "Map it to one or rename it; as it stands it is not used."
        found.append(
            Problem("unknown_column", table.header, column, column, "a column of the template", fix, candidates=near)
        )
    return found
