"""Floor 7: plain tables as a workbook or as CSV; every text is written as text, so that none runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import xlsxwriter

from geo.errors import InputError
from geo.export import content, package
from geo.fields import guard

CELL = 32_767  # letters that a cell holds
HEAD_FILL = "#E7EDF2"
NAME = 31  # letters of a sheet's name
_BARRED = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its name, a line above it ("" for none), its head, its rows, and the columns' widths in letters."""

    name: str
    note: str
    head: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]
    widths: tuple[int, ...]


def workbook(sheets: Iterable[Sheet], title: str, day: str) -> bytes:
    """Return tables as an XLSX file; ``day`` (ISO 8601) is what its metadata bear.  Same tables, same bytes.

    Raises:
        InputError: when the day is none.
    """
    try:
        when = datetime.fromisoformat(day[:10]).replace(tzinfo=UTC)
    except ValueError as error:
        raise InputError(f"Got the day {day!r}; expected one such as 2026-11-23.") from error
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": title[:250], "created": when.replace(tzinfo=None)})
    base = {"font_name": content.SCRIPT_FONT, "font_size": 10, "valign": "top", "text_wrap": True}
    text = book.add_format(base)
    head = book.add_format(base | {"bold": True, "bg_color": HEAD_FILL, "bottom": 1})
    note = book.add_format({"font_name": content.SCRIPT_FONT, "font_size": 10, "italic": True})
    for one in sheets:
        sheet = book.add_worksheet(one.name.translate(_BARRED)[:NAME])
        top = 2 if one.note else 0
        if one.note:
            sheet.write_string(0, 0, _whole(one.note), note)
        for at, (name, width) in enumerate(zip(one.head, one.widths, strict=True)):
            sheet.set_column(at, at, width, text)
            sheet.write_string(top, at, _whole(name), head)
        for below, row in enumerate(one.rows, top + 1):
            for at, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(below, at, value, text)
                elif value:
                    sheet.write_string(below, at, _whole(value), text)
        sheet.freeze_panes(top + 1, 1)
        sheet.autofilter(top, 0, top + max(len(one.rows), 1), len(one.head) - 1)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(top)
    book.close()
    return package.settle(out.getvalue(), when)


def _whole(text: str) -> str:
    """Return what a cell can hold of a text: no half letters, at most ``CELL`` letters."""
    return text.encode("utf-8", "replace").decode("utf-8")[:CELL]


def as_csv(head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    """Return a table as CSV with a byte order mark; a cell that a spreadsheet would run is guarded."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guard(name) for name in head])
    writer.writerows([guard(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")
