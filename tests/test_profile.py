"""An area's profile: its figures are those of the area filter, ranks are what sorting gives, old borders are said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import gazetteer, library, pack, profile, tables
from geo.dataset import build as build_dataset
from geo.errors import PackError, UnknownCodeError
from geo.fields import Activity, PartialDate
from geo.filters import Filters
from geo.scope import ScopeDecision
from tests.support_data import AREAS, datasets

PROVINCES = gazetteer.all_areas("adm1")


@settings(deadline=None)  # the first example loads the boundaries
@given(datasets(), st.sampled_from(AREAS))
def test_figures_are_those_of_the_area_filter(data, pcode):
    one = profile.build(data, Filters(focus=pcode))
    figures, mask = tables.summarise(data, Filters(area=(pcode,)), one.level)
    assert (one.here == mask).all()
    assert one.row["activities"] == one.figures.total == figures.total == int(mask.sum())
    assert not (one.here & one.nationwide).any()
    assert int(one.nationwide.sum()) == tables.summarise(data, Filters())[0].nationwide


@settings(deadline=None)  # the first example loads the boundaries
@given(datasets(), st.sampled_from(PROVINCES))
def test_a_rank_is_the_place_that_sorting_gives(data, pcode):
    one = profile.build(data, Filters(focus=pcode))
    rows = {row["pcode"]: row for row in profile.rows(data, Filters(), "adm1")}
    assert set(rows) == set(PROVINCES)
    for name, rank in one.ranks.items():
        values = sorted((row[name] for row in rows.values() if row[name] is not None), reverse=True)
        assert values[rank.place - 1] == rows[pcode][name]
        assert values.count(rows[pcode][name]) == rank.ties + 1
        assert rank.of == len(values)
    assert all(one.row[name] for name in one.ranks)


def test_the_area_filter_makes_way_for_the_page_s_area():
    data = library.embedded()
    assert profile.build(data, Filters(focus="LA17", area=("LA06",))).figures.total == (
        profile.build(data, Filters(focus="LA17")).figures.total
    )


def test_every_area_has_a_page_with_its_neighbours_and_districts():
    data = library.embedded()
    for pcode in AREAS:
        one = profile.build(data, Filters(focus=pcode))
        assert one.neighbours
        assert {gazetteer.level(row["pcode"]) for row in one.neighbours} == {one.level}
        assert [row["pcode"] for row in one.inside] == list(gazetteer.children(pcode))
        assert (one.row["per_100k"] is None) == (one.level == "adm2")


def test_people_and_rates_are_of_the_census():
    row = next(row for row in profile.rows(library.embedded(), Filters(), "adm1") if row["pcode"] == "LA17")
    assert row["per_100k"] == pytest.approx(row["activities"] * 100_000 / gazetteer.population("LA17"))


def test_money_keeps_the_bases_apart():
    data = library.embedded()
    one = profile.build(data, Filters(focus="LA17"))
    assert {money.basis for money in one.money} == set(data.basis.names)
    for money in one.money:
        row = next(
            row for row in tables.table(data, Filters(basis=money.basis), "province").rows if row["pcode"] == "LA17"
        )
        assert (money.low / 100, money.high / 100, money.budgets) == (
            row["budget_low"],
            row["budget_high"],
            row["budgets"],
        )


def _dated(number: int, start: str) -> Activity:
    return Activity(f"a{number}", "Wells", start=PartialDate.parse(start) if start else None)


def _data(*starts: str, area: str):
    rows = [_dated(number, start) for number, start in enumerate(starts)]
    decision = ScopeDecision("subnational", (area,), (), (), "high", "of a test")
    return build_dataset(rows, digest=area, overrides={row.activity_id: decision for row in rows})


@pytest.mark.parametrize("area", ["LA18", "LA1801", "LA09", "LA10"])
def test_an_activity_before_the_borders_changed_says_so(area):
    data = _data("2012", "2013-12", "2013-12-12", "2013-12-13", "2014", "", area=area)
    one = profile.build(data, Filters(focus=area))
    # A month or year that may lie on either side of the day is not known to be before it.
    assert np.flatnonzero(one.older).tolist() == [0, 2]
    assert [change.since.text for change in one.changes] == ["1994", "2006-01-13", "2013-12-13"]
    said = [profile.before(activity, (area,)) for activity in data.activities]
    assert [bool(changes) for changes in said] == [True, False, True, False, False, False]
    assert said[0][0].since.text == "2013-12-13"
    assert set(profile.peers(said[0][0])) | {gazetteer.province(area)} == {"LA09", "LA10", "LA18"}


def test_an_area_without_changes_says_nothing():
    one = profile.build(_data("1990", area="LA17"), Filters(focus="LA17"))
    assert one.changes == ()
    assert not one.older.any()


def test_every_change_is_sourced_and_told_in_both_languages():
    for code in PROVINCES:
        for change in profile.changes(code):
            assert change.source
            assert change.what("lo") != change.what("en")
            assert replace(change, what_lo="").what("lo") == change.what("en")


def test_a_misspelt_table_of_changes_is_named(monkeypatch):
    monkeypatch.setattr(pack, "rows", lambda name: [{"pcode": "LA18", "from_date": "yesterday"}])
    profile._changes.cache_clear()
    try:
        with pytest.raises(PackError, match="area_history"):
            profile.changes("LA18")
    finally:
        profile._changes.cache_clear()


def test_an_unknown_area_is_refused():
    with pytest.raises(UnknownCodeError, match="LA99"):
        profile.build(library.embedded(), Filters(focus="LA99"))
