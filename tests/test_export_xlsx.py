"""The workbook: texts that never run, figures of the view, totals that are formulas and come to what they say."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import openpyxl
import pytest

from geo import library, tables
from geo.export import csvfile, xlsx
from geo.fields import COMPUTED, Fields
from geo.filters import Filters
from tests.support_export import FORMULA, HOSTILE, PLACES, VIEWS, fresh, hostile

DATA = library.embedded()


def opened(data: bytes, *, values: bool) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


def column(sheet: Any, letter: str, first: int, last: int) -> list[Any]:
    return [sheet[f"{letter}{row}"].value for row in range(first, last + 1)]


def computed(book: Any, formula: str) -> Any:
    """Work one of our formulas out: SUM, COUNTIF, COUNTA, IF of two equal cells, or a sum of cells."""
    sheet = book["Figures"]

    def cell(name: str) -> Any:
        value = sheet[name].value
        return computed(book, value) if isinstance(value, str) and value.startswith("=") else value

    if found := re.fullmatch(r"=SUM\(([A-Z])(\d+):\1(\d+)\)", formula):
        cells = (cell(f"{found[1]}{row}") for row in range(int(found[2]), int(found[3]) + 1))
        return sum(value for value in cells if isinstance(value, int | float))
    if found := re.fullmatch(r'=COUNTIF\(Activities!\$([A-Z]+)\$2:\$\1\$(\d+),"(\w+)"\)', formula):
        return column(book["Activities"], found[1], 2, int(found[2])).count(found[3])
    if found := re.fullmatch(r"=COUNTA\(Activities!\$A\$2:\$A\$(\d+)\)", formula):
        return sum(value is not None for value in column(book["Activities"], "A", 2, int(found[1])))
    if found := re.fullmatch(r'=IF\((D\d+)=(D\d+),"(.*?)","(.*?)"\)', formula):
        return found[3] if cell(found[1]) == cell(found[2]) else found[4]
    found = re.fullmatch(r"=(D\d+)-(D\d+)\+(\d+)", formula)
    assert found, formula
    return cell(found[1]) - cell(found[2]) + int(found[3])


@pytest.mark.parametrize("found", VIEWS, ids=str)
def test_formulas_come_to_the_values_beside_them_and_to_the_summary(found: Filters) -> None:
    data = xlsx.render(DATA, found)
    with_formulas, with_values = opened(data, values=False), opened(data, values=True)
    figures, mask = tables.summarise(DATA, found)
    sheet = with_values["Figures"]
    size = len(figures.area.pcodes)
    assert column(sheet, "A", 2, size + 1) == list(figures.area.pcodes)
    assert column(sheet, "D", 2, size + 1) == [int(count) for count in figures.area.activities]
    sums = column(sheet, "D", size + 3, size + 6)
    assert sums == [figures.located, figures.nationwide, figures.unlocated, int(mask.sum())]
    formulas = [cell for row in with_formulas["Figures"] for cell in row if cell.data_type == "f"]
    assert len(formulas) == 10
    for cell in formulas:
        value = sheet[cell.coordinate].value
        expected = computed(with_formulas, cell.value)
        assert value == (pytest.approx(expected) if isinstance(expected, float) else expected), cell.coordinate


@pytest.mark.parametrize("found", VIEWS, ids=str)
def test_the_activities_are_those_of_the_csv(found: Filters) -> None:
    sheet = opened(xlsx.render(DATA, found), values=True)["Activities"]
    names = [cell.value for cell in sheet[1]]
    assert names == [*map(str, Fields), *COMPUTED]
    lines = csvfile.activities(DATA, found).decode("utf-8-sig").count("\r\n") - 1
    assert sheet.max_row == lines + 1
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref.startswith("A1:")


def test_texts_never_run() -> None:
    book = opened(xlsx.render(hostile(), Filters(), title=FORMULA), values=False)
    sheet = book["Activities"]
    kinds = {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None}
    assert kinds <= {"s", "n"}
    titles = column(sheet, "B", 2, 8)
    assert titles[:5] == [HOSTILE, FORMULA, "+1+1|cmd", "@SUM(A1)", "-2"]
    assert not sheet._hyperlinks
    assert book["About"]["A1"].value == FORMULA
    assert book["About"]["A1"].data_type == "s"


def test_the_about_sheet_names_the_view() -> None:
    found = Filters(sdg=("6",), area=("LA17",), lang="en")
    sheet = opened(xlsx.render(DATA, found), values=True)["About"]
    told = {row[0].value: row[1].value for row in sheet.iter_rows(min_row=3)}
    assert told["Data digest"] == DATA.digest
    assert told["Link of the view"] == "?lang=en&sdg=6&area=LA17"
    assert "Attapeu" in told["Selection"]
    assert told["Status of this file"] == "DRAFT, NOT CLEARED"
    assert "imply official endorsement" in told["Disclaimer"]


def test_numbers_are_numbers_and_properties_are_set() -> None:
    data = xlsx.render(DATA, Filters())
    sheet = opened(data, values=True)["Activities"]
    names = [cell.value for cell in sheet[1]]
    budgets = [row[names.index("budget_usd")].value for row in sheet.iter_rows(min_row=2)]
    assert [value for value in budgets if value is not None]
    assert all(value is None or isinstance(value, int | float) for value in budgets)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.read("docProps/core.xml").decode().count("2026-11-23T00:00:00Z") == 2
        assert DATA.digest in archive.read("docProps/custom.xml").decode()


def test_the_last_sheet_tells_what_the_columns_mean() -> None:
    book = opened(xlsx.render(DATA, Filters()), values=False)
    head = [cell.value for cell in next(book["Activities"].iter_rows(max_row=1))]
    rows = list(book["Columns"].iter_rows(values_only=True))
    assert [row[1] for row in rows[1:]] == head
    assert all(row[4] and row[5] for row in rows)


def test_two_processes_give_the_same_bytes() -> None:
    assert fresh("xlsx", **PLACES[0]) == fresh("xlsx", **PLACES[1])
