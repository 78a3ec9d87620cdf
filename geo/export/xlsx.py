"""Floor 7: a view as a workbook: its activities, its figures with totals that are formulas, and what it is.

Every text is written as a text cell, so that none runs as a formula.  Same view, same bytes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from geo import i18n, words
from geo.dataset import Dataset
from geo.export import content as content_of
from geo.export import csvfile, dictionary, package
from geo.export.content import Content, Figure, line, shorten
from geo.fields import COMPUTED, Fields, unguard
from geo.filters import Filters

CELL = 32_767  # letters that a cell holds
SHEETS = ("Activities", "Figures", "About", "Columns")
WIDE = {Fields.TITLE: 48, Fields.SUMMARY: 60, Fields.LOCATIONS: 30, Fields.SOURCE_TITLE: 34, Fields.SOURCE_URL: 34}
NUMBERS = (Fields.BUDGET_USD, Fields.PEOPLE_REACHED)
HEAD_FILL, SUM_FILL = "#E7EDF2", "#F6F3EA"


@dataclass(frozen=True, slots=True)
class _Book:
    """The workbook with its formats."""

    book: Any
    formats: dict[str, Any]


def render(dataset: Dataset, filters: Filters, *, title: str = "", draft: bool = True) -> bytes:
    """Return a view as an XLSX file.

    Raises:
        InputError: when the data's date is none.
    """
    return workbook(content_of.build(dataset, filters, title=title, draft=draft))


def workbook(content: Content) -> bytes:
    """Return the workbook of a view's content."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    when = content.when.replace(tzinfo=None)
    about = {"title": content.spec.title, "subject": content.spec.subtitle, "author": content.view.software}
    book.set_properties({name: shorten(line(text), 250) for name, text in about.items()} | {"created": when})
    for name, value in content_of.properties(content):
        book.set_custom_property(name, value, "text")
    made = _Book(book, _formats(book))
    count = _activities(made, content)
    _figures(made, content, count)
    _about(made, content)
    _dictionary(made, content)
    book.close()
    return package.settle(out.getvalue(), content.when)


def _formats(book: Any) -> dict[str, Any]:
    base = {"font_name": content_of.SCRIPT_FONT, "font_size": 10, "valign": "top"}
    head = base | {"bold": True, "bg_color": HEAD_FILL, "bottom": 1, "text_wrap": True}
    total = base | {"bold": True, "bg_color": SUM_FILL}
    kinds = {
        "text": base,
        "wrap": base | {"text_wrap": True},
        "number": base | {"num_format": "#,##0"},
        "money": base | {"num_format": "#,##0.00"},
        "head": head,
        "total": total,
        "total number": total | {"num_format": "#,##0"},
        "total money": total | {"num_format": "#,##0.00"},
        "title": base | {"bold": True, "font_size": 14},
        "note": base | {"italic": True, "font_color": "#5B5B57", "text_wrap": True},
    }
    return {name: book.add_format(kind) for name, kind in kinds.items()}


def _text(sheet: Any, row: int, column: int, text: str, style: Any) -> None:
    if text:
        sheet.write_string(row, column, _whole(text)[:CELL], style)
    else:
        sheet.write_blank(row, column, None, style)


def _whole(text: str) -> str:
    """Return ``text`` without halves of a letter, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


# ---- activities


def _activities(made: _Book, content: Content) -> int:
    """Write the template's columns and what the rule made of each activity; return how many there are."""
    sheet = made.book.add_worksheet(SHEETS[0])
    columns = [*map(str, Fields), *COMPUTED]
    styles = made.formats
    for at, name in enumerate(columns):
        _text(sheet, 0, at, name, styles["head"])
        sheet.set_column(at, at, WIDE.get(name, 16), styles["text"])  # type: ignore[call-overload]
    rows = _rows(content)
    for below, cells in enumerate(rows, 1):
        for at, name in enumerate(columns):
            if name in NUMBERS and cells[name]:
                sheet.write_number(
                    below, at, float(Decimal(cells[name])), styles["money" if "budget" in name else "number"]
                )
            else:
                _text(sheet, below, at, cells[name], styles["text"])
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    _print(sheet, content, landscape=True)
    return len(rows)


def _rows(content: Content) -> list[dict[str, str]]:
    """Return the cells of the CSV of the same view as they were before they were guarded: here they are text anyway."""
    text = csvfile.activities(content.dataset, content.filters).decode("utf-8-sig")
    return [
        {name: unguard(cell) for name, cell in row.items()} for row in csv.DictReader(io.StringIO(text, newline=""))
    ]


# ---- figures


def _figures(made: _Book, content: Content, count: int) -> None:
    """Write a row for each area, and below them the rows that add up to all activities, as formulas."""
    _ = i18n.translator(content.filters.lang)
    sheet, styles = made.book.add_worksheet(SHEETS[1]), made.formats
    heads = (
        _("P-code"),
        _("Area, English"),
        _("Area, local name"),
        _("Activities"),
        _("Agencies"),
        _("People reached"),
        _("Budget, low (USD)"),
        _("Budget, high (USD)"),
        content.spec.legend_title,
    )
    for at, (text, wide) in enumerate(zip(heads, (10, 30, 30, 12, 12, 16, 20, 20, 26), strict=True)):
        sheet.set_column(at, at, wide, styles["text"])
        _text(sheet, 0, at, text, styles["head"])
    shown = {area.pcode: area.value_text for area in content.spec.areas}
    for below, row in enumerate(content.areas, 1):
        _row(sheet, below, row, styles, "")
        _text(sheet, below, 8, shown.get(row.key, ""), styles["text"])
    last = len(content.areas) + 1
    _sums(sheet, made, content, last, count)
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, len(content.areas), len(heads) - 1)
    _print(sheet, content, landscape=True)


def _row(sheet: Any, at: int, row: Figure, styles: dict[str, Any], kind: str) -> None:
    _text(sheet, at, 0, row.key if not kind else "", styles[kind or "text"])
    _text(sheet, at, 1, row.name_en, styles[kind or "text"])
    _text(sheet, at, 2, row.name_lo, styles[kind or "text"])
    number, money = styles[f"{kind} number".strip()], styles[f"{kind} money".strip()]
    for column, value in ((3, row.activities), (4, row.agencies), (5, row.people)):
        if value is None:
            _text(sheet, at, column, "–", number)
        else:
            sheet.write_number(at, column, value, number)
    for column, cents in ((6, row.low), (7, row.high)):
        if row.budgets:
            sheet.write_number(at, column, cents / 100, money)
        else:
            _text(sheet, at, column, "–", money)


def _sums(sheet: Any, made: _Book, content: Content, last: int, count: int) -> None:
    """Write the totals: each names how it comes about, and a cell says whether all adds up."""
    _ = i18n.translator(content.filters.lang)
    styles = made.formats
    placed = sum(row.activities for row in content.areas)
    scope = xl_col_to_name([*map(str, Fields), *COMPUTED].index(_scope_column(content)))
    rows = max(count, 1) + 1
    for below, row in enumerate(content.scopes, last + 1):
        _row(sheet, below, row, styles, "total")
        formula = f'=COUNTIF({SHEETS[0]}!${scope}$2:${scope}${rows},"{row.key}")'
        sheet.write_formula(below, 3, formula, styles["total number"], row.activities)
    total = last + 1 + len(content.scopes)
    _row(sheet, total, content.total, styles, "total")
    first = last + 2  # as a spreadsheet counts rows
    sheet.write_formula(total, 3, f"=SUM(D{first}:D{total})", styles["total number"], content.total.activities)
    for column, value in ((6, content.total.low), (7, content.total.high)):
        name = xl_col_to_name(column)
        sheet.write_formula(total, column, f"=SUM({name}{first}:{name}{total})", styles["total money"], value / 100)
    checks = (
        (_("Sum of the areas' rows"), f"=SUM(D2:D{last})", placed),
        (_("of it counted once more in another area"), f"=D{total + 3}-D{first}+{content.outside}", content.repeats),
        (_("Activities on the first sheet"), f"=COUNTA({SHEETS[0]}!$A$2:$A${rows})", count),
    )
    for below, (text, formula, value) in enumerate(checks, total + 2):
        _text(sheet, below, 1, text, styles["text"])
        sheet.write_formula(below, 3, formula, styles["number"], value)
    end = total + 2 + len(checks)
    yes, no = (text.replace('"', "'") for text in (_("adds up"), _("does not add up")))
    _text(sheet, end, 1, _("All activities are in the figures"), styles["text"])
    answer = yes if content.total.activities == count else no
    sheet.write_formula(end, 3, f'=IF(D{total + 1}=D{end},"{yes}","{no}")', styles["text"], answer)
    notes = [*content.spec.notes, content_of.check_line(content)]
    for below, note in enumerate(dict.fromkeys(notes), end + 2):
        sheet.merge_range(below, 1, below, 7, "", styles["note"])
        _text(sheet, below, 1, note, styles["note"])
        sheet.set_row(below, 28)


def _scope_column(content: Content) -> str:
    return "registered_scope" if content.filters.view == "registered" else "scope"


# ---- about


def _about(made: _Book, content: Content) -> None:
    sheet, styles = made.book.add_worksheet(SHEETS[2]), made.formats
    sheet.set_column(0, 0, 26, styles["text"])
    sheet.set_column(1, 1, 100, styles["wrap"])
    _text(sheet, 0, 0, content.spec.title, styles["title"])
    for below, (name, text) in enumerate(_told(content), 2):
        _text(sheet, below, 0, name, styles["head"])
        _text(sheet, below, 1, text, styles["wrap"])
    _print(sheet, content, landscape=False)


def _dictionary(made: _Book, content: Content) -> None:
    """Write what each column of the first sheet means."""
    sheet, styles = made.book.add_worksheet(SHEETS[3]), made.formats
    shown = [*map(str, Fields), *COMPUTED]
    rows = [one for one in dictionary.rows("activities") if one["column"] in shown]
    for at, (name, wide) in enumerate(zip(rows[0], (12, 24, 20, 30, 60, 60, 28), strict=True)):
        sheet.set_column(at, at, wide, styles["wrap"])
        _text(sheet, 0, at, name, styles["head"])
        for below, row in enumerate(rows, 1):
            _text(sheet, below, at, row[name], styles["wrap"])
    sheet.freeze_panes(1, 2)
    _print(sheet, content, landscape=True)


def _told(content: Content) -> Iterator[tuple[str, str]]:
    spec, language = content.spec, content.filters.lang
    _ = i18n.translator(language)
    yield _("Selection"), words.selection(content.filters) or _("all activities")
    yield _("View"), words.view_name(content.filters)
    if spec.draft:
        yield _("Status of this file"), _("DRAFT, NOT CLEARED")
    yield _("Figures"), f"{_adds_up(content)} {content_of.check_line(content)}"
    yield _("Nationwide work"), spec.nationwide_text
    yield _("Unlocated work"), spec.unlocated_text or _("none")
    yield _("Budget basis"), _(content.filters.basis)
    yield _("Link of the view"), content.link
    yield _("Date of the data"), i18n.date(content.view.published, language)
    yield _("Data digest"), content.view.digest
    yield _("Version of the rule"), content.view.rule
    yield _("Boundaries"), content.view.boundaries
    yield _("Source"), spec.source
    yield _("Software"), content.view.software
    yield _("Disclaimer"), spec.disclaimer
    for at, note in enumerate(spec.notes, 1):
        yield _("Note {number}").format(number=at), note


def _adds_up(content: Content) -> str:
    _ = i18n.translator(content.filters.lang)
    located, nationwide, unlocated = (row.activities for row in content.scopes)
    text = _("{total} activities = {located} in provinces + {nationwide} nationwide + {unlocated} unlocated")
    return (
        text.format(total=content.total.activities, located=located, nationwide=nationwide, unlocated=unlocated) + "."
    )


def _print(sheet: Any, content: Content, *, landscape: bool) -> None:
    """Set the sheet for paper: A4, one page wide, its first row on each page, source and page in the foot."""
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer(f"&L&8{_footer(content.spec.source)}&R&8&P / &N")


def _footer(text: str) -> str:
    """Return a text for the foot, where an ampersand begins a command."""
    return shorten(line(text).replace("&", "&&"), 200)
