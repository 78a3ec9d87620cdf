"""Activities as intake gives them, with anything that a cell may hold, for tests of export then import."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from geo import codes, dataset, gazetteer, notation, scope
from geo.dataset import Dataset
from geo.fields import Activity, PartialDate
from geo.intake import Intake
from geo.money import Money
from tests.support_data import decisions

DATE = "2026-11-23"
# Everything but halves of letters and what XML or a table of text cannot hold.
letters = st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufffe\uffff")
LINES = "a line\nand another\n\n  indented, \"quoted\" & <b>'bold'</b>; {{7*7}}"
given_texts = st.one_of(
    st.text(letters, min_size=1, max_size=12).map(str.strip).filter(bool),
    st.sampled_from(["=1+1", "-2", "'quoted", "ນ້ຳສະອາດ", LINES, "two  spaces", "a|b", "a, b", "#org"]),
)
# "n/a", "TBD" and their like are read as what they mean: nothing.
texts = given_texts.filter(lambda text: not notation.nothing(text))
items = texts.map(lambda text: text.replace(";", ",").replace("\n", " ").strip())
items = items.filter(lambda text: bool(text) and not notation.nothing(text))
PLACES = ("Vientiane", "Attapeu", "Sam Neua, LA0701", "ban X", "across Lao PDR", "ວຽງຈັນ", "LA0101")
dates = st.sampled_from([None, *map(PartialDate.parse, ("2015", "2019-06", "2020-02-29", "2031-12", "1990"))])
pairs = st.tuples(st.sampled_from(["activity-scope", "exactness", "feature-designation"]), st.sampled_from("14"))


def lists(of: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(of, max_size=3, unique=True).map(tuple)


@st.composite
def activities(draw: st.DrawFn, number: int) -> Activity:
    """Return one activity whose every field is as the checks give it."""
    start, end = draw(dates), draw(dates)
    amount = draw(st.none() | st.integers(0, 10**12))
    targets = draw(lists(st.sampled_from(list(codes.targets()))))
    goals = draw(st.sets(st.sampled_from([goal.number for goal in codes.goals()]), max_size=3))
    goals |= {codes.targets()[target] for target in targets}  # as the checks have it
    return Activity(
        activity_id=f"{draw(items)} {number}",
        title=draw(texts),
        summary=draw(st.just("") | texts),
        goals=tuple(sorted(goals)),
        goal_basis=draw(st.sampled_from(["", "stated", "inferred"])),
        targets=targets,
        agencies=draw(lists(st.sampled_from(["UNDP", "WFP", "UNICEF", "Some bureau"]))),
        implementers=draw(lists(items)),
        donors=draw(lists(items.map(codes.canonical_donor))),
        places=draw(lists(st.sampled_from(PLACES) | items)),
        scope_as_published=draw(st.sampled_from(["", "national", "subnational"])),
        status=draw(st.sampled_from(["", *(status.code for status in codes.statuses())])),
        start=start,
        end=end,
        budget=None if amount is None else Money(Decimal(amount) / 100, draw(st.sampled_from(["USD", "LAK"]))),
        budget_basis=draw(st.sampled_from(["", "stated total", "sum of published years"])),
        people_reached=draw(st.none() | st.integers(0, 10**6)),
        source_title=draw(st.just("") | texts),
        source_url=draw(st.sampled_from(["", "https://example.org/a?b=1&c=2"])),
        source_date=draw(st.sampled_from(["", "2024", "2024-05-01", "soon"])),
        iati=draw(st.lists(pairs, max_size=2, unique=True).map(tuple)),
        points=draw(st.sampled_from([(), ((17.9, 102.6),), ((17.9, 102.6), (-1.5, 100.0))])),
    )


@st.composite
def datasets(draw: st.DrawFn) -> Dataset:
    """Return a small data set, decided by the rule or at random."""
    rows = [draw(activities(number)) for number in range(draw(st.integers(1, 3)))]
    fixed: dict[str, scope.ScopeDecision] = {}
    for row in rows:
        if draw(st.booleans()):
            fixed[row.activity_id] = draw(decisions())
    return replace(dataset.build(rows, digest="random", overrides=fixed), published=DATE)


def same(found: Intake, data: Dataset) -> None:
    """Assert that intake gave the activities of a data set, and all of them."""
    assert (found.rows_read, found.rejected) == (len(data), 0), list(map(str, found.problems))
    expected = [replace(activity, row=0) for activity in data.activities]
    assert [replace(activity, row=0) for activity in found.activities] == expected


def all_areas() -> dict[str, scope.ScopeDecision]:
    """Return a decision for each area of the country alone."""
    areas = [*gazetteer.all_areas("adm1"), *gazetteer.all_areas("adm2")]
    return {pcode: scope.ScopeDecision("subnational", (pcode,), (), (), "high", "x") for pcode in areas}
