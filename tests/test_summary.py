"""The laws of counting: conservation, money to the cent, and sums that do not depend on how the data is cut."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import reduce

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import dataset, filters, gazetteer, library, scope, summary
from geo.code_columns import Codes
from geo.dataset import SCOPES
from geo.fields import Activity, PartialDate
from geo.filters import Filters
from geo.money import Money, split_cents
from tests.support_data import BASES, activities, datasets, decisions

LEVELS = ("adm1", "adm2")
METHODS = ("equal", "population")


def everything(data):
    return np.ones(len(data), dtype=bool)


@given(datasets(), st.sampled_from(LEVELS), st.sampled_from(METHODS), st.sampled_from(["", *BASES]))
def test_each_activity_counts_once_and_money_adds_up_to_the_cent(data, level, method, basis):
    figures = summary.partial(data, everything(data), level=level, basis=basis, method=method)
    assert figures.total == len(data) == figures.located + figures.nationwide + figures.unlocated
    stated = [a.budget.cents for a in data.activities if a.budget and basis in ("", a.budget_basis)]
    assert int(figures.cents.sum()) == sum(stated)
    outside = int(figures.cents[SCOPES.index("nationwide")] + figures.cents[SCOPES.index("unlocated")])
    assert int(figures.area.share.sum()) + figures.cents_outside + outside == sum(stated)
    assert figures.cents_outside >= 0
    if level == "adm1":
        assert figures.cents_outside == 0


@given(datasets(), st.sampled_from(LEVELS), st.sampled_from(METHODS))
def test_a_share_lies_in_the_range(data, level, method):
    area = summary.partial(data, everything(data), level=level, method=method).area
    assert (area.low <= area.share).all()
    assert (area.share <= area.high).all()


@given(datasets(), st.sampled_from(LEVELS))
def test_counts_by_area_are_those_that_a_plain_loop_finds(data, level):
    area = summary.partial(data, everything(data), level=level).area
    agencies = summary.distinct(area.agencies)
    for position, pcode in enumerate(area.pcodes):
        inside = [
            activity
            for activity, decision in zip(data.activities, data.corrected.decisions, strict=True)
            if any(code == pcode or (level == "adm1" and gazetteer.province(code) == pcode) for code in decision.areas)
        ]
        assert area.activities[position] == len(inside)
        assert agencies[position] == len({code for activity in inside for code in activity.agencies})
        assert area.people[position] == sum(activity.people_reached or 0 for activity in inside)
        for goal in range(1, 19):
            assert area.goals[position, goal - 1] == sum(goal in activity.goals for activity in inside)


def same(one, other):
    """Assert that two summaries say the same; years that nothing is active in may stand or not."""
    for name in ("scopes", "cents", "goals", "goals_by_scope", "agencies", "donors", "statuses"):
        assert (getattr(one, name) == getattr(other, name)).all(), name
    for name in ("activities", "agencies", "goals", "people", "people_stated", "low", "high", "share", "budgets"):
        assert (getattr(one.area, name) == getattr(other.area, name)).all(), name
    used = [{year: count for year, count in each.years.items() if count} for each in (one, other)]
    assert used[0] == used[1]
    for name in ("undated", "placed", "cents_outside", "names", "largest"):
        assert getattr(one, name) == getattr(other, name), name


@given(datasets(), st.data(), st.sampled_from(LEVELS), st.sampled_from(METHODS))
def test_any_cut_of_the_rows_merges_to_the_whole(data, draw, level, method):
    part = np.array(draw.draw(st.lists(st.integers(0, 3), min_size=len(data), max_size=len(data))), dtype=int)
    parts = [summary.partial(data, part == number, level=level, method=method) for number in range(4)]
    same(reduce(summary.merge, parts), summary.partial(data, everything(data), level=level, method=method))


@settings(max_examples=50)
@given(st.data(), st.sampled_from(LEVELS), st.sampled_from(["", *BASES]))
def test_files_that_were_read_apart_merge_to_the_figures_of_all_of_them(draw, level, basis):
    """Each part has codes of its own, as each of a cluster's partitions has; any order and any brackets will do."""
    size = draw.draw(st.integers(0, 9))
    rows = [draw.draw(activities(number)) for number in range(size)]
    fixed = {activity.activity_id: draw.draw(decisions()) for activity in rows}
    cut = sorted(draw.draw(st.lists(st.integers(0, size), min_size=2, max_size=2)))

    def figures(some):
        data = dataset.build(some, digest="", overrides=fixed)
        return summary.partial(data, everything(data), level=level, basis=basis)

    a, b, c = (figures(rows[start:stop]) for start, stop in zip([0, *cut], [*cut, size], strict=True))
    whole, merge = figures(rows), summary.merge
    same(merge(merge(a, b), c), whole)
    same(merge(a, merge(b, c)), whole)
    same(merge(c, merge(a, b)), whole)
    same(merge(whole, summary.empty(level)), whole)
    same(merge(summary.empty(level), whole), whole)


@given(datasets(), st.sampled_from(LEVELS), st.sampled_from(METHODS))
def test_a_budget_is_split_as_one_amount_is(data, level, method):
    """All budgets at once, against one at a time."""
    shares, column, weigh = summary.shares(data, "corrected", level, method), data.corrected.codes(level), {}
    for row, activity in enumerate(data.activities):
        named = sorted({gazetteer.province(code) for code in data.corrected.decisions[row].areas})
        weights = [gazetteer.population(code) if method == "population" else 1 for code in named]
        parts = split_cents(activity.budget.cents, weights) if activity.budget and named else [0] * len(named)
        if level == "adm1":
            weigh.update({(row, code): part for code, part in zip(named, parts, strict=True)})
            continue
        for code, part in zip(named, parts, strict=True):
            inside = [one for one in data.corrected.decisions[row].areas if gazetteer.parent(one) == code]
            inside = sorted(one for one in inside if gazetteer.level(one) == "adm2")
            weigh.update(
                {(row, one): own for one, own in zip(inside, split_cents(part, [1] * len(inside)), strict=True)}
                if inside
                else {}
            )
    pairs = zip(column.rows, column.items, shares, strict=True)
    assert {(int(row), column.names[item]): int(cents) for row, item, cents in pairs} == weigh


def test_the_largest_amounts_add_up_to_the_cent():
    """Amounts beyond what a float holds, and beyond what 64 bits hold times a population."""
    kept = [
        Activity(f"a{number}", "Wells", budget=Money(Decimal(10**16 + number) / 100), budget_basis=BASES[0])
        for number in range(50)
    ]
    areas = gazetteer.all_areas("adm1")[:7]
    fixed = {one.activity_id: scope.ScopeDecision("subnational", areas, (), (), "high", "") for one in kept}
    data = dataset.build(kept, digest="", overrides=fixed)
    for method in METHODS:
        figures = summary.partial(data, everything(data), method=method)
        assert int(figures.area.share.sum()) == int(figures.cents.sum()) == sum(one.budget.cents for one in kept)
        assert figures.area.high.tolist()[:7] == [sum(one.budget.cents for one in kept)] * 7


def test_more_codes_than_any_word_holds():
    """200 agencies, 130 goals: as many words of bits as the data needs."""
    agencies, goals, size = [f"A{n:03}" for n in range(200)], [str(n) for n in range(1, 131)], 400
    kept = [Activity(f"a{n}", "Wells", agencies=(agencies[n % 200], agencies[(7 * n) % 200])) for n in range(size)]
    districts = gazetteer.all_areas("adm2")
    fixed = {
        one.activity_id: scope.ScopeDecision("subnational", (districts[n % len(districts)],), (), (), "high", "")
        for n, one in enumerate(kept)
    }
    lists = [{goals[n % 130], goals[(3 * n) % 130], goals[(5 * n) % 130]} for n in range(size)]
    data = replace(dataset.build(kept, digest="", overrides=fixed), goals=Codes.of(lists, goals))
    figures = summary.partial(data, everything(data), level="adm2")
    assert figures.goals.tolist() == [sum(goal in found for found in lists) for goal in goals]
    found = summary.distinct(figures.area.agencies)
    for at, district in enumerate(districts):
        inside = [n for n in range(size) if fixed[f"a{n}"].areas == (district,)]
        assert found[at] == len({code for n in inside for code in kept[n].agencies})
        assert figures.area.goals[at].tolist() == [sum(goal in lists[n] for n in inside) for goal in goals]
    assert filters.apply(data, Filters(agency=("A199",))).tolist() == ["A199" in one.agencies for one in kept]


@given(datasets())
def test_the_largest_budgets_are_named_in_order(data):
    stated = [(one.budget.cents, one.activity_id) for one in data.activities if one.budget]
    expected = sorted(stated, key=lambda one: (-one[0], one[1]))[: summary.TOP]
    assert list(summary.partial(data, everything(data)).largest) == expected


@given(datasets())
def test_years_count_the_active_activities_of_each_year(data):
    figures = summary.partial(data, everything(data))
    for year, count in figures.years.items():
        assert count == int(filters.apply(data, Filters(years=str(year))).sum())
    assert figures.undated == sum(not (activity.start or activity.end) for activity in data.activities)


def test_summaries_of_different_areas_do_not_merge():
    data = library.embedded()
    one = summary.partial(data, everything(data), level="adm1")
    other = summary.partial(data, everything(data), level="adm2")
    with pytest.raises(ValueError, match="different areas"):
        summary.merge(one, other)


@pytest.mark.parametrize("view", ["registered", "corrected"])
def test_the_embedded_activities_are_each_in_one_scope(view):
    data = library.embedded()
    figures = summary.partial(data, everything(data), view=view)
    assert figures.total == 242 == figures.located + figures.nationwide + figures.unlocated


class Clerk:
    """Counts the rows of another data set, as a scheduler's processes do."""

    def __init__(self, data):
        self.data = data

    def partial(self, mask, view, level, basis, method):
        return summary.partial(self.data, mask, view=view, level=level, basis=basis, method=method)


@pytest.mark.parametrize(
    "options", [{}, {"view": "registered", "level": "adm2", "basis": BASES[0], "method": "population"}]
)
def test_where_others_count_their_figures_are_taken(options):
    data = library.embedded()
    half = np.arange(len(data)) % 2 == 0
    told = summary.partial(replace(dataset.build((), digest=""), elsewhere=Clerk(data)), half, **options)
    assert told.total == half.sum()
    assert repr(told) == repr(summary.partial(data, half, **options))


def test_figures_of_an_area_are_what_a_person_would_add_up():
    """Four activities: one province; two provinces; one district and a province; nationwide."""

    def activity(number, cents, people, basis=BASES[0]):
        budget = None if cents is None else Money.from_cents(cents)
        first, last = PartialDate.parse("2015"), PartialDate.parse("2016")
        return Activity(
            f"a{number}", "Wells", budget=budget, budget_basis=basis, people_reached=people, start=first, end=last
        )

    rows = [activity(0, 100, 7), activity(1, 301, None), activity(2, 50, 5, BASES[1]), activity(3, 0, 0)]
    rows += [activity(4, None, None), replace(activity(5, 9, 1), start=None, end=None)]
    placed = [("LA15",), ("LA15", "LA17"), ("LA1501", "LA17"), (), ("LA1701",), ("LA1701", "LA1702")]
    fixed = {
        one.activity_id: scope.ScopeDecision("subnational" if areas else "nationwide", areas, (), (), "high", "made")
        for one, areas in zip(rows, placed, strict=True)
    }
    data = dataset.build(rows, digest="", overrides=fixed)

    def told(level, **options):
        figures = summary.partial(data, everything(data), level=level, **options)
        area, found = figures.area, {}
        for at, code in enumerate(area.pcodes):
            if area.activities[at]:
                names = ("activities", "people", "people_stated", "budgets", "low", "high", "share")
                found[code] = tuple(int(getattr(area, name)[at]) for name in names)
        return figures, found

    figures, found = told("adm1")
    assert found == {
        "LA15": (3, 12, 2, 3, 100, 451, 100 + 151 + 25),
        "LA17": (4, 6, 2, 3, 9, 360, 150 + 25 + 9),
    }
    assert figures.years == {2015: 5, 2016: 5}
    assert (figures.undated, figures.placed, figures.cents_outside) == (1, 5, 0)
    assert figures.largest == ((301, "a1"), (100, "a0"), (50, "a2"), (9, "a5"), (0, "a3"))
    assert (figures.located, figures.nationwide, figures.unlocated) == (5, 1, 0)
    assert figures.cents.tolist() == [{"subnational": 460, "nationwide": 0, "unlocated": 0}[one] for one in SCOPES]
    # In districts the third activity stands in one of Sekong, and in Attapeu without a district: it is not there alone.
    figures, found = told("adm2")
    assert found == {
        "LA1501": (1, 5, 1, 1, 0, 50, 25),
        "LA1701": (2, 1, 1, 1, 0, 9, 5),
        "LA1702": (1, 1, 1, 1, 0, 9, 4),
    }
    assert (figures.placed, figures.cents_outside) == (3, 460 - 34)
    figures, found = told("adm1", basis=BASES[1])
    assert figures.largest == ((50, "a2"),)
    assert {code: each[3:] for code, each in found.items()} == {"LA15": (1, 0, 50, 25), "LA17": (1, 0, 50, 25)}


def test_sums_beyond_what_a_float_holds_are_exact():
    most = 2**53 - 1
    rows = [Activity(f"a{at}", "Wells", budget=Money.from_cents(cents)) for at, cents in enumerate([most, most, 1])]
    data = dataset.build(rows, digest="")
    assert int(summary.partial(data, everything(data)).cents.sum()) == 2 * most + 1


@pytest.mark.parametrize("more", [0, 1, 5])
def test_of_equal_budgets_the_first_by_name_are_named_and_no_more(more):
    names = [f"a{number:02}" for number in range(summary.TOP + more)]
    rows = [Activity(name, "Wells", budget=Money.from_cents(7)) for name in reversed(names)]
    data = dataset.build(rows, digest="")
    figures = summary.partial(data, everything(data))
    assert figures.largest == tuple((7, name) for name in names[: summary.TOP])
    assert figures.cents.dtype == figures.area.low.dtype == np.int64
