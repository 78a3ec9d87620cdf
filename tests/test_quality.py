"""What an agency could mend: nothing missing is passed over, nothing is made up, and what is pasted comes back."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pypdf
import pytest
from hypothesis import given, settings
from lxml import etree

from geo import cli, dataset, gazetteer, intake, library, quality, store
from geo.dataset import Dataset, Places
from geo.errors import InputError, UnknownCodeError
from geo.export import problems as problem_files
from geo.export import quality as files
from geo.export import uninfo
from geo.fields import Activity, PartialDate
from geo.money import Money
from geo.scope import as_registered
from tests.support_data import datasets

DATA = library.embedded()
WHOLE = Activity(
    "whole",
    "Wells in Attapeu",
    goals=(6,),
    goal_basis="stated",
    agencies=("WFP",),
    donors=("Japan",),
    places=("Attapeu Province",),
    scope_as_published="subnational",
    status="2",
    start=PartialDate.parse("2024"),
    end=PartialDate.parse("2026"),
    budget=Money(Decimal(1000)),
    row=2,
)


def found(*activities: Activity, agency: str = "") -> list[tuple[str, str]]:
    """Return the kinds that are found with the ids."""
    data = dataset.build(activities, digest="test", published="2026-11-23")
    return [(fix.kind, fix.activity_id) for fix in quality.fix_list(data, agency)]


def test_what_is_whole_needs_nothing() -> None:
    assert found(WHOLE) == []


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"places": (), "scope_as_published": "", "title": "Wells"}, "no_place"),
        ({"places": ("Attapeu Province", "Qwertzuiop")}, "unknown_place"),
        ({"places": ("Attapeu Province", "Xaysetha District")}, None),
        ({"places": ("Xaysetha",)}, "ambiguous_place"),
        ({"start": None, "end": None}, "no_dates"),
        ({"end": None}, "half_dated"),
        ({"budget": None}, "no_budget"),
        ({"goals": ()}, "no_goal"),
        ({"goal_basis": "inferred"}, "goals_inferred"),
        ({"agencies": ()}, "no_agency"),
        ({"donors": ()}, "no_donor"),
        ({"status": ""}, "no_status"),
    ],
)
def test_each_thing_that_is_missing_is_found(change: dict[str, object], kind: str | None) -> None:
    kinds = [one for one, _id in found(replace(WHOLE, **change))]  # type: ignore[arg-type]
    assert (kind in kinds) if kind else (kinds == [])


def test_what_the_rule_moves_is_proposed_with_its_evidence() -> None:
    one = replace(WHOLE, title="Nationwide programme in all provinces of the country", places=("Vientiane Capital",))
    data = dataset.build([replace(one, scope_as_published="")], digest="test", published="2026-11-23")
    (fix,) = (fix for fix in quality.fix_list(data) if fix.kind == "stands_elsewhere")
    assert (fix.present, fix.proposal) == ("Vientiane Capital", "nationwide")
    assert data.corrected.decisions[0].reason in fix.evidence
    assert "“Nationwide”" in fix.evidence


def test_a_value_that_was_left_out_is_listed_by_its_row() -> None:
    data = b"activity_id,title,sdgs,start_date\na,Wells,19,03/04/2024\nb,Roads,6,2024\n"
    kept = library.from_intake(intake.read(data, "f.csv"))
    fixes = [fix for fix in quality.fix_list(kept) if fix.kind == "left_out"]
    assert [(fix.activity_id, fix.row, fix.column, fix.present) for fix in fixes] == [
        ("a", 2, "sdgs", "19"),
        ("a", 2, "start_date", "03/04/2024"),
    ]
    assert all(fix.proposal == "" for fix in fixes)  # two answers, or none, are no proposal


def csv_of(*rows: str) -> bytes:
    return "\n".join(("activity_id,title,sdgs,start_date", *rows)).encode()


def workbook_of(sheet: str, *rows: tuple[str, ...]) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in (("activity_id", "title", "sdgs", "start_date"), *rows):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def several() -> Dataset:
    """Return three files, two of one name: row 2 of each has an activity, and row 2 of the first alone a problem."""
    stacked = (
        intake.read(csv_of("a,Wells,19,2024", "b,Roads,6,2024"), "plans.csv"),
        intake.read(csv_of("c,Schools,4,2024", "b,Roads anew,99,2024"), "plans.csv"),
        intake.read(workbook_of("Plans", ("d", "Seeds", "2", "2024"), ("e", "Maps", "17", "03/04/2024")), "own.xlsx"),
    )
    return library.stacked(stacked)


def test_a_finding_names_its_file_and_takes_no_other_files_problems() -> None:
    data = several()
    left_out = [fix for fix in quality.fix_list(data) if fix.kind == "left_out"]
    assert {(fix.activity_id, fix.file, fix.sheet, fix.row, fix.present) for fix in left_out} == {
        ("a", "plans.csv", "", 2, "19"),
        ("b", "plans.csv (2)", "", 3, "99"),
        ("e", "own.xlsx", "Plans", 3, "03/04/2024"),
    }
    assert data.files == {"plans.csv", "plans.csv (2)", "own.xlsx"}
    problems = {(problem.file, problem.row) for problem in data.problems if problem.row > 1}
    assert problems == {(fix.file, fix.row) for fix in left_out}


def test_the_files_name_the_file_of_each_row() -> None:
    data = several()
    sheet = openpyxl.load_workbook(io.BytesIO(files.render(data))).worksheets[0]
    rows = [row for row in sheet.iter_rows(values_only=True) if any(row)]
    at = next(number for number, row in enumerate(rows) if row[:4] == ("Kind", "File", "Sheet", "Row"))
    places = {(row[1], row[2] or "", int(row[3])) for row in rows[at + 1 :]}
    assert places == {("plans.csv", "", 2), ("plans.csv (2)", "", 2), ("plans.csv (2)", "", 3)} | {
        ("own.xlsx", "Plans", 2), ("own.xlsx", "Plans", 3),
    }  # fmt: skip
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(files.render(data, kind="pdf"))).pages)
    for name in ("plans.csv", "plans.csv (2)", "own.xlsx, Plans"):
        assert name.replace(" ", "") in "".join(text.split())


@settings(max_examples=30, deadline=None)
@given(datasets())
def test_the_order_is_that_of_the_kinds_and_the_agencies_add_up(data: Dataset) -> None:
    every = quality.fix_list(data)
    order = [quality.KINDS.index(fix.kind) for fix in every]
    assert order == sorted(order)
    assert sum(quality.counts(every).values()) == len(every)
    for agency in data.agencies.names:
        theirs = {one.activity_id for one in data.activities if agency in one.agencies}
        assert quality.fix_list(data, agency) == tuple(fix for fix in every if fix.activity_id in theirs)
    cents = {one.activity_id: int(data.cents[row]) for row, one in enumerate(data.activities)}
    for kind in quality.counts(every):
        amounts = [cents[fix.activity_id] for fix in every if fix.kind == kind]
        assert amounts == sorted(amounts, reverse=True)


def test_an_unknown_agency_is_said() -> None:
    with pytest.raises(UnknownCodeError, match="WFQ"):
        quality.fix_list(DATA, "WFQ")


@pytest.mark.parametrize("language", ["en", "lo"])
@pytest.mark.parametrize("kind", files.KINDS)
def test_the_files_are_the_same_each_time_and_hold_each_finding(kind: str, language: str) -> None:
    made = files.render(DATA, "UNICEF", kind, language)
    assert made == files.render(DATA, "UNICEF", kind, language)
    fixes = quality.fix_list(DATA, "UNICEF", language)
    if kind == "pdf":
        text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages)
        assert str(len(fixes)) in text
        return
    book = openpyxl.load_workbook(io.BytesIO(made))
    rows = list(book.worksheets[0].iter_rows(min_row=4, values_only=True))
    assert [(row[3], row[4], row[6], row[8] or "") for row in rows] == [
        (fix.row, fix.activity_id, fix.column, fix.proposal) for fix in fixes
    ]
    for _id, _title, fragment in book["IATI"].iter_rows(min_row=4, values_only=True):
        etree.fromstring(f"<iati-activity>{fragment}</iati-activity>")


def test_the_fields_of_un_info_come_back_as_the_map_has_them() -> None:
    """The correction's round trip: what an agency pastes is read as the corrected place, and stays there."""
    fixed = [row for row, one in enumerate(DATA.corrected.decisions) if one.scope != "unlocated"]
    book = io.StringIO(newline="")
    writer = csv.writer(book)
    writer.writerow(uninfo.headings())
    writer.writerows(uninfo.fields(DATA, row) for row in fixed)
    back = intake.read(book.getvalue().encode(), "export.csv")
    assert back.kind == "uninfo"
    assert len(back.activities) == len(fixed)
    for row, activity in zip(fixed, back.activities, strict=True):
        was, now = DATA.corrected.decisions[row], as_registered(activity)
        assert (now.scope, now.areas) == (was.scope, was.areas), activity
        assert (activity.goals, activity.agencies) == (DATA.activities[row].goals, DATA.activities[row].agencies)


def test_no_proposal_runs_as_a_formula() -> None:
    hostile = replace(WHOLE, activity_id="=1+1", title="=HYPERLINK(1)", places=("=cmd|x",), donors=())
    data = dataset.build([hostile], digest="test", published="2026-11-23")
    archive = zipfile.ZipFile(io.BytesIO(files.render(data)))
    sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
    assert sheets
    assert not any(b"<f>" in sheet for sheet in sheets)


def test_the_list_to_send_back_has_every_problem_and_no_formula() -> None:
    data = b"activity_id,title,sdgs\n=1+1,Wells,=cmd\n=1+1,Wells,19\n"
    read = intake.read(data, "f.csv")
    text = problem_files.render(read.problems, "csv", "en").decode("utf-8-sig")
    assert text.count("\r\n") == len(read.problems) + 1
    assert not any(cell.startswith("=") for cell in text.replace('"', "").replace("\r\n", ",").split(","))
    book = openpyxl.load_workbook(io.BytesIO(problem_files.render(read.problems, "xlsx", "en")))
    assert [row[5] or "" for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)] == [
        problem.value for problem in read.problems
    ]


def test_the_command_writes_what_it_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "q.xlsx"
    assert cli.main(["quality", "--data", str(store.embedded_file()), "--agency", "wfp", "-o", str(path)]) == 0
    said = capsys.readouterr().out
    assert f"{len(quality.fix_list(DATA, 'WFP'))} findings" in said
    assert path.read_bytes() == files.render(DATA, "WFP", "xlsx")
    assert cli.main(["quality", "-o", str(tmp_path / "q.txt")]) == 2
    assert "ends in .xlsx or .pdf" in capsys.readouterr().err


def test_a_kind_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="Got the kind 'odt'"):
        files.render(DATA, "", "odt")


def test_the_decisions_of_people_are_what_is_proposed() -> None:
    row = next(at for at, one in enumerate(DATA.corrected.decisions) if one.scope == "nationwide")
    decided = list(DATA.corrected.decisions)
    decided[row] = replace(decided[row], scope="subnational", areas=("LA17",), confidence="high")
    data = replace(DATA, corrected=Places.of(decided))
    key = data.activities[row].activity_id
    registered = data.registered.decisions[row]
    proposals = {
        fix.proposal for fix in quality.fix_list(data) if fix.kind == "stands_elsewhere" and fix.activity_id == key
    }
    assert proposals == ({f"{gazetteer.names('LA17').name_en} (LA17)"} if registered.areas != ("LA17",) else set())
