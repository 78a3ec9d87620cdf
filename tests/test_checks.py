"""Raw cells -> typed values; each fault is a problem with row, column, value, expectation and next step."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import checks, dataset, problem_words
from geo.errors import Problem
from geo.fields import Activity, Fields, PartialDate, guard, unguard
from geo.money import Money, split_cents

GOOD = {
    Fields.ACTIVITY_ID: "a1",
    Fields.TITLE: "Wells",
    Fields.SDGS: "6;13",
    Fields.SDG_TARGETS: "6.1",
    Fields.AGENCIES: "World Food Programme;UNICEF",
    Fields.STATUS: "ongoing",
    Fields.START_DATE: "2020-03",
    Fields.BUDGET_USD: "120000.50",
    Fields.BUDGET_BASIS: "stated total",
    Fields.PEOPLE_REACHED: "300",
}


def test_a_budget_in_another_currency_is_kept_and_stands_outside_the_totals():
    cells = {"activity_id": "a", "title": "t", "budget_usd": "25000000", "budget_basis": "stated total"}
    kept, problems = checks.check_row(2, {**cells, "currency": "lak"})
    assert kept is not None
    assert kept.budget == Money(Decimal(25_000_000), "LAK")
    assert [problem.kind for problem in problems] == ["other_currency"]
    data = dataset.build([kept], digest="")
    assert data.cents.tolist() == [-1]
    assert data.basis.names == ()
    wrong, problems = checks.check_row(2, {**cells, "currency": "kip"})
    assert wrong is not None
    assert wrong.budget == Money(Decimal(25_000_000), "KIP")
    unread, problems = checks.check_row(2, {**cells, "currency": "k"})
    assert unread is not None
    assert unread.budget is None
    assert [problem.kind for problem in problems] == ["bad_currency"]


def test_points_and_codes_of_geography_are_read_and_what_is_none_is_told():
    cells = {"activity_id": "a", "title": "t"}
    kept, problems = checks.check_row(
        2, {**cells, "points": "17.97 102.63; 102.63 17.97, 9; 97 102", "iati_geography": "activity-scope=4; exactness"}
    )
    assert kept is not None
    assert kept.points == ((17.97, 102.63),)
    assert kept.iati == (("activity-scope", "4"),)
    assert [problem.kind for problem in problems] == ["bad_geography", "bad_point", "bad_point"]


def read(**cells: str):
    return checks.check_row(7, {**{str(key): value for key, value in GOOD.items()}, **cells})


def test_a_good_row_becomes_typed_values_without_a_problem():
    activity, problems = read()
    assert problems == ()
    assert activity.goals == (6, 13)
    assert activity.targets == ("6.1",)
    assert activity.agencies == ("WFP", "UNICEF")
    assert activity.status == "2"
    assert (activity.start.first.isoformat(), activity.start.last.isoformat()) == ("2020-03-01", "2020-03-31")
    assert activity.budget.amount == Decimal("120000.50")
    assert activity.row == 7


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [
        (Fields.SDGS, "19", "unknown_goal"),
        (Fields.SDGS, "6.13", "unknown_goal"),
        (Fields.SDGS, "six", "unknown_goal"),
        (Fields.SDG_TARGETS, "6.13", "unknown_target"),
        (Fields.START_DATE, "next March", "bad_date"),
        (Fields.START_DATE, "2020-02-30", "bad_date"),
        (Fields.START_DATE, "03/04/2020", "bad_date"),
        (Fields.END_DATE, "2019", "dates_reversed"),
        (Fields.BUDGET_USD, "two million", "bad_amount"),
        (Fields.BUDGET_USD, "12O,000", "bad_amount"),
        (Fields.BUDGET_USD, "1.234", "bad_amount"),
        (Fields.BUDGET_USD, "-5", "negative_amount"),
        (Fields.PEOPLE_REACHED, "many", "bad_number"),
        (Fields.STATUS, "someday", "unknown_status"),
        (Fields.SCOPE_AS_PUBLISHED, "village", "unknown_scope"),
        (Fields.BUDGET_BASIS, "guess", "unknown_basis"),
        (Fields.SOURCE_URL, "javascript:alert(1)", "bad_url"),
        (Fields.AGENCIES, "Ministry of Silly Walks", "unknown_agency"),
    ],
)
def test_a_fault_is_one_problem_and_the_row_goes_on(column, value, kind):
    activity, problems = read(**{column: value})
    assert activity is not None
    assert [(problem.kind, problem.row, problem.column) for problem in problems] == [(kind, 7, str(column))]
    assert value in problems[0].value or value == problems[0].value
    assert problems[0].expected
    assert problems[0].fix


@pytest.mark.parametrize("column", [Fields.ACTIVITY_ID, Fields.TITLE])
def test_a_row_without_id_or_title_is_rejected_with_the_reason(column):
    activity, problems = read(**{column: "  "})
    assert activity is None
    assert [(problem.kind, problem.severity, problem.column) for problem in problems] == [
        ("missing_value", "error", str(column))
    ]


with (Path(__file__).parent / "fixtures" / "problems.csv").open(encoding="utf-8", newline="") as handle:
    TOLD = list(csv.DictReader(handle))


@pytest.mark.parametrize("told", TOLD, ids=lambda told: f"{told['column']} {told['cell']}")
def test_a_person_is_told_what_was_got_what_was_expected_and_what_to_do(told):
    row = {
        "activity_id": "a1",
        "title": "Wells",
        "start_date": "2020-03",
        "budget_usd": "120",
        told["column"]: told["cell"],
    }
    activity, (problem,) = checks.check_row(7, row)
    assert activity is not None
    candidates = tuple(filter(None, told["candidates"].split("|")))
    assert problem == Problem(
        told["kind"], 7, told["column"], told["value"], told["expected"], told["fix"], candidates=candidates
    )


def test_all_that_is_wrong_with_a_row_is_told_in_one_go():
    activity, problems = checks.check_row(3, {"activity_id": " ", "title": "", "donors": "x" * 20_001})
    assert activity is None
    said = ("a value", "Fill in this cell.")
    assert problems[:2] == (
        Problem("missing_value", 3, "activity_id", "", *said, severity="error"),
        Problem("missing_value", 3, "title", "", *said, severity="error"),
    )
    fix = "Shorten the cell; another column or row may have been pasted into it."
    expected = "at most 20,000 characters"
    assert problems[2] == Problem("cell_too_long", 3, "donors", "x" * 20_001, expected, fix, severity="error")


def test_two_currencies_are_both_offered():
    cells = {"activity_id": "a", "title": "t", "budget_usd": "EUR 500", "currency": "usd"}
    fix = "Say which of the two it is; the budget is left out."
    expected = "the currency of the amount, EUR"
    both = ("EUR", "USD")
    said = Problem("bad_currency", 7, "currency", "USD", expected, fix, candidates=both)
    assert checks.check_row(7, cells)[1] == (said,)


@pytest.mark.parametrize(
    ("cell", "currency", "budget"),
    [
        ("500", "", Money(Decimal(500))),
        ("500", "usd", Money(Decimal(500))),
        ("USD 500.25", "", Money(Decimal("500.25"))),
        ("USD 500", "USD", Money(Decimal(500))),
        ("EUR 500", "eur", Money(Decimal(500), "EUR")),
        ("EUR 500", "", Money(Decimal(500), "EUR")),
        ("1,500,000", "LAK", Money(Decimal(1_500_000), "LAK")),
        ("1,500", "LAK", None),
        ("USD 500", "LAK", None),
        ("", "LAK", None),
        ("123456789012", "", Money(Decimal(123456789012))),
    ],
)
def test_a_budget_is_in_the_currency_that_is_said(cell, currency, budget):
    activity, _problems = checks.check_row(
        2, {"activity_id": "a", "title": "t", "budget_usd": cell, "currency": currency}
    )
    assert activity.budget == budget


def test_each_column_goes_to_its_field_in_order_and_once():
    cells = {
        "activity_id": " a1 ",
        "title": "Wells",
        "summary": "Deep ones",
        "sdgs": "13; 6.1; 6\n6; 6.2; 13",
        "sdg_basis": "stated",
        "sdg_targets": "13.1; 6.2; 13.1",
        "agencies": "World Food Programme;UNICEF; WFP\nNobody",
        "implementing_partners": "B; A; B; n/a; ;A",
        "donors": "Zed; Japan; Zed",
        "locations_as_published": "Sekong;Attapeu; Sekong",
        "scope_as_published": "Subnational",
        "status": "2",
        "start_date": "2020-03",
        "end_date": "2020-03-01",
        "budget_usd": "5",
        "budget_basis": "Stated Total",
        "people_reached": "300",
        "source_title": "Report",
        "source_url": "HTTPS://example.org/a?b=c",
        "source_date": "2024",
        "iati_geography": "activity-scope = 4; exactness=1; exactness=1",
        "points": "90,-180; -90 180; +17.5 102.25; 90 -180",
        "no such column": "x",
    }
    before = dict(cells)
    activity, problems = checks.check_row(9, cells)
    assert cells == before
    assert [one.value for one in problems] == ["Nobody"]
    assert activity == Activity(
        activity_id="a1",
        title="Wells",
        summary="Deep ones",
        goals=(6, 13),
        goal_basis="stated",
        targets=("13.1", "6.2", "6.1"),
        agencies=("WFP", "UNICEF", "Nobody"),
        implementers=("B", "A"),
        donors=("Zed", "Japan"),
        places=("Sekong", "Attapeu"),
        scope_as_published="subnational",
        status="2",
        start=PartialDate.parse("2020-03"),
        end=PartialDate.parse("2020-03-01"),
        budget=Money(Decimal(5)),
        budget_basis="stated total",
        people_reached=300,
        source_title="Report",
        source_url="HTTPS://example.org/a?b=c",
        source_date="2024",
        row=9,
        iati=(("activity-scope", "4"), ("exactness", "1")),
        points=((90.0, -180.0), (-90.0, 180.0), (17.5, 102.25)),
    )
    assert checks.check_row(9, {"activity_id": "b", "title": "t"}) == (Activity("b", "t", row=9), ())


@pytest.mark.parametrize(
    ("sdgs", "named", "goals", "targets"),
    [
        ("", "13.1; 6.2", (6, 13), ("13.1", "6.2")),  # targets name the goals where no goal is named
        ("13", "6.2", (13,), ("6.2",)),
        ("6.1", "", (6,), ("6.1",)),
        ("6.1", "13.2", (6,), ("13.2", "6.1")),
        ("", "", (), ()),
    ],
)
def test_targets_name_goals_where_no_goal_is_named(sdgs, named, goals, targets):
    activity, problems = read(**{Fields.SDGS: sdgs, Fields.SDG_TARGETS: named})
    assert problems == ()
    assert (activity.goals, activity.targets) == (goals, targets)


def test_what_is_to_come_is_asked_for_in_every_list():
    texts = ("sdgs", "sdg_targets", "agencies", "implementing_partners", "donors", "locations_as_published")
    for column in (*texts, "points", "iati_geography"):
        _activity, problems = checks.check_row(4, {"activity_id": "a", "title": "t", column: "n/a; TBC"})
        fix = "It is left empty; fill it in once it is known."
        assert problems == (Problem("unsettled", 4, column, "TBC", "a value", fix),)


def test_a_cell_that_is_too_long_rejects_its_row_and_no_other_cell_is_blamed():
    longest = "x" * checks.MAX_TEXT
    kept, problems = read(**{Fields.SUMMARY: longest})
    assert kept is not None
    assert problems == ()
    activity, problems = read(**{Fields.SUMMARY: longest + "x", Fields.DONORS: "y" * (checks.MAX_TEXT + 1)})
    assert activity is None
    assert [(one.kind, one.row, one.severity, one.column) for one in problems] == [
        ("cell_too_long", 7, "error", "summary"),
        ("cell_too_long", 7, "error", "donors"),
    ]
    assert "20,000" in problems[0].expected


@pytest.mark.parametrize("column", [Fields.TITLE, Fields.SUMMARY])
@pytest.mark.parametrize(
    ("text", "kind"), [("Wells in Att\ufffdpeu", "lost_letters"), ("oEdltvkf 1s;d7;k,lt,kf", "old_font")]
)
def test_letters_that_were_not_written_so_are_told_and_kept(column, text, kind):
    activity, problems = read(**{column: text})
    assert activity is not None
    assert text in (activity.title, activity.summary)
    assert [(one.kind, one.row, one.column, one.value) for one in problems] == [(kind, 7, str(column), text)]


@pytest.mark.parametrize(
    ("column", "field"),
    [
        (Fields.STATUS, "status"),
        (Fields.SCOPE_AS_PUBLISHED, "scope_as_published"),
        (Fields.BUDGET_BASIS, "budget_basis"),
        (Fields.SOURCE_URL, "source_url"),
        (Fields.PEOPLE_REACHED, "people_reached"),
        (Fields.START_DATE, "start"),
    ],
)
def test_a_word_for_nothing_is_an_empty_cell_and_what_is_to_come_is_asked_for(column, field):
    empty = getattr(read(**{column: ""})[0], field)
    activity, problems = read(**{column: "n/a"})
    assert (getattr(activity, field), problems) == (empty, ())
    activity, problems = read(**{column: "TBC"})
    assert getattr(activity, field) == empty
    expected = [] if column == Fields.SOURCE_URL else [("unsettled", str(column), "TBC")]
    assert [(one.kind, one.column, one.value) for one in problems] == expected


def test_an_unknown_agency_keeps_its_name():
    activity, _problems = read(**{Fields.AGENCIES: "Ministry of Silly Walks"})
    assert activity.agencies == ("Ministry of Silly Walks",)


@given(st.dictionaries(st.sampled_from([str(field) for field in Fields]), st.text(max_size=40)))
def test_any_text_in_any_cell_gives_a_row_or_a_reason_and_leaves_the_input_alone(cells):
    before = dict(cells)
    activity, problems = checks.check_row(2, cells)
    assert cells == before
    assert activity is not None or any(problem.severity == "error" for problem in problems)
    assert all(str(problem) for problem in problems)


@given(st.text(max_size=30))
def test_a_guarded_cell_comes_back_as_it_was(text):
    assert unguard(guard(text)) == text
    assert not guard(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.dates())
def test_a_date_is_as_precise_as_its_text(day):
    exact = PartialDate.parse(f"{day.year:04}-{day.month:02}-{day.day:02}")
    month = PartialDate.parse(f"{day.year:04}-{day.month:02}")
    year = PartialDate.parse(f"{day.year:04}")
    assert exact.first == exact.last == day
    assert year.first <= month.first <= day <= month.last <= year.last


@given(st.integers(-(10**15), 10**15), st.lists(st.integers(0, 10**9), min_size=1, max_size=30))
def test_shares_of_money_add_up_to_the_cent_and_keep_their_sign(total, weights):
    parts = split_cents(total, weights)
    assert sum(parts) == total
    assert all(part * total >= 0 for part in parts)


def test_splitting_by_nothing_is_refused():
    with pytest.raises(ValueError, match="expected one or more"):
        split_cents(100, [])


def test_every_kind_of_problem_has_a_name(root):
    others = [f"geo/readers/{name}.py" for name in ("table", "columns", "delimited", "workbook", "uninfo")]
    others.append("geo/place_problems.py")
    text = "".join(
        (root / name).read_text() for name in ("geo/checks.py", "geo/checks_cells.py", "geo/intake.py", *others)
    )
    kinds = set(re.findall(r'(?<!kind: str = )"((?:bad|unknown|ambiguous)_[a-z]+)"', text))
    kinds |= set(re.findall(r'[Pp]roblem\(\s*"([a-z_]+)"', text))
    assert len(kinds) > 25
    # A word without an underscore is its own name.
    assert not [kind for kind in kinds if "_" in kind and problem_words.problem_kind(kind, "en") == kind]
