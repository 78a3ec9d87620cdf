"""Charts are values: the same bytes each time, every text escaped, widths that follow the figures."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from datetime import date
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import charts, codes, colours, filters, gazetteer, library, smallmap, timeline
from geo.charts import Bar, Bars, Span, Strips
from geo.fields import Activity, PartialDate
from geo.filters import Filters
from tests.support_data import datasets

HOSTILE = '<script>alert(1)</script>{{7*7}}"\x00\x1b'
DAY = date(2020, 6, 30).toordinal()


def bars(*values, **more):
    return Bars("Activities", tuple(Bar(str(at), value, str(value), **more) for at, value in enumerate(values)))


def strip(*spans):
    return Strips("Dates", DAY, DAY + 1000, (("2021", date(2021, 1, 1).toordinal()),), spans)


def test_bars_are_as_long_as_their_figures():
    assert re.findall(r"--h:([\d.]+)", charts.upright(bars(0, 5, 10))) == ["0.0", "0.5", "1.0"]
    assert re.findall(r"width:([\d.]+)%", charts.across(bars(0, 5, 10))) == ["0.0", "50.0", "100.0"]
    assert charts.upright(bars()).count("<li") == 0
    assert bars(0, 0).most == 1


def test_a_link_a_mark_and_the_chosen_bar_are_shown():
    chart = Bars("Years", (Bar("2016", 3, "3", "years?years=2016-2016&lang=lo", mark="6", on=True),), to="list")
    shown = charts.upright(chart)
    assert 'href="years?years=2016-2016&amp;lang=lo"' in shown
    assert 'aria-current="true"' in shown
    assert 'data-to="list"' in shown
    assert 'aria-label="2016: 3"' in shown
    assert ">6</b>" in charts.across(chart)
    assert "<a" not in charts.across(bars(1))


@pytest.mark.parametrize("draw", [charts.upright, charts.across, charts.upright_svg, charts.across_svg])
def test_text_of_the_data_is_never_markup(draw):
    drawn = draw(Bars(HOSTILE, (Bar(HOSTILE, 1, HOSTILE, HOSTILE, mark=HOSTILE),)))
    assert "<script" not in drawn
    assert "\x00" not in drawn
    ElementTree.fromstring(drawn)


@pytest.mark.parametrize("draw", [charts.strips, charts.strips_svg])
def test_text_of_a_strip_is_never_markup(draw):
    span = Span(HOSTILE, HOSTILE, DAY, DAY + 10, None, "#112233", HOSTILE, True, True, HOSTILE)
    drawn = draw(strip(span))
    assert "<script" not in drawn
    ElementTree.fromstring(drawn)


def test_a_partial_date_is_lighter_than_what_is_sure():
    span = Span("Wells", "2020 – 2021", DAY, DAY + 999, (DAY + 250, DAY + 749), "#112233")
    places = re.findall(
        r"left:([\d.]+)%;width:([\d.]+)%;background:#112233;opacity:([\d.]+)", charts.strips(strip(span))
    )
    assert places == [("0.0", "100.0", f"{charts.LIGHT:g}"), ("25.0", "50.0", "1")]
    coarse = charts.strips(strip(replace(span, sure=None)))
    assert coarse.count("opacity:1") == 0
    assert charts.strips(strip(replace(span, open_start=True, open_end=True))).count("c-open") == 2


def test_a_day_beyond_the_axis_stays_on_the_chart():
    chart = strip()
    assert [chart.place(day) for day in (DAY - 1, DAY, DAY + 500, DAY + 5000)] == [0, 0, 50, 100]


def activity(start="", end="", status="4", source="2026-02-02"):
    read = {name: PartialDate.parse(text) if text else None for name, text in (("start", start), ("end", end))}
    return Activity("a", "Wells", status=status, source_date=source, **read)


@pytest.mark.parametrize(
    ("dates", "sure"),
    [
        (("2015-03-01", "2016-04-30"), ("2015-03-01", "2016-04-30")),
        (("2015", "2017-06"), ("2015-12-31", "2017-06-01")),
        (("2015", "2015"), None),
        (("2015-03-01", "", "2"), ("2015-03-01", "2026-02-02")),
        (("2015-03", "", "2", ""), None),
        (("2015-03-01", ""), ("2015-03-01", "2015-03-01")),
        (("", "2016-04"), None),
        (("", ""), None),
        (("2016-01-01", "2015-01-01"), None),
    ],
)
def test_what_is_sure_is_what_no_reading_of_the_dates_takes_away(dates, sure):
    found = timeline.sure_days(activity(*dates))
    assert (found and tuple(date.fromordinal(day).isoformat() for day in found)) == sure


def test_dates_in_words_say_what_is_not_recorded():
    assert timeline.dates(activity("2015", "2016-04-30"), "en") == "2015 – 30 April 2016"
    assert timeline.dates(activity("", "2016"), "en") == "start not recorded – 2016"
    assert timeline.dates(activity("2015", ""), "en") == "2015 – end not recorded"
    assert timeline.dates(activity("2015", "", "2"), "en") == "2015, under way on 2 February 2026, end not recorded"


@settings(deadline=None, max_examples=30)
@given(datasets(), st.integers(1999, 2031), st.integers(1, 12))
def test_active_on_a_day_is_active_in_its_year_and_surely_is_part_of_it(data, year, month):
    day = f"{year}-{month:02d}-15"
    on = filters.apply(data, Filters(on=day))
    assert not (on & ~filters.apply(data, Filters(years=f"{year}-{year}"))).any()
    assert timeline.surely_on(data, on, day) <= on.sum()
    every = filters.apply(data, Filters())
    assert timeline.surely_on(data, every, day) == timeline.surely_on(data, on, day)
    undated = filters.apply(data, Filters(on=day, undated="1"))
    assert undated.sum() == on.sum() + (data.first_year == 0).sum()


@settings(deadline=None, max_examples=30)
@given(datasets())
def test_every_dated_activity_has_one_line_in_the_order_of_starts(data):
    every = filters.apply(data, Filters())
    rows = timeline.order(data, every)
    assert sorted(rows) == [row for row in range(len(data)) if data.first_year[row]]
    assert list(data.days[rows, 0]) == sorted(data.days[rows, 0])
    chart = timeline.strips(data, rows, rows, Filters(), lambda one: f"?activity={one}")
    assert len(chart.spans) == len(rows)
    for span in chart.spans:
        assert chart.first <= span.first <= span.last <= chart.last
        assert span.sure is None or span.first <= span.sure[0] <= span.sure[1] <= span.last


def test_a_day_that_is_none_is_a_problem_of_the_link():
    for wrong in ("2025-02-30", "20250630", "2025", "1200-01-01", "yesterday"):
        view, problems = filters.from_query({"on": [wrong]})
        assert view.on == ""
        assert [problem.column for problem in problems] == ["on"]
    view, problems = filters.from_query({"on": ["2025-06-30"], "goal": ["6"]})
    assert (view.on, view.goal, problems) == ("2025-06-30", "6", ())
    assert filters.from_query({"goal": ["19"]})[1][0].column == "goal"


def test_the_goal_that_stands_open_selects_nothing():
    data = library.embedded()
    assert filters.apply(data, Filters(goal="6")).all()


def test_the_colour_of_a_line_is_that_of_the_goal_asked_for():
    one = replace(activity(), goals=(6, 13))
    assert timeline.lead_goal(one, Filters()) == 6
    assert timeline.lead_goal(one, Filters(sdg=("13",))) == 13
    assert timeline.lead_goal(activity(), Filters()) == 0


def test_charts_are_the_same_bytes_each_time():
    data = library.embedded()
    rows = timeline.order(data, filters.apply(data, Filters()))
    drawn = [charts.strips_svg(timeline.strips(data, rows, rows, Filters(), lambda one: one)) for _ in range(2)]
    assert drawn[0] == drawn[1]
    ElementTree.fromstring(drawn[0])


def test_eighteen_small_maps_weigh_twelve_kilobytes_at_most():
    provinces = gazetteer.all_areas("adm1")
    drawn = ""
    for goal in codes.goals():
        ramp = (*colours.ramp(goal.colour, 5), colours.ZERO_COLOUR, None)
        drawn += smallmap.picture({code: ramp[(at * goal.number) % 7] for at, code in enumerate(provinces)})
    assert len(gzip.compress(drawn.encode())) <= 12_000


def test_a_small_map_has_every_province_in_its_colour():
    provinces = gazetteer.all_areas("adm1")
    fills = {code: f"#0000{at:02X}" for at, code in enumerate(provinces)}
    drawn = unquote(smallmap.picture({**fills, provinces[0]: None}, HOSTILE).partition(",")[2])
    root = ElementTree.fromstring(drawn.replace("\x00", "").replace("\x1b", ""))
    painted = [path.get("fill") for path in root.iter("{http://www.w3.org/2000/svg}path")]
    assert painted[1:] == ["url(#h)", *list(fills.values())[1:]]
    assert "<script" not in drawn
    larger = smallmap.picture(fills, times=2)
    assert f"width='{2 * smallmap.SIZE[0]}'" in unquote(larger)
    assert len(larger) > len(smallmap.picture(fills))
