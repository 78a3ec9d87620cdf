"""What a value may have meant: every proposal is one that the checks take, and none stands for two readings."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import checks, codes, gazetteer, place_problems, positions, proposals
from geo.errors import Problem
from geo.fields import Fields
from geo.readers import RawRow
from geo.repairs import mend

ID = {str(Fields.ACTIVITY_ID): "a", str(Fields.TITLE): "Title"}


def problems(column: Fields, text: str, **more: str) -> tuple[list[Problem], dict[str, str]]:
    cells = {**ID, str(column): text, **more}
    activity, found = checks.check_row(2, cells)
    assert activity is not None
    told = positions.recognise_swapped(found)
    places = place_problems.place_problems([activity])
    return [*told, *places, *positions.problems([activity])], cells


def shown(column: Fields, text: str, **more: str) -> list[str]:
    """Return the proposals' texts for the one problem of a cell."""
    found, cells = problems(column, text, **more)
    (problem,) = (one for one in found if one.column == column)
    return [one.text for one in proposals.of(problem, cells)]


@pytest.mark.parametrize(
    ("column", "text", "wanted"),
    [
        (Fields.START_DATE, "03/04/2024", ["2024-04-03", "2024-03-04"]),
        (Fields.START_DATE, "45382", ["2024-03-31", "2028-04-01"]),
        (Fields.START_DATE, "next spring", []),
        (Fields.START_DATE, "tbc", [""]),
        (Fields.BUDGET_USD, "1,200", ["1200", "1.2"]),
        (Fields.BUDGET_USD, "1.200.000", ["1200000"]),
        (Fields.BUDGET_USD, "1.234", ["1234", "1.23"]),
        (Fields.BUDGET_USD, "(1,000)", ["1000", "1"]),
        (Fields.BUDGET_USD, "two million", []),
        (Fields.SDGS, "6.13", ["6", "6;13"]),
        (Fields.SDGS, "19", []),
        (Fields.SDG_TARGETS, "6.13", ["6.1", "6.3"]),
        (Fields.AGENCIES, "World Fod Programme", ["WFP"]),
        (Fields.AGENCIES, "UNICEF, WFP", ["UNICEF;WFP"]),
        (Fields.STATUS, "Implementaton", ["2"]),
        (Fields.STATUS, "soon", [one.code for one in codes.statuses()]),
        (Fields.SCOPE_AS_PUBLISHED, "Nationall", ["national", "subnational"]),
        (Fields.BUDGET_BASIS, "guess", list(checks.BUDGET_BASES)),
        (Fields.SOURCE_URL, "www.example.org/a", ["https://www.example.org/a"]),
        (Fields.SOURCE_URL, "javascript:alert(1)", []),
        (Fields.POINTS, "102.63, 17.97", ["17.97 102.63"]),
    ],
)
def test_what_a_value_may_mean_is_offered(column: Fields, text: str, wanted: list[str]) -> None:
    assert shown(column, text) == wanted


@pytest.mark.parametrize(
    ("column", "text", "sure"),
    [
        (Fields.AGENCIES, "World Fod Programme", True),
        (Fields.LOCATIONS, "Bokeoo Province", True),
        (Fields.LOCATIONS, "Vangxay", False),  # a village; the one name that is near is another district's
        (Fields.BUDGET_USD, "1,200", False),
        (Fields.BUDGET_USD, "1.234", False),
        (Fields.BUDGET_USD, "(500)", False),
        (Fields.SDG_TARGETS, "1.11", False),
        (Fields.START_DATE, "03/04/2024", False),
        (Fields.STATUS, "soon", False),
        (Fields.SDGS, "19", False),
    ],
)
def test_one_click_is_for_one_answer(column: Fields, text: str, *, sure: bool) -> None:
    found, cells = problems(column, text)
    assert (proposals.certain(proposals.of(found[0], cells)) is not None) is sure


def test_places_are_offered_with_their_codes() -> None:
    offered = shown(Fields.LOCATIONS, "Xaysetha")
    assert [gazetteer.match(text).areas for text in offered] == [("LA0103",), ("LA1701",)]


def test_two_currencies_of_one_amount_are_asked_and_then_agree() -> None:
    found, cells = problems(Fields.BUDGET_USD, "EUR 1,000,000", currency="usd")
    offered = proposals.of(found[0], cells)
    assert [one.text for one in offered] == ["1000000 EUR", "1000000 USD"]
    assert proposals.certain(offered) is None
    for one in offered:
        mended = dict(cells)
        for repair in one.repairs:
            mended[repair.column] = mend(mended[repair.column], repair) or ""
        activity, after = checks.check_row(2, mended)
        assert activity is not None
        assert str(activity.budget) == f"{one.text[-3:]} 1,000,000.00"
        assert "bad_currency" not in {problem.kind for problem in after}


def test_dates_in_the_wrong_order_are_asked() -> None:
    found, cells = problems(Fields.START_DATE, "2025", end_date="2024-03")
    (proposal,) = proposals.of(found[0], cells)
    for one in proposal.repairs:
        cells[one.column] = mend(cells[one.column], one) or ""
    assert (cells["start_date"], cells["end_date"]) == ("2024-03", "2025")
    assert proposals.certain((proposal,)) is None


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([one for one in Fields if one not in checks.REQUIRED]),
    st.text(st.sampled_from("0123456789,./-; $₭€USDLAKmMarch໑໒年"), min_size=1, max_size=14) | st.text(max_size=12),
)
def test_what_is_proposed_is_taken(column: Fields, text: str) -> None:
    """A proposal, once made, mends its problem: none of the same value comes back."""
    found, cells = problems(column, text)
    for problem in found:
        for proposal in proposals.of(problem, cells):
            mended = RawRow(2, dict(cells)).cells
            for one in proposal.repairs:
                new = mend(mended.get(one.column, ""), one)
                assert new is not None, (problem, proposal)
                mended[one.column] = new
            _activity, after = checks.check_row(2, mended)
            assert not [one for one in after if (one.kind, one.value) == (problem.kind, problem.value)]
