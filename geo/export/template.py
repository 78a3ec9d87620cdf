"""Floor 7: the template that agencies fill in, as a workbook with lists to choose from or as CSV.

The columns are those of every export; three rows show how they are filled and are passed over when it is read back.
The same bytes each time.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from geo import checks_cells, codes, gazetteer, i18n, notation, pack, template
from geo.errors import InputError
from geo.export import content as content_of
from geo.export import package
from geo.fields import Fields, guard

SHEETS = ("Activities", "Notes", "Lists")
ROWS = 5_000  # below the header that have lists to choose from
BASES = ("stated", "inferred")
WIDE = {Fields.TITLE: 48, Fields.SUMMARY: 48, Fields.LOCATIONS: 34, Fields.SOURCE_TITLE: 30, Fields.SOURCE_URL: 30}
# Columns that hold one value: anything else than a choice of the list is refused as it is typed.
SINGLE = (Fields.STATUS, Fields.SCOPE_AS_PUBLISHED, Fields.BUDGET_BASIS)
HEAD_FILL, NEEDED_FILL = "#E7EDF2", "#F3DFA8"


def render(ending: str) -> bytes:
    """Return the template as ".xlsx" or ".csv".

    Raises:
        InputError: when the ending is neither.
    """
    made = {".xlsx": _workbook, ".csv": _csv}.get(ending.lower())
    if not made:
        raise InputError(f"Got a template as {ending!r}; expected .xlsx or .csv. Choose one of these.")
    return made()


def choices() -> dict[Fields, tuple[str, ...]]:
    """Return what may be chosen in a column; each is read back as what it says."""
    return {
        Fields.SDGS: tuple(f"{goal.number} {goal.name_en}" for goal in codes.goals()),
        Fields.SDG_BASIS: BASES,
        Fields.AGENCIES: tuple(agency.code for agency in codes.agencies()),
        Fields.LOCATIONS: tuple(map(_province, gazetteer.all_areas("adm1"))),
        Fields.SCOPE_AS_PUBLISHED: checks_cells.SCOPES,
        Fields.STATUS: tuple(status.name_en for status in codes.statuses()),
        Fields.BUDGET_BASIS: checks_cells.BUDGET_BASES,
        Fields.CURRENCY: tuple(notation.words()["currency"]),
    }


def _province(pcode: str) -> str:
    """Return a province's name, with the word where the name alone can mean another unit too."""
    name = gazetteer.names(pcode).name_en
    return name if gazetteer.match(name).areas == (pcode,) else f"{name} Province"


def _csv() -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(list(map(str, Fields)))
    writer.writerows([guard(row[column]) for column in Fields] for row in template.examples())
    return out.getvalue().encode("utf-8-sig")


def _workbook() -> bytes:
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    when = datetime.fromisoformat(pack.settings().data["date"])
    book.set_properties({"title": f"{pack.settings().name_en}: activities", "created": when})
    base = {"font_name": content_of.SCRIPT_FONT, "font_size": 10, "valign": "top", "num_format": "@"}
    formats = {
        "text": book.add_format(base),
        "wrap": book.add_format(base | {"text_wrap": True}),
        "head": book.add_format(base | {"bold": True, "bg_color": HEAD_FILL, "bottom": 1}),
        "needed": book.add_format(base | {"bold": True, "bg_color": NEEDED_FILL, "bottom": 1}),
        "example": book.add_format(base | {"italic": True, "font_color": "#5B5B57"}),
    }
    sheets = [book.add_worksheet(name) for name in SHEETS]
    _activities(sheets[0], formats)
    _notes(sheets[1], formats)
    _lists(sheets[2], formats)
    book.close()
    return package.settle(out.getvalue(), when)


def _activities(sheet: Any, formats: dict[str, Any]) -> None:
    """Write the header with its notes, the examples, and the lists to choose from."""
    for at, note in enumerate(template.notes()):
        sheet.set_column(at, at, WIDE.get(Fields(note.column), 18), formats["text"])
        sheet.write_string(0, at, note.column, formats["needed" if note.needed else "head"])
        text = f"{note.note_en}\n{note.note_lo}"
        sheet.write_comment(0, at, text, {"author": "", "x_scale": 2, "y_scale": 1.4, "font_name": "Arial"})
    for below, row in enumerate(template.examples(), start=1):
        for at, column in enumerate(Fields):
            sheet.write_string(below, at, row[column], formats["example"])
    for at, (column, listed) in enumerate(choices().items()):
        place, name = list(Fields).index(column), xl_col_to_name(at)
        source = f"={SHEETS[2]}!${name}$2:${name}${len(listed) + 1}"
        rule = {"validate": "list", "source": source, "show_error": column in SINGLE}
        rule |= {"error_title": str(column), "error_message": "Choose one of the list."} if column in SINGLE else {}
        sheet.data_validation(1, place, ROWS, place, rule)
    sheet.freeze_panes(1, 2)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.repeat_rows(0)


def _notes(sheet: Any, formats: dict[str, Any]) -> None:
    languages = (i18n.SOURCE_LANGUAGE, pack.settings().local_language)
    _table(sheet, 0, ("Column", "Needed", *map(i18n.own_name, languages)), formats["head"])
    for below, note in enumerate(template.notes(), start=1):
        cells = (note.column, "yes" if note.needed else "", note.note_en, note.note_lo)
        _table(sheet, below, cells, formats["wrap"])
    last = len(template.notes()) + 2
    told = (
        _("Rows whose id begins with EXAMPLE and that are left as they are do not count.")
        for _ in map(i18n.translator, languages)
    )
    _table(sheet, last, ("", "", *told), formats["wrap"])
    for at, wide in enumerate((26, 10, 70, 70)):
        sheet.set_column(at, at, wide)
    sheet.freeze_panes(1, 1)


def _lists(sheet: Any, formats: dict[str, Any]) -> None:
    for at, (column, listed) in enumerate(choices().items()):
        sheet.write_string(0, at, f"choices of {column}", formats["head"])
        for below, text in enumerate(listed, start=1):
            sheet.write_string(below, at, text, formats["text"])
    sheet.hide()


def _table(sheet: Any, row: int, cells: Sequence[str], style: Any) -> None:
    for at, text in enumerate(cells):
        sheet.write_string(row, at, text, style)
