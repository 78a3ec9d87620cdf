"""The template: everything that it offers is read back as what it says, and its examples are never activities."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from geo import checks_cells, codes, gazetteer, intake, notation, template
from geo.cli import main
from geo.errors import InputError
from geo.export import template as made
from geo.fields import Fields


@pytest.fixture(scope="module")
def workbook() -> bytes:
    return made.render(".xlsx")


def test_it_is_the_same_each_time(workbook):
    assert made.render(".xlsx") == workbook
    assert made.render(".CSV") == made.render(".csv")
    with pytest.raises(InputError, match=r"expected \.xlsx or \.csv"):
        made.render(".ods")


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_its_examples_are_passed_over_and_said(ending):
    found = intake.read(made.render(ending), f"lao_activities{ending}")
    assert (found.rows_read, found.rejected, found.activities) == (0, 0, ())
    assert [(problem.kind, problem.row) for problem in found.problems] == [("example_row", row) for row in (2, 3, 4)]
    assert found.columns == tuple(map(str, Fields))


def test_an_example_with_a_title_of_its_own_is_an_activity_and_has_no_problem():
    rows = [{**row, "title": f"Our {at}"} for at, row in enumerate(template.examples())]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(map(str, Fields)))
    writer.writeheader()
    writer.writerows(rows)
    found = intake.read(out.getvalue().encode(), "a.csv")
    assert len(found.activities) == found.rows_read == len(rows) == 3
    # A budget in kip is right, and is always said to stand outside the totals.
    assert [problem.kind for problem in found.problems] == ["other_currency"]
    assert all(activity.goals and activity.agencies for activity in found.activities)


def test_every_choice_is_read_as_what_it_says():
    offered = made.choices()
    goals = [checks_cells.goals(text).value.goals for text in offered[Fields.SDGS]]
    assert goals == [(goal.number,) for goal in codes.goals()]
    assert [checks_cells.status(text).value for text in offered[Fields.STATUS]] == [
        one.code for one in codes.statuses()
    ]
    for text in offered[Fields.AGENCIES]:
        assert checks_cells.agencies(text) == checks_cells.Cell((text,))
    areas = [gazetteer.match(text).areas for text in offered[Fields.LOCATIONS]]
    assert areas == [(pcode,) for pcode in gazetteer.all_areas("adm1")]
    for text in offered[Fields.CURRENCY]:
        assert notation.amount(f"{text} 5").value.currency == text
    for column, read in ((Fields.SCOPE_AS_PUBLISHED, checks_cells.scope), (Fields.BUDGET_BASIS, checks_cells.basis)):
        assert [read(text) for text in offered[column]] == [checks_cells.Cell(text) for text in offered[column]]


def test_the_workbook_has_lists_notes_in_both_languages_and_a_frozen_header(workbook):
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    sheet = book["Activities"]
    assert [cell.value for cell in sheet[1]] == list(map(str, Fields))
    assert sheet.freeze_panes == "C2"
    lists = {str(one.sqref).split(":")[0]: one.formula1 for one in sheet.data_validations.dataValidation}
    offered = made.choices()
    for column, texts in offered.items():
        cell = sheet.cell(2, list(Fields).index(column) + 1).coordinate
        name, _, span = lists[cell].removeprefix("=").partition("!")
        first, last = span.replace("$", "").split(":")
        assert [row[0].value for row in book[name][first:last]] == list(texts)
    assert book["Lists"].sheet_state == "hidden"
    notes = {row[0].value: row for row in book["Notes"].iter_rows(min_row=2)}
    for note in template.notes():
        assert (notes[note.column][2].value, notes[note.column][3].value) == (note.note_en, note.note_lo)
        assert any("\u0e80" <= letter <= "\u0eff" for letter in note.note_lo), note.column
        assert note.note_en in sheet.cell(1, list(Fields).index(note.column) + 1).comment.text
    needed = {note.column for note in template.notes() if note.needed}
    assert needed == {"activity_id", "title"}


def test_the_command_writes_it(tmp_path, capsys, workbook):
    path = tmp_path / "lao_activities.xlsx"
    assert main(["template", "-o", str(path)]) == 0
    assert path.read_bytes() == workbook
    assert main(["template", "-o", str(tmp_path / "no" / "a.xlsx")]) == 2
    assert "cannot be written" in capsys.readouterr().err
