"""How people write amounts, dates and goals: read where one thing can be meant, asked where several can."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import checks, codes, notation, notation_goals, proposals

# Where we disagree with the oracle, and why.
DISAGREED = {
    # A budget is no debt: an amount in brackets is below zero in accounts, or a slip.  It is told so and asked, with
    # what it may mean without the brackets, for "1,000" is itself asked elsewhere.
    "(1,000)": ("1000", "1"),
}


def outcome(text: str) -> object:
    """Return what the checks make of a budget: (amount, currency), or blank, blank_with_warning, ask or reject."""
    activity, problems = checks.check_row(2, {"activity_id": "a", "title": "t", "budget_usd": text})
    assert activity is not None
    if activity.budget:
        return f"{activity.budget.amount:.2f}", activity.budget.currency
    if not problems:
        return "blank"
    assert problems[0].kind in ("bad_amount", "negative_amount", "unsettled")
    if problems[0].kind == "unsettled":
        return "blank_with_warning"
    return "ask" if problems[0].candidates else "reject"


def test_budgets_are_read_as_the_oracle_says(shared):
    oracle = json.loads((shared / "corpora/made-here/text/budgets-sdg.json").read_text(encoding="utf-8"))
    for text, want in oracle["budgets"].items():
        got = outcome(text)
        if text in DISAGREED:
            assert (got, notation.below_zero(text)) == ("ask", DISAGREED[text])
        elif isinstance(want, list):
            assert got == (want[0], want[1] or "USD"), text
        elif want == "ask_or_1200000.50":
            assert got == "ask", text
            assert notation.amount(text).candidates == ("1200000.5",)
        else:
            assert got == want, text


def test_goals_are_read_as_the_oracle_says(shared):
    oracle = json.loads((shared / "corpora/made-here/text/budgets-sdg.json").read_text(encoding="utf-8"))
    for text, want in oracle["sdg"].items():
        activity, problems = checks.check_row(2, {"activity_id": "a", "title": "t", "sdgs": text})
        assert activity is not None
        if isinstance(want, str):
            assert (activity.goals, activity.targets) == ((), ()), text
            assert [problem.kind for problem in problems] == (["unknown_goal"] if want != "blank" else []), text
        else:
            assert activity.goals == tuple(want["goals"]), text
            assert activity.targets == tuple(want.get("targets", ())), text
            assert problems == (), text


@pytest.mark.parametrize(
    ("text", "meant", "candidates"),
    [
        ("2024", "2024", ()),
        ("2024-03", "2024-03", ()),
        ("31/12/2024", "2024-12-31", ()),
        ("12/31/2024", "2024-12-31", ()),
        ("12/12/2024", "2024-12-12", ()),
        ("29 Feb 2024", "2024-02-29", ()),
        ("Feb 29, 2024", "2024-02-29", ()),
        ("1st January 2021", "2021-01-01", ()),
        ("March 2020", "2020-03", ()),
        ("ມັງກອນ 2024", "2024-01", ()),
        ("໓໑/໑໒/໒໐໒໔", "2024-12-31", ()),
        ("2024-03-31 12:00:00", "2024-03-31", ()),
        ("2024/3/5", "2024-03-05", ()),
        ("20240331", "2024-03-31", ()),
        ("03/04/2024", None, ("2024-04-03", "2024-03-04")),
        ("31/12/24", None, ("2024-12-31",)),
        ("2567", None, ("2024",)),
        ("2567-02-29", None, ("2024-02-29",)),
        ("29/02/2567", None, ("2024-02-29",)),
        # A number of days: which of the two calendars of spreadsheets it counts in, the number does not tell.
        ("45351", None, ("2024-02-29", "2028-03-01")),
        ("31/02/2024", None, ()),
        ("29/02/2023", None, ()),
        ("0024", None, ()),
        ("2020-2024", None, ()),
        ("next spring", None, ()),
    ],
)
def test_a_date_is_read_asked_or_refused(text, meant, candidates):
    found = notation.day(text)
    assert (str(found.value) if found.value else None, found.candidates) == (meant, candidates)


@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)), st.sampled_from("/.-"))
def test_a_date_with_the_year_last_is_never_taken_for_another_day(day, sign):
    found = notation.day(f"{day.day:02}{sign}{day.month:02}{sign}{day.year}")
    asked = day.day <= 12 and day.day != day.month
    assert (found.value is None) == asked
    assert day.isoformat() in (found.candidates if asked else (str(found.value),))


@given(st.integers(0, 10**12))
def test_an_amount_is_the_same_with_thousands_apart(number):
    plain = notation.amount(str(number))
    spaced = notation.amount(f"{number:,}".replace(",", " "))
    assert plain.value == spaced.value == notation.Amount(Decimal(number))
    commas = notation.amount(f"{number:,}")
    assert commas.value == plain.value or str(number) in commas.candidates


@pytest.mark.parametrize(
    ("text", "value", "candidates"),
    [
        ("12,000", 12000, ()),
        ("12 000", 12000, ()),
        ("1.5 million", 1_500_000, ()),
        ("12.000", None, ("12000", "12")),
        ("1200.5", None, ()),
        ("many", None, ()),
    ],
)
def test_a_count_is_whole(text, value, candidates):
    assert notation.count(text) == notation.Reading(value, candidates)


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("1.234", ("1234", "1.23")),  # money is kept to the cent
        ("2.500", ("2500", "2.5")),
        ("1,200", ("1200", "1.2")),
        ("999,999 USD", ("999999 USD", "1000 USD")),
        ("1.234 million", ("1234000000", "1234000")),  # a thousand million, as amounts in kip are
        ("1,500 million LAK", ("1500000000 LAK", "1500000 LAK")),
        ("0.234", ("0.23",)),  # no thousands begin with nought
        ("1234.567", ()),
    ],
)
def test_three_digits_after_one_separator_are_asked(text, candidates):
    assert notation.amount(text) == notation.Reading(None, candidates)


@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from(".,"), st.sampled_from(["", " USD", " million"]))
def test_one_separator_before_three_digits_never_has_one_answer(front, back, sign, unit):
    found = notation.amount(f"{front}{sign}{back:03}{unit}")
    assert found.value is None
    assert len(found.candidates) == 2


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("(1,000)", ("1000", "1")),
        ("(500.00)", ("500",)),
        ("-500", ("500",)),
        ("−1,200,000 USD", ("1200000 USD",)),
        ("USD (1,000.50)", ("1000.5 USD",)),
        ("($1,200)", ("1200 USD", "1.2 USD")),
        ("500", ()),
        ("(about five)", ()),
        ("-", ()),
    ],
)
def test_an_amount_below_zero_is_told_and_no_answer_is_certain(text, candidates):
    assert notation.below_zero(text) == candidates
    assert notation.amount(text).candidates == ()
    _activity, problems = checks.check_row(2, {"activity_id": "a", "title": "t", "budget_usd": text})
    told = [problem for problem in problems if problem.kind == "negative_amount"]
    assert [problem.candidates for problem in told] == ([candidates] if candidates else [])
    assert all("below zero" in problem.fix for problem in told)
    assert all(proposals.certain(proposals.of(problem, {})) is None for problem in told)


@pytest.mark.parametrize(
    ("text", "candidates"),
    [("6.13", ("6.1", "6.3")), ("SDG 13.13", ("13.1", "13.3")), ("6,1", ("6.1",)), ("6.99", ()), ("6", ()), ("x", ())],
)
def test_for_a_target_that_does_not_exist_targets_alone_are_offered(text, candidates):
    _activity, (problem,) = checks.check_row(2, {"activity_id": "a", "title": "t", "sdg_targets": text})
    assert (problem.kind, problem.candidates) == ("unknown_target", candidates)
    assert all(map(codes.is_target, problem.candidates))
    assert proposals.certain(proposals.of(problem, {})) is None


@pytest.mark.parametrize(
    ("text", "goals", "targets", "candidates"),
    [
        ("6 Clean Water and Sanitation", (6,), (), ()),
        ("SDG 16: Peace, Justice and Strong Institutions", (16,), (), ()),
        ("6.1 By 2030, achieve universal access", (6,), ("6.1",), ()),
        ("SDG 13.A", (13,), ("13.a",), ()),
        ("Industry, innovation and infrastructure", (9,), (), ()),
        ("ນ້ຳສະອາດ", (6,), (), ()),
        ("໖", (6,), (), ()),
        ("SDG 6 and SDG 13", (6, 13), (), ()),
        # 6.1 with a decimal comma, or goals 6 and 1: "6,13" can only be two goals.
        ("6,1", None, None, ("6;1", "6.1")),
        ("SDG 6: Climate action", None, None, ("6", "13")),
        ("6 wells", None, None, ("6",)),
        ("6.13", None, None, ("6", "6;13")),
        ("2030", None, None, ()),
    ],
)
def test_an_entry_of_goals_is_read_asked_or_refused(text, goals, targets, candidates):
    found = notation_goals.aims(text)
    value = notation_goals.Aims(goals, targets) if goals else None
    assert found == notation.Reading(value, candidates)


@given(st.sampled_from([goal.number for goal in codes.goals()]), st.sampled_from(["{}", "SDG {}", "Goal {}", "SDG0{}"]))
def test_every_goal_is_known_by_its_number(number, form):
    assert notation_goals.aims(form.format(number)).value == notation_goals.Aims((number,))


@given(st.text(max_size=25))
def test_any_text_is_read_asked_or_refused_without_a_fault(text):
    for read in (notation.amount, notation.count, notation.day, notation_goals.aims):
        found = read(text)
        assert found.value is None or found.candidates == ()
    for candidate in (*notation.day(text).candidates, *notation.amount(text).candidates):
        assert candidate.strip()


@given(st.text("0123456789.,-/ ", max_size=12))
def test_what_is_proposed_is_understood(text):
    for candidate in notation.day(text).candidates:
        assert str(notation.day(candidate).value) == candidate
    for candidate in notation.amount(text).candidates:
        assert notation.amount(candidate).value is not None


def test_blanks_in_lists_are_no_names_and_what_is_to_come_is_told():
    cells = {"activity_id": "a", "title": "t", "donors": "N/A", "agencies": "WFP; TBC", "end_date": "tbd"}
    activity, problems = checks.check_row(2, cells)
    assert activity is not None
    assert (activity.donors, activity.agencies, activity.end) == ((), ("WFP",), None)
    assert {(problem.kind, problem.column) for problem in problems} == {
        ("unsettled", "end_date"),
        ("unsettled", "agencies"),
    }


def test_a_currency_in_the_cell_and_another_in_its_column_is_asked():
    cells = {"activity_id": "a", "title": "t", "budget_usd": "EUR 500", "currency": "USD"}
    activity, problems = checks.check_row(2, cells)
    assert activity is not None
    assert activity.budget is None
    assert [(problem.kind, problem.candidates) for problem in problems] == [("bad_currency", ("EUR", "USD"))]


def test_text_in_an_old_font_is_told(shared):
    line = (shared / "corpora/made-here/csv/legacy-lao-font.csv").read_text(encoding="ascii").splitlines()[1]
    assert notation.old_font(line.partition(",")[2])
    for text in (
        "Support to NSEDP9; SMEs;MSMEs",
        "WASH;CCM;XYZ,PRT",
        "Rural roads 13N,9W in Phongsaly",
        "https://a/b;c=d;e",
    ):
        assert not notation.old_font(text)
