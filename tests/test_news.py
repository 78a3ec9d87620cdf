"""News: read without loss, placed without a guess, counted once."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import codes, gazetteer, i18n, news, news_map, pack, webmap
from geo.errors import InputError
from geo.fields import PartialDate
from geo.filters import Filters
from geo.news import KINDS, NewsItem

HEADER = "kind,date,title,provinces,agencies,sdgs,source_url\n"
AREAS = (*gazetteer.all_areas("adm1"), *gazetteer.all_areas("adm2"))
SCOPES = ("subnational", "nationwide", "unlocated")


def read(*lines: str) -> news.News:
    return news.read((HEADER + "\n".join(lines)).encode(), "news.csv")


def item(provinces: str, title: str = "A title") -> NewsItem:
    return read(f'story,2024-05-01,"{title}","{provinces}",WFP,2,https://example.org/a').items[0]


@pytest.mark.parametrize(
    ("provinces", "scope", "areas", "beside"),
    [
        ("national", "nationwide", (), ()),
        ("national (18 districts)", "nationwide", (), ()),
        ("Attapeu", "subnational", ("LA17",), ()),
        ("Houaphanh;Phongsaly", "subnational", ("LA02", "LA07"), ()),
        ("", "unlocated", (), ()),
        ("eight provinces (unnamed)", "unlocated", (), ()),
        ("Vientiane Capital", "subnational", ("LA01",), ()),
        ("Vientiane Capital (event)", "unlocated", (), ("LA01",)),
        ("Vientiane Capital (event); national scope", "nationwide", (), ("LA01",)),
        ("Champasak (venue); national", "nationwide", (), ("LA16",)),
        ("Vientiane Capital (event); Attapeu", "subnational", ("LA17",), ("LA01",)),
        ("national;Oudomxay", "nationwide", (), ("LA04",)),
        ("Northern and Central areas;Vientiane Capital", "subnational", ("LA01",), ()),
        ("Vientiane", "unlocated", (), ()),
        ("Atlantis", "unlocated", (), ()),
    ],
)
def test_places_are_read_and_nothing_is_guessed(provinces, scope, areas, beside):
    found = item(provinces)
    assert (found.scope, found.areas, found.beside, found.published) == (scope, areas, beside, provinces)


def test_an_unclear_place_is_a_problem_with_its_candidates():
    problems = read("story,2024,A,Vientiane,WFP,2,", "story,2024,B,Atapeu X,WFP,2,").problems
    assert [(one.kind, one.row, one.column) for one in problems] == [
        ("ambiguous_place", 2, "provinces"),
        ("unknown_place", 3, "provinces"),
    ]
    assert [one[-5:-1] for one in problems[0].candidates] == ["LA01", "LA10"]


def test_a_district_in_the_title_makes_its_province_finer_and_no_other_place():
    assert item("Attapeu", "A visit to Sanamxay district").areas == ("LA1703",)
    assert item("Attapeu;Sekong", "A visit to Sanamxay district").areas == ("LA15", "LA1703")
    assert item("Savannakhet", "A visit to Sanamxay district").areas == ("LA13",)
    assert item("national", "A visit to Sanamxay district").areas == ()


def test_one_bad_row_never_costs_a_good_one():
    found = read(
        "story,2024,Good,Attapeu,WFP,2,https://example.org/1",
        "story,2024,,Attapeu,WFP,2,",
        "rumour,not a date,Odd,Attapeu,NOSUCH,99,javascript:alert(1)",
        "story,2024,Good,Attapeu,WFP,2,https://example.org/1",
        "story,2024,Extra,Attapeu,WFP,2,https://example.org/2,more,more",
    )
    assert [one.title for one in found.items] == ["Good", "Odd"] or [one.title for one in found.items] == [
        "Odd",
        "Good",
    ]
    assert len(found.items) + found.rejected == found.rows_read == 5
    kinds = {(one.row, one.kind) for one in found.problems}
    assert kinds >= {
        (3, "missing_value"),
        (4, "unknown_kind"),
        (4, "bad_date"),
        (4, "unknown_agency"),
        (4, "unknown_goal"),
    }
    assert kinds >= {(4, "bad_url"), (5, "duplicate_id"), (6, "row_too_long")}
    assert {one.column for one in found.problems if one.column} <= {*HEADER.strip().split(",")}
    odd = next(one for one in found.items if one.title == "Odd")
    assert (odd.kind, odd.date, odd.goals, odd.url, odd.agencies) == ("rumour", None, (), "", ("NOSUCH",))


def test_a_file_without_titles_is_refused():
    with pytest.raises(InputError, match="title"):
        news.read(b"kind,date\nstory,2024\n", "x.csv")
    assert {one.column for one in news.read(b"title\nA\n", "x.csv").problems} >= {"kind", "date", "provinces"}


def test_the_embedded_news_is_read_whole():
    found = news.embedded()
    assert (found.rows_read, found.rejected) == (len(found.items), 0)
    assert found.problems == ()
    with pack.path(pack.settings().data["news"]).open(encoding="utf-8") as lines:
        assert found.rows_read == sum(1 for _ in lines) - 1
    assert {one.kind for one in found.items} <= {*KINDS}
    assert all(one.url.startswith(("https://", "http://")) and one.host for one in found.items if one.url)
    days = [one.date.first for one in found.items if one.date]
    assert days == sorted(days, reverse=True)
    assert news.embedded() is found


items = st.builds(
    NewsItem,
    kind=st.sampled_from(KINDS),
    title=st.sampled_from(["Wells", "Schools {{7*7}}", "ນ້ຳສະອາດ"]),
    date=st.none() | st.integers(2010, 2026).map(lambda year: PartialDate.parse(str(year))),
    scope=st.sampled_from(SCOPES),
    areas=st.lists(st.sampled_from(AREAS), max_size=3, unique=True).map(lambda found: tuple(sorted(found))),
    agencies=st.lists(st.sampled_from(["WFP", "FAO", "UNDP"]), max_size=2, unique=True).map(tuple),
    goals=st.sets(st.integers(1, 18), max_size=3).map(lambda found: tuple(sorted(found))),
).map(
    lambda one: (
        one
        if one.scope == "subnational" and one.areas
        else replace(one, scope="nationwide" if one.scope == "subnational" else one.scope, areas=())
    )
)
lists = st.lists(items, max_size=12)
views = st.builds(
    Filters,
    sdg=st.sets(st.integers(1, 18).map(str), max_size=2).map(tuple),
    area=st.sets(st.sampled_from(AREAS), max_size=2).map(tuple),
    agency=st.sets(st.sampled_from(["WFP", "FAO"]), max_size=1).map(tuple),
    kind=st.sets(st.sampled_from(KINDS), max_size=2).map(tuple),
    scope=st.sets(st.sampled_from(SCOPES), max_size=1).map(tuple),
    years=st.sampled_from(["", "2015", "2012-2020"]),
    undated=st.sampled_from(["", "1"]),
    q=st.sampled_from(["", "wells", "ສະອາດ"]),
)


@given(lists, views)
def test_filters_keep_what_a_plain_reading_keeps(found, view):
    kept = news.apply(found, view)
    for one in found:
        years = range(one.date.first.year, one.date.last.year + 1) if one.date else ()
        wanted = (
            (not view.sdg or {*map(int, view.sdg)} & {*one.goals})
            and (not view.area or {*view.area} & {*one.areas, *map(gazetteer.province, one.areas)})
            and (not view.agency or {*view.agency} & {*one.agencies})
            and (not view.kind or one.kind in view.kind)
            and (not view.scope or one.scope in view.scope)
            and (
                not view.years
                or (bool(view.undated) if not one.date else {*years} & {*range(view.span[0], view.span[1] + 1)})
            )
            and (not view.q or view.q in one.title.casefold())
        )
        assert (one in kept) == bool(wanted)
    assert {*news.apply(found, view, leaving_out="kind")} >= {*kept}


@given(lists)
def test_every_item_is_counted_once_in_the_country_and_in_each_of_its_provinces(found):
    parts = [news.of_scope(found, scope) for scope in SCOPES]
    assert sum(map(len, parts)) == len(found)
    rows = news_map.rows(found)
    assert [row["pcode"] for row in rows] == list(gazetteer.all_areas("adm1"))
    assert sum(row["items"] for row in rows) == sum(len(one.provinces) for one in found)
    for row in rows:
        assert row["items"] == len(news.for_area(found, row["pcode"]))
        assert all(
            count == len(news.for_goal(news.for_area(found, row["pcode"]), goal)) for goal, count in row["goals"]
        )


def test_news_of_other_filters_is_all_news():
    found = news.embedded().items
    assert news.apply(found, Filters(donor=("Japan",), target=("6.1",), partner=("x",), status=("2",))) == found
    named = {field.name for field in fields(Filters)}
    assert {*news.OTHER_FILTERS} - {"on"} <= named


@pytest.mark.parametrize("language", ["en", "lo"])
def test_the_map_of_news_adds_up_and_goes_to_the_browser(language):
    found = news.embedded()
    spec = news_map.build(found, found.items, Filters(lang=language))
    assert spec.total == spec.located + spec.nationwide + spec.unlocated == len(found.items)
    assert [area.activities for area in spec.areas] == [row["items"] for row in news_map.rows(found.items)]
    assert sum(one.areas for one in spec.classes) == len(spec.areas)
    assert {area.class_index for area in spec.areas} <= {one.index for one in spec.classes}
    sent = webmap.delta(spec)
    assert sent["activities"] == [area.activities for area in spec.areas]
    assert {*news_map.map_words(language)} <= {*webmap.texts(language)}


def test_the_map_of_no_news_is_drawn():
    spec = news_map.build(news.embedded(), (), Filters())
    assert (spec.total, spec.unlocated_text) == (0, "")
    assert {area.class_index for area in spec.areas} == {0}


def test_one_goal_gives_the_map_its_hue():
    found = news.embedded()
    colours = {
        news_map.build(found, found.items, Filters(sdg=(str(goal.number),))).classes[0].colour
        for goal in codes.goals()[:5]
    }
    assert len(colours) == 5


def test_kinds_have_names_in_every_language():
    for language in pack.settings().languages:
        assert all(news.kind_name(kind, language) for kind in KINDS)
        assert i18n.translator(language)("story")
    assert news.kind_name("some-thing", "en") == "some thing"


def test_the_place_where_something_was_said_is_found_apart():
    found = news.embedded().items
    beside = news.beside_area(found, "LA01")
    assert beside
    assert not {*beside} & {*news.for_area(found, "LA01")}
    assert all("event" in one.published or "venue" in one.published for one in beside)
    assert news.for_agency(found, "WFP")
    assert all("WFP" in one.agencies for one in news.for_agency(found, "WFP"))
