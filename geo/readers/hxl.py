"""Floor 1: HXL (3W) by its tag row, of a CSV or of a workbook's sheet -> raw text cells.

A row of another country is no row of ours: it is passed over, and one problem says how many were.  Rows of one id that
differ in their areas are one activity in several areas, and are put together; rows read are activities after that, so
that accepted + rejected = rows read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from geo.errors import InputError, Problem
from geo.fields import Fields, unguard
from geo.readers import RawTable, delimited, hxl_rows, hxl_tags, workbook
from geo.readers.hxl_tags import Tag
from geo.readers.recognise import is_tag_row
from geo.readers.table import HEAD_ROWS, Record

# Columns that a 3W has for its own questions: without them it is no list of who does what where.
ASKED = (Fields.AGENCIES, Fields.SDGS, Fields.LOCATIONS)


@dataclass(frozen=True, slots=True)
class Tagged:
    """One column: its position, its hashtag, and the column of ours that it is ("" for one that is not read)."""

    position: int
    tag: Tag
    column: str


def read(data: bytes, name: str = "") -> RawTable:
    """Read delimited text with a tag row, or the first sheet of a workbook that has one.

    Raises:
        InputError: when the file is not text, has no tag row, or no hashtag of an activity's name.
    """
    if data.startswith(workbook.ZIP_MARKS):
        for sheet in workbook.sheets(data, name):
            if _tag_row(sheet.rows) is not None:
                return from_rows(sheet.rows, name, sheet=sheet.name)
        raise _no_tags(name)
    text, encoding = delimited.decode(data, name)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        records = [(number, [unguard(cell) for cell in cells]) for number, cells in enumerate(reader, 1)]
    except csv.Error as error:
        raise InputError(f"{name or 'The file'} cannot be read as delimited text: {error}. Save it again.") from error
    return from_rows(records, name, encoding)


def _delimiter(text: str) -> str:
    """Return the delimiter under which there is a row of hashtags; lists within cells may look like cells."""
    likely = delimited.delimiter_of(text[: delimited.SAMPLE])
    head = [line for line in text[: delimited.SAMPLE].splitlines() if line.strip()]

    def tags_at(sign: str) -> int:
        found = _tag_row(list(enumerate(csv.reader(head, delimiter=sign))))
        return len(head) if found is None else found

    return min((likely, *delimited.DELIMITERS), key=tags_at)


def from_rows(records: Sequence[Record], name: str = "", encoding: str = "", sheet: str = "") -> RawTable:
    """Read rows of text cells, the tag row among the first 25, whatever file they are from.

    Raises:
        InputError: when there is no tag row, or no hashtag of an activity's name.
    """
    filled = [(number, cells) for number, cells in records if any(cell.strip() for cell in cells)]
    at = _tag_row(filled)
    if at is None:
        raise _no_tags(name)
    row, cells = filled[at]
    columns = _columns(cells)
    found = {one.column for one in columns}
    if Fields.TITLE not in found:
        told = ", ".join(str(one.tag) for one in columns)
        raise InputError(
            f"{name or 'The file'} has no hashtag of an activity's name; it has {told}. "
            "Expected #activity+name, or #activity alone; tag that column and upload again."
        )
    lists = {one.position for one in columns if "list" in one.tag.attributes}
    made = hxl_rows.build(filled[at + 1 :], [(one.position, one.column) for one in columns if one.column], lists)
    unread = [one for one in columns if not one.column]
    problems = [*(_unread(one, row) for one in unread), *made.problems]
    known = [str(field) for field in Fields if field not in ASKED or field in found or field in made.filled]
    return RawTable(tuple(known), made.rows, "hxl", encoding, sheet, len(made.rows), tuple(problems))


def _tag_row(records: Sequence[Record]) -> int | None:
    """Return the position of the tag row; it must lie among the first rows of the sheet."""
    rows = (at for at, (_number, cells) in enumerate(records[:HEAD_ROWS]) if is_tag_row(cells))
    return next(rows, None)


def _columns(cells: Sequence[str]) -> list[Tagged]:
    parsed = [(position, hxl_tags.parse(cell)) for position, cell in enumerate(cells)]
    return [Tagged(position, tag, hxl_tags.column(tag)) for position, tag in parsed if tag]


def _no_tags(name: str) -> InputError:
    return InputError(
        f"{name or 'The file'} has no row of HXL hashtags among its first {HEAD_ROWS} rows. "
        "Expected one below the header, such as #activity+name, #org, #adm1+code; or upload it as plain CSV or XLSX."
    )


def _unread(column: Tagged, row: int) -> Problem:
    return Problem(
        "unknown_column",
        row,
        str(column.tag),
        str(column.tag),
        "a hashtag that the map has a column for",
        "Nothing is to be done, if the map need not show it; else tag it anew.",
    )
