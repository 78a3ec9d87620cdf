"""A view is a link: filters go to a query and come back, and a wrong link is a notice, never an error."""

from __future__ import annotations

from dataclasses import fields, replace
from urllib.parse import parse_qs

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import dataset, filters, library, news, scope
from geo.errors import UnknownCodeError
from geo.fields import Activity, Fields, PartialDate
from geo.filters import LEVELS, METHODS, METRICS, VIEWS, Filters, from_query
from tests.support_data import AREAS, DONORS, datasets

goals = st.sets(st.integers(1, 18).map(str), max_size=4).map(lambda found: tuple(sorted(found, key=int)))
areas = st.sets(st.sampled_from(AREAS), max_size=4).map(lambda found: tuple(sorted(found)))
names = (
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=20)
    .map(str.strip)
    .filter(bool)
)
spans = st.just("") | st.tuples(st.integers(1975, 2037), st.integers(0, 60)).map(lambda x: f"{x[0]}-{x[0] + x[1]}")
views = st.builds(
    Filters,
    sdg=goals,
    area=areas,
    agency=st.sets(names, max_size=3).map(lambda found: tuple(sorted(found))),
    donor=st.sets(st.sampled_from(DONORS), max_size=2).map(lambda found: tuple(sorted(found))),
    status=st.sets(st.sampled_from(["1", "2", "4", "none"]), max_size=2).map(lambda found: tuple(sorted(found))),
    scope=st.sets(st.sampled_from(["nationwide", "subnational"]), max_size=1).map(tuple),
    years=spans,
    undated=st.sampled_from(["", "1"]),
    q=st.just("") | names,
    lang=st.sampled_from(["en", "lo"]),
    view=st.sampled_from(VIEWS),
    level=st.sampled_from(LEVELS),
    metric=st.sampled_from(METRICS),
    method=st.sampled_from(METHODS),
    focus=st.just("") | st.sampled_from(AREAS),
)


@given(views)
def test_a_view_goes_to_a_link_and_comes_back(view):
    link = view.to_link()
    back, problems = from_query(parse_qs(link.removeprefix("?")))
    assert back == view
    assert problems == ()


@given(
    st.dictionaries(
        st.sampled_from([item.name for item in fields(Filters)]), st.lists(st.text(max_size=30), max_size=3)
    )
)
def test_any_query_gives_a_view_that_works(query):
    data = library.embedded()
    before = {key: list(value) for key, value in query.items()}
    view, _problems = from_query(query, data)
    assert query == before
    assert filters.apply(data, view).shape == (len(data),)
    assert from_query(view.to_query(), data) == (view, ())


def test_what_a_link_gets_wrong_is_said_and_the_rest_holds():
    query = {
        "sdg": ["6", "19"],
        "area": ["LA17,LA99"],
        "years": ["2020-2010"],
        "agency": ["NOSUCH"],
        "metric": ["gold"],
    }
    view, problems = from_query(query, library.embedded())
    assert (view.sdg, view.area, view.years, view.agency, view.metric) == (("6",), ("LA17",), "", (), "activities")
    assert sorted(problem.value for problem in problems) == ["19", "2020-2010", "LA99", "NOSUCH", "gold"]
    assert all(problem.expected for problem in problems)


@given(datasets(), views)
def test_a_filter_keeps_what_a_plain_reading_of_it_keeps(data, view):
    mask = filters.apply(data, view)
    for row, activity in enumerate(data.activities):
        if not mask[row]:
            continue
        assert not view.sdg or {*view.sdg} & {*map(str, activity.goals)}
        assert not view.agency or {*view.agency} & {*activity.agencies}
        assert not view.donor or {*view.donor} & {*activity.donors}
        assert not view.status or (activity.status or "none") in view.status
        assert not (view.years and not view.undated) or activity.start or activity.end


@given(datasets(), views)
def test_counts_of_choices_are_what_choosing_them_gives(data, view):
    masks = filters.facets(data, view)
    kept = filters.keep(masks, len(data), leaving_out="sdg")
    for number, count in zip(data.goals.names, data.goals.counts(kept), strict=True):
        alone = filters.apply(
            data, Filters(**{**{f.name: getattr(view, f.name) for f in fields(Filters)}, "sdg": (number,)})
        )
        assert count == int(alone.sum())


def test_free_text_finds_without_accents_or_case():
    data = library.embedded()
    mask = filters.apply(data, Filters(q="LUXEMBOURG oudômxay"))
    assert mask.any()
    for row in mask.nonzero()[0]:
        activity = data.activities[row]
        text = " ".join((activity.title, activity.summary, *activity.donors, *activity.places)).casefold()
        assert "luxembourg" in text
        assert "oudom" in text


def test_every_column_of_the_template_is_known():
    assert len({*Fields}) == len(list(Fields)) == 23


@pytest.mark.parametrize(
    ("name", "good", "wrong"),
    [
        ("q", "x" * filters.MAX_TEXT, "x" * (filters.MAX_TEXT + 1)),
        ("studio", "x" * filters.MAX_STUDIO, "x" * (filters.MAX_STUDIO + 1)),
        ("version", "123456789", "1234567890"),
        ("version", dataset.EMBEDDED, "newest"),
        ("version", "7", "\u0667"),
        ("on", "2025-06-30", "2025-06-31"),
        ("on", "1975-01-01", "1974-12-31"),
        ("on", "2100-12-31", "2101-01-01"),
        ("on", "2025-06-30", "20250630"),
        ("years", "1975-2100", "1974-2100"),
        ("years", "2015", "2015-2101"),
        ("years", "2020-2020", "2020-2019"),
        ("years", "2015-2020", "15-20"),
        ("target", "6.1", "6.99"),
        ("undated", "1", "0"),
        ("status", "none", "9"),
        ("view", "difference", "Difference"),
        ("level", "adm2", "adm3"),
        ("method", "population", "guess"),
        ("scope", "unlocated", "local"),
        ("lang", "lo", "xx"),
        ("goal", "18", "19"),
        ("focus", "LA0101", "LA0199"),
        ("kind", news.KINDS[0], "rumour"),
    ],
)
def test_a_link_is_taken_up_to_its_limits_and_not_beyond(name, good, wrong):
    view, problems = from_query({name: [good]})
    assert problems == ()
    assert view.to_query() == {name: [good]}
    view, problems = from_query({name: [wrong]})
    assert view == Filters()
    assert [(one.kind, one.row, one.column, one.value) for one in problems] == [("unknown_filter", 0, name, wrong)]
    assert problems[0].expected
    assert problems[0].fix == "It is left out of this view; correct the link or choose in the filters."


def test_names_that_the_data_lacks_are_said_and_those_that_it_has_hold():
    data = library.embedded()
    activity = next(one for one in data.activities if one.donors and one.implementers and one.budget_basis)
    good = {
        "agency": activity.agencies[0],
        "donor": activity.donors[0],
        "partner": activity.implementers[0],
        "activity": activity.activity_id,
        "who": f"donor:{activity.donors[0]}",
    }
    for name, value in good.items():
        assert from_query({name: [value]}, data)[1] == ()
        assert [one.column for one in from_query({name: ["no such"]}, data)[1]] == [name]
        assert from_query({name: ["no such"]})[1] == ()  # without data there is nothing to hold it against
    others = {"q": "wells", "on": "2025-06-30", "years": "2015", "target": "6.1", "studio": "x"}
    assert from_query({name: [value] for name, value in others.items()}, data) == (
        Filters(**others | {"target": ("6.1",)}),
        (),
    )
    for value in filters.WHO_LISTS:
        assert from_query({"who": [value]}, data)[0].who == value
    assert from_query({"who": ["agency:no such"]}, data)[0].who == ""


def test_a_problem_of_a_link_names_twenty_choices_and_that_there_are_more():
    (problem,) = from_query({"area": ["nowhere"]})[1]
    assert problem.expected.count(",") == 19
    assert problem.expected.endswith(" …")
    (problem,) = from_query({"metric": ["gold"]})[1]
    assert problem.expected == "one of activities, agencies, people, budget"


def test_codes_may_stand_in_one_parameter_and_names_with_commas_stay_whole():
    view, problems = from_query({"sdg": ["13, 6", " 6 ,, 2"], "agency": ["A, B ", " "]})
    assert problems == ()
    assert (view.sdg, view.agency) == (("2", "6", "13"), ("A, B",))
    assert from_query({"sdg": "13,6"})[0].sdg == ("6", "13")  # one value as Streamlit gives it
    assert from_query({"metric": ["people", "budget"]})[0].metric == "budget"


def test_a_link_is_short_and_what_always_stands_in_it_stays():
    assert Filters().to_link() == ""
    assert Filters().to_link(["lang"]) == "?lang=en"
    assert Filters(sdg=("6", "13"), lang="lo").to_link(["lang"]) == "?lang=lo&sdg=6&sdg=13"


def test_the_way_of_showing_is_no_part_of_what_is_selected():
    plain = Filters(sdg=("6",), years="2015", on="2025-06-30", view="registered", q="wells", undated="1")
    shown = replace(
        plain,
        lang="lo",
        level="adm2",
        metric="people",
        method="equal",
        basis="",
        focus="LA17",
        activity="a",
        who="flows",
    )
    assert replace(shown, goal="6", kind=("news",), studio="x", version="7").without_view() == plain


@pytest.mark.parametrize("text", ["https://map.example/goals?sdg=6&sdg=13&q=a+b", "?sdg=6&sdg=13&q=a%20b"])
def test_a_link_is_cut_into_its_parameters(text):
    assert filters.parse_link(text) == {"sdg": ["6", "13"], "q": ["a b"]}


def test_a_link_that_is_none_is_refused_with_its_beginning():
    with pytest.raises(UnknownCodeError, match=r"The link 'https://\[x.* cannot be read"):
        filters.parse_link("https://[x" + "y" * 200)
    with pytest.raises(UnknownCodeError, match="cannot be read"):
        filters.parse_link("?" + "a=1&" * 300)


# One activity for each way of having dates: (start, end) -> the years and days on which it is active.
DATED = [
    ("", ""),
    ("2015", "2017"),
    ("2017", ""),
    ("", "2015"),
    ("2016-05-02", "2016-05-04"),
]


def made(rows):
    day = PartialDate.parse
    return dataset.build(
        [
            Activity(f"a{at}", "Wells", start=day(first) if first else None, end=day(last) if last else None)
            for at, (first, last) in enumerate(rows)
        ],
        digest="",
    )


@pytest.mark.parametrize(
    ("view", "kept"),
    [
        (Filters(years="2016"), [1, 4]),
        (Filters(years="2016", undated="1"), [0, 1, 4]),
        (Filters(years="2017-2018"), [1, 2]),
        (Filters(years="2010-2015"), [1, 3]),
        (Filters(years="2019"), []),
        (Filters(on="2016-05-02"), [1, 4]),
        (Filters(on="2016-05-04"), [1, 4]),
        (Filters(on="2016-05-05"), [1]),
        (Filters(on="2016-05-01"), [1]),
        (Filters(on="2014-12-31"), []),
        (Filters(on="2016-05-04", undated="1"), [0, 1, 4]),
    ],
)
def test_years_and_days_keep_what_is_active_then(view, kept):
    data = made(DATED)
    assert filters.apply(data, view).nonzero()[0].tolist() == kept


def test_areas_statuses_and_scopes_keep_what_a_person_would_pick():
    rows = [Activity(f"a{at}", "Wells", status=status) for at, status in enumerate(["", "2", "", "1", "2"])]
    placed = [("LA15",), ("LA1501",), (), ("LA17",), ("LA1701", "LA15")]
    fixed = {
        one.activity_id: scope.ScopeDecision("subnational" if areas else "unlocated", areas, (), (), "high", "made")
        for one, areas in zip(rows, placed, strict=True)
    }
    published = [replace(one, places=("Sekong" if one.activity_id == "a3" else "Foo",)) for one in rows]
    data = dataset.build(published, digest="", overrides=fixed)

    def kept(**view):
        return filters.apply(data, Filters(**view)).nonzero()[0].tolist()

    assert kept(status=("none",)) == [0, 2]
    assert kept(status=("2",)) == [1, 4]
    assert kept(status=("1", "none")) == [0, 2, 3]
    assert kept(area=("LA15",)) == [0, 1, 4]
    assert kept(area=("LA1501",)) == [1]
    assert kept(area=("LA1701", "LA1501")) == [1, 4]
    assert kept(area=("LA15",), view="registered") == [3]
    assert kept(area=("LA15",), view="difference") == [0, 1, 3, 4]
    assert kept(scope=("unlocated",)) == [2]
    assert kept(scope=("subnational", "unlocated")) == [0, 1, 2, 3, 4]
    assert kept(status=("2",), area=("LA17",)) == [4]
    masks = filters.facets(data, Filters(status=("2",), area=("LA17",)))
    assert filters.keep(masks, 5, leaving_out="area").nonzero()[0].tolist() == [1, 4]
    assert filters.keep({}, 3).tolist() == [True] * 3


def test_each_field_that_filters_has_its_own_mask_to_leave_out():
    data = library.embedded()
    text = {"years": "2015", "on": "2015-06-30", "q": "water"}
    several = {"sdg": ("6",), "target": ("6.1",), "agency": ("WFP",), "donor": ("Japan",), "area": ("LA17",)}
    several |= {
        "partner": ("Ministry of Health",),
        "status": ("2",),
        "scope": ("nationwide",),
        "was": ("LA01",),
        "now": ("LA17",),
    }
    masks = filters.facets(data, Filters(**text, **several))
    assert set(masks) == {*text, *several}
    for name, mask in masks.items():
        others = [one for other, one in masks.items() if other != name]
        assert (filters.keep(masks, len(data), leaving_out=name) == np.logical_and.reduce(others)).all()
        alone = filters.apply(data, Filters(**{name: (text | several)[name]}))
        assert (alone == mask).all()


def test_both_sides_of_the_rule_are_places_and_scopes_and_only_before_it_elsewhere():
    for name, good in (("was", ("LA01", "nationwide", "elsewhere")), ("now", ("LA01", "nationwide"))):
        for value in good:
            assert from_query({name: [value]}) == (Filters(**{name: (value,)}), ())
    assert [one.column for one in from_query({"now": ["elsewhere"], "area": ["nationwide"]})[1]] == ["area", "now"]
    data = library.embedded()
    away, capital = (filters.apply(data, Filters(was=(one,))) for one in ("elsewhere", "LA01"))
    assert (away & ~capital).any()
    assert (capital & ~away).any()
    assert (filters.apply(data, Filters(was=("elsewhere", "LA01"))) == (away | capital)).all()


def test_what_is_expected_of_a_link_is_said_in_words():
    data = library.embedded()
    wanted = {
        "years": ("2O15", "a year or two years, such as 2015 or 2015-2020"),
        "on": ("2025-6-30", "a day, such as 2025-06-30"),
        "target": ("99.1", "a target of the goals, such as 6.1"),
        "version": ("no", "the number of a version that was shown"),
        "basis": ("gold", "one of " + ", ".join(data.basis.names)),
    }
    for name, (value, expected) in wanted.items():
        (problem,) = from_query({name: [value]}, data)[1]
        assert problem.expected == expected
    assert from_query({"years": ["20¹5"], "version": [data.pin]}, data)[0] == Filters(version=data.pin)


def test_what_no_map_by_district_has_is_known_by_its_province_alone():
    placed = [("LA15",), ("LA1501",), ("LA15", "LA1701"), ("LA15", "LA1501"), ()]
    rows = [Activity(f"a{at}", "Wells", places=("Sekong",)) for at, _areas in enumerate(placed)]
    fixed = {
        one.activity_id: scope.ScopeDecision("subnational" if areas else "unlocated", areas, (), (), "high", "made")
        for one, areas in zip(rows, placed, strict=True)
    }
    data = dataset.build(rows, digest="", overrides=fixed)

    def known(**view):
        return filters.without_district(data, Filters(level="adm2", **view)).nonzero()[0].tolist()

    assert known() == [0]
    assert known(area=("LA15",)) == [0, 2]  # the district of the third is another province's
    assert known(area=("LA15", "LA1701")) == [0]
    assert known(area=("LA1501",)) == known(area=("LA17",)) == []
    assert known(view="registered") == [0, 1, 2, 3, 4]
    assert known(q="no such word") == []
