"""Floor 1: workbooks (XLSX) -> raw text cells with their sheet and row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from geo import codes
from geo.errors import InputError, Problem
from geo.fields import Fields
from geo.readers import RawTable, columns, confined, table
from geo.readers.table import Header, Record

SECONDS, BYTES_A_SECOND = 8, 1 << 21  # of CPU: those of a small file, and those that a large one has on top
ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")  # what a workbook, an archive, begins with


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its filled rows, why they are not there, and the places of cells that hold an error.

    ``short`` are row and column, from 0, of numbers that end in .1, which may have been typed with a zero behind.
    """

    name: str
    visible: bool
    rows: tuple[Record, ...]
    note: str = ""
    errors: tuple[str, ...] = ()
    short: tuple[tuple[int, int], ...] = ()


def read(data: bytes, name: str, sheet: str = "", header: Header = columns.header, kind: str = "xlsx") -> RawTable:
    """Read one sheet of a workbook: ``sheet``, or the one whose header is understood best, which the result names.

    Raises:
        InputError: when the workbook is hostile, damaged or empty, or has no such sheet.
    """
    found = sheets(data, name)
    chosen = pick(found, name, sheet, header)
    if chosen.note:
        raise InputError(
            f"{name}, sheet {chosen.name!r} reaches over {chosen.note}, more than a sheet may. "
            "Delete what stands outside the table, or save the sheet as CSV."
        )
    rows = _with_zeros(chosen, header, kind)
    made = table.build(lambda: rows, kind, "", name, sheet=chosen.name, header=header)
    errors = (_error(place) for place in chosen.errors)
    return replace(made, sheets=tuple(one.name for one in found), problems=(*made.problems, *errors))


def _with_zeros(sheet: Sheet, header: Header, kind: str) -> tuple[Record, ...]:
    """Return the rows with both targets that a number can mean: a spreadsheet makes 16.1 of 16.10 as it is typed."""
    if not sheet.short:
        return sheet.rows
    at = header(sheet.rows[: table.HEAD_ROWS])
    meant = [columns.meaning(title, kind) for title in sheet.rows[at][1]]
    aims = {place for place, column in enumerate(meant) if column in (Fields.SDGS, Fields.SDG_TARGETS)}
    changed: dict[int, list[str]] = {}
    cells = dict(sheet.rows)
    for row, column in sheet.short:
        if column in aims and codes.is_target(f"{cells[row][column]}0"):
            changed.setdefault(row, list(cells[row]))[column] = f"{cells[row][column]} or {cells[row][column]}0"
    return tuple((row, changed.get(row, found)) for row, found in sheet.rows)


def pick(found: tuple[Sheet, ...], name: str, sheet: str = "", header: Header = columns.header) -> Sheet:
    """Return the sheet of that name, else the one whose header names most columns; the first where none does.

    Raises:
        InputError: when there is no such sheet.
    """
    if sheet:
        named = [one for one in found if one.name == sheet]
        if not named:
            got = ", ".join(repr(one.name) for one in found)
            raise InputError(f"{name} has no sheet {sheet!r}; it has {got}. Choose one of these.")
        return named[0]
    ranked = sorted(found, key=lambda one: (not one.visible, -_understood(one, header), not (one.rows or one.note)))
    if not ranked or not (ranked[0].rows or ranked[0].note):
        raise InputError(f"{name} is empty. Expected a header row and one row for each activity.")
    return ranked[0]


@lru_cache(maxsize=1)
def sheets(data: bytes, name: str) -> tuple[Sheet, ...]:
    """Return every sheet of a workbook; read in a child process, and kept until ``sheets.cache_clear()``.

    Raises:
        InputError: when the workbook is hostile or damaged, or takes more than a file may.
    """
    found: list[Sheet] = []
    rows: list[Record] = []
    short: list[tuple[int, int]] = []
    limits = confined.Limits(seconds=SECONDS + len(data) // BYTES_A_SECOND)
    for item in confined.run("geo.readers.workbook_child:cells", data, name, name=name, limits=limits):
        if isinstance(item[0], int):
            rows.append((item[0], item[1]))
            short.extend((item[0], column) for column in item[2])
            continue
        if found:
            found[-1] = replace(found[-1], rows=tuple(rows), short=tuple(short))
        rows, short = [], []
        found.append(Sheet(item[0], item[1], (), item[2], tuple(item[3])))
    if found:
        found[-1] = replace(found[-1], rows=tuple(rows), short=tuple(short))
    return tuple(found)


def _understood(sheet: Sheet, header: Header) -> int:
    head = sheet.rows[: table.HEAD_ROWS]
    return columns.understood(head[header(head)][1]) if head else 0


def _error(place: str) -> Problem:
    row = int("".join(filter(str.isdecimal, place)))
    letters = "".join(filter(str.isalpha, place))
    fix = "Correct the formula; the cell is read as empty."
    return Problem("formula_error", row, "", f"an error in column {letters}", "a value", fix)
