"""The matrix of goals by provinces: margins are counted once, money is whole to the cent, gaps are what is empty."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import classes, filters, library, matrix, summary, tables
from geo.filters import Filters
from geo.matrix import ALL, MARGINS, NO_GOAL
from tests.support_data import BASES, datasets

methods = st.sampled_from(["equal", "population"])
views = st.sampled_from(["corrected", "registered"])


def everything(data):
    return np.ones(len(data), dtype=bool)


@settings(deadline=None, max_examples=25)
@given(datasets(), views)
def test_each_row_adds_up_and_no_margin_is_a_sum_of_cells(data, view):
    found = matrix.build(data, everything(data), view=view)
    total, located, nationwide, unlocated = (found.activities[:, MARGINS.index(name)] for name in MARGINS)
    assert (total == located + nationwide + unlocated).all()
    assert total[0] == len(data)
    areas = found.activities[:, len(MARGINS) :]
    assert (areas.max(axis=1) <= located).all()
    assert (located <= areas.sum(axis=1)).all()
    assert (found.activities[0] <= found.activities[1:].sum(axis=0)).all()
    assert (found.activities[1:].max(axis=0) <= found.activities[0]).all()


@settings(deadline=None, max_examples=25)
@given(datasets(), views)
def test_a_cell_counts_what_its_link_opens(data, view):
    found = matrix.of(data, Filters(view=view))
    agencies = found.agency_counts
    for row in found.rows[1:-1]:
        for column in found.columns:
            at = found.at(row, column)
            link = Filters(view=view, sdg=(row,), area=() if column in MARGINS else (column,))
            if column in MARGINS[1:]:
                link = replace(link, scope=("subnational" if column == "located" else column,))
            mask = filters.apply(data, link)
            assert found.activities[at] == mask.sum()
            assert agencies[at] == len(
                {one for on, act in zip(mask, data.activities, strict=True) if on for one in act.agencies}
            )


@settings(deadline=None, max_examples=25)
@given(datasets(), views, methods, st.sampled_from(BASES))
def test_shares_add_up_to_the_cent_over_goals_and_over_provinces(data, view, method, basis):
    found = matrix.build(data, everything(data), view=view, basis=basis, method=method)
    figures = summary.partial(data, everything(data), view=view, basis=basis, method=method)
    assert found.share[0, 0] == int(figures.cents.sum())
    assert (found.share[1:].sum(axis=0) == found.share[0]).all()
    assert (found.share[:, len(MARGINS) :].sum(axis=1) == found.share[:, MARGINS.index("located")]).all()
    assert (found.share[0, len(MARGINS) :] == figures.area.share).all()


@settings(deadline=None, max_examples=25)
@given(datasets(), st.sampled_from(BASES))
def test_a_range_holds_every_share(data, basis):
    found = matrix.build(data, everything(data), basis=basis)
    assert (found.low <= found.share).all()
    assert (found.share <= found.high).all()


@settings(deadline=None, max_examples=25)
@given(datasets(), st.data())
def test_two_parts_merge_to_the_whole(data, draw):
    part = np.array(draw.draw(st.lists(st.booleans(), min_size=len(data), max_size=len(data))), dtype=bool)
    whole = matrix.build(data, everything(data))
    merged = matrix.merge(matrix.build(data, part), matrix.build(data, ~part))
    for name in ("activities", "agencies", "low", "high", "share", "budgets"):
        assert (getattr(merged, name) == getattr(whole, name)).all()


def test_matrices_of_other_areas_are_not_merged():
    one = matrix.of(library.embedded(), Filters())
    with pytest.raises(ValueError, match="same codes"):
        matrix.merge(one, replace(one, columns=one.columns[:-1]))


def test_rows_and_columns_equal_the_summary_of_the_same_filters():
    data = library.embedded()
    found = matrix.of(data, Filters())
    for row, link in [(ALL, Filters()), *((number, Filters(sdg=(number,))) for number in found.rows[1:-1])]:
        figures, _mask = tables.summarise(data, link)
        at = found.rows.index(row)
        assert found.activities[at, 0] == figures.total
        assert list(found.activities[at, len(MARGINS) :]) == list(figures.area.activities)
        assert list(found.agency_counts[at, len(MARGINS) :]) == list(summary.distinct(figures.area.agencies))
        assert list(found.high[at, len(MARGINS) :]) == list(figures.area.high)
        assert found.high[at, 0] == figures.cents.sum()


def test_activities_without_a_goal_have_a_row_of_their_own():
    data = library.embedded()
    found = matrix.of(data, Filters())
    bare = sum(not activity.goals for activity in data.activities)
    assert found.activities[found.rows.index(NO_GOAL), 0] == bare


def test_gaps_are_the_empty_cells_the_most_severe_first():
    data = library.embedded()
    found = matrix.of(data, Filters())
    told = matrix.gaps(found, Filters())
    empty = {
        (row, code)
        for row in found.rows[1:-1]
        for code in found.columns[4:]
        if not found.activities[found.at(row, code)]
    }
    assert {(str(gap.goal), code) for gap in told for code in gap.provinces} == empty
    assert [len(gap.provinces) for gap in told] == sorted((len(gap.provinces) for gap in told), reverse=True)
    assert all(gap.asked == 18 for gap in told)


def test_a_filter_on_goal_and_area_says_what_is_asked_about_and_not_what_is_counted():
    data = library.embedded()
    view = Filters(sdg=("7", "9"), area=("LA17", "LA1001"), agency=("UNDP",))
    plain = matrix.without_places(view)
    assert (plain.sdg, plain.area, plain.agency) == ((), (), ("UNDP",))
    told = matrix.gaps(matrix.of(data, plain), view)
    assert {gap.goal for gap in told} <= {7, 9}
    assert {code for gap in told for code in gap.provinces} <= {"LA17", "LA10"}
    assert all(gap.asked == 2 for gap in told)


def test_gaps_in_words_say_recorded_and_give_the_count():
    gap = matrix.Gap(7, ("LA01", "LA02"), 18, 3, 1)
    assert matrix.gap_words(gap, "en") == "No recorded activity for goal 7 in 2 provinces"
    assert matrix.gap_words(replace(gap, provinces=("LA01",)), "en") == "No recorded activity for goal 7 in 1 province"
    everywhere = matrix.gap_words(replace(gap, asked=2), "en")
    assert everywhere == "No recorded activity for goal 7 in any of 2 provinces"
    assert matrix.beside_words(gap, "en") == "3 nationwide activities serve it; 1 activity has no known place"
    assert matrix.beside_words(replace(gap, nationwide=0, unlocated=0), "en") == ""


def test_one_set_of_classes_covers_every_cell():
    data = library.embedded()
    for metric in matrix.FIGURES:
        view = Filters(metric=metric)
        found = matrix.of(data, view)
        breaks = matrix.breaks(found, view)
        cells = matrix.values(found, view)[found.cells()]
        assert breaks[-1].upper == cells.max()
        assert sum(one.count for one in breaks) == (cells > 0).sum()
        assert {classes.class_of(int(value), breaks) for value in cells.ravel()} == {*range(len(breaks) + 1)}


def test_cells_print_zero_unknown_money_and_ranges():
    data = library.embedded()
    view = Filters(metric="budget")
    found = matrix.of(data, view)
    unknown = found.at("14", "total")
    assert matrix.text(found, *unknown, view) == "–"
    assert matrix.text(found, *unknown, Filters()) == "0"
    whole = found.at(ALL, "total")
    assert matrix.text(found, *whole, view).startswith("USD ")
    wide = found.at("13", "located")
    assert len(matrix.lines(found, *wide, view)) == 2
    assert len(matrix.lines(found, *wide, replace(view, method="equal"))) == 1
    assert matrix.figure(Filters(metric="people")) == "activities"


def test_the_table_as_text_has_every_cell_that_is_not_zero():
    found = matrix.of(library.embedded(), Filters())
    written = matrix.as_csv(found, Filters()).splitlines()
    assert len(written) == 1 + (found.activities > 0).sum()
    assert written[1].startswith("all,all,total,total,242,")
    assert matrix.as_csv(found, Filters(lang="lo")) != "\n".join(written) + "\n"
