"""The charts of a page as SVG files, from the view alone: what stands open in it is what its charts are of.

Nothing here needs a run of a page: the files have addresses (``file_route``), and the pages draw the same values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from geo import charts, classes, codes, colours, i18n, partners, profile, timeline, words
from geo.dataset import Dataset
from geo.errors import InputError
from geo.filters import Filters
from geo.summary import Summary
from pages._ui import cache

PAGE = 150  # lines of the strip chart at once


def years(data: Dataset, found: Filters) -> str:
    """Return the activities of each year, of the goal, partner or area that stands open or of the whole view."""
    return charts.upright_svg(year_bars(_figures(data, found), found, colour(found)))


def provinces(data: Dataset, found: Filters) -> str:
    """Return the activities by province, of the goal or partner that stands open or of the whole view."""
    return charts.across_svg(province_bars(_figures(data, replace(found, focus="")), found))


def strips(data: Dataset, found: Filters, page: str) -> str:
    """Return one page of the starts and ends of a view, counted from 1.

    Raises:
        InputError: when there is no such page.
    """
    _figures, mask = cache.selection(data, found)
    rows = timeline.order(data, mask)
    last = max(1, -(-len(rows) // PAGE))
    if not (page.isascii() and page.isdigit() and len(page) < 9 and 1 <= int(page) <= last):
        raise InputError(f"Got page {page[:20]!r} of the chart; expected 1 to {last}. Choose it there anew.")
    shown = rows[(int(page) - 1) * PAGE : int(page) * PAGE]
    return charts.strips_svg(timeline.strips(data, shown, rows, found, lambda _activity: ""))


def colour(found: Filters) -> str:
    """Return the colour of a chart: that of the goal that stands open."""
    return codes.goal(int(found.goal)).colour if found.goal else colours.DEFAULT_HUE


def _figures(data: Dataset, found: Filters) -> Summary:
    """Return the figures of what stands open: those of a goal and of the whole view are of all years."""
    always = replace(found, level="adm1", years="", on="", undated="")
    kind, name = partners.parse_who(found.who)
    if found.goal:
        return cache.selection(data, replace(always, sdg=(found.goal,)))[0]
    if kind:
        return partners.build(data, found, kind, name).figures
    if found.focus:
        return profile.build(data, found).figures
    return cache.selection(data, always)[0]


def year_bars(
    figures: Summary, found: Filters, hue: str, link: Callable[[int], str] = lambda _year: "", to: str = ""
) -> charts.Bars:
    """Return the activities of each year as bars; ``link`` gives the address that a year opens."""
    bars = []
    for year in range(min(figures.years, default=0), max(figures.years, default=-1) + 1):
        count = figures.years.get(year, 0)
        text = i18n.number(count, found.lang)
        on = found.span == (year, year)
        bars.append(charts.Bar(str(year), count, text, link(year) if count else "", hue, on=on))
    return charts.Bars(i18n.translator(found.lang)("Activities active in each year"), tuple(bars), to)


def province_bars(figures: Summary, found: Filters, link: Callable[[str], str] = lambda _code: "") -> charts.Bars:
    """Return the provinces with activities as bars, the most first, in their classes' colours."""
    _ = i18n.translator(found.lang)
    counts = dict(zip(figures.area.pcodes, figures.area.activities.tolist(), strict=True))
    shades = shaded(counts, colour(found))
    order = sorted((code for code in counts if counts[code]), key=lambda code: (-counts[code], code))
    bars = tuple(
        charts.Bar(
            words.area_name(code, found.lang),
            counts[code],
            i18n.number(counts[code], found.lang),
            link(code),
            shades[code],
        )
        for code in order
    )
    name = _("Activities by province")
    if found.goal:
        name = _("Activities by province, SDG {number}").format(number=found.goal)
    return charts.Bars(name, bars)


def shaded(counts: Mapping[str, int], hue: str) -> dict[str, str]:
    """Return the colour of each area by the class of its count."""
    breaks = classes.breaks(counts.values())
    ramp = (colours.ZERO_COLOUR, *colours.ramp(hue, max(len(breaks), 1)))
    return {code: ramp[classes.class_of(count, breaks)] for code, count in counts.items()}
