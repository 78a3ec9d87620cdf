"""Floor 5: the maps of the studio's pages: one scale for several maps, two figures on one map, goals side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np

from geo import classes, codes, colours, gazetteer, i18n, mapspec, matrix, pack, words
from geo.classes import NO_DATA, ZERO, Break
from geo.code_columns import Mask
from geo.dataset import Dataset
from geo.filters import Filters
from geo.mapspec import AreaFigure, LegendClass, MapSpec
from geo.print_spec import Axes, Listed, Listing, SmallMap

CENTS = 100
MOST_LISTED = 200
POINTED = ("map", "ranked", "province")  # kinds of page that show activity points
SIDES = 3  # classes of each figure of a bivariate map
# Rows from low to high upwards, columns from low to high across, after Joshua Stevens; darker with either figure.
BIVARIATE = (
    ("#EDEDED", "#A6D9DC", "#4FB3B8"),
    ("#DFB0D6", "#A5ABCF", "#4F8FB0"),
    ("#C364AE", "#7E5CA5", "#3B4994"),
)


def rescaled(specs: Sequence[MapSpec], found: Sequence[Filters], count: int, hue: str = "") -> tuple[MapSpec, ...]:
    """Return the maps with one scale of ``count`` classes over all of their values, in one hue ("" the maps' own).

    A difference has classes on both sides of zero and keeps its own.
    """
    if any(spec.view == "difference" for spec in specs):
        return tuple(specs)
    shown = found[0]
    scale = classes.breaks([_whole(a.value, shown) for spec in specs for a in spec.areas], count)
    return tuple(onto(spec, scale, one, hue or _hue(one)) for spec, one in zip(specs, found, strict=True))


def onto(spec: MapSpec, scale: tuple[Break, ...], found: Filters, hue: str) -> MapSpec:
    """Return the map on a given scale of rising classes."""
    ramp = colours.ramp(hue, max(len(scale), 1))
    areas = tuple(replace(area, class_index=classes.class_of(_whole(area.value, found), scale)) for area in spec.areas)
    counts = [area.class_index for area in areas]
    rows = [
        LegendClass(
            index=at,
            label=words.class_label(one.lower, one.upper, found),
            colour=ramp[at - 1],
            areas=counts.count(at),
            lower=Decimal(one.lower),
            upper=Decimal(one.upper),
        )
        for at, one in enumerate(scale, 1)
    ]
    rest = [replace(one, areas=counts.count(one.index)) for one in spec.classes if one.index in (ZERO, NO_DATA)]
    return replace(spec, areas=areas, classes=(*reversed(rows), *rest))


def _whole(value: Decimal | None, found: Filters) -> int | None:
    """Return a value in the whole units that classes are of: money in hundredths."""
    return None if value is None else int(value * (CENTS if found.metric == "budget" else 1))


def _hue(found: Filters) -> str:
    return codes.goal(int(found.sdg[0])).colour if len(found.sdg) == 1 else colours.DEFAULT_HUE


def scale_of(dataset: Dataset, found: Filters, count: int) -> tuple[Break, ...]:
    """Return the classes of a view over the whole country."""
    return classes.breaks(mapspec.area_values(*mapspec.sides(dataset, found), found), count)


# ---- bivariate


def bivariate(dataset: Dataset, found: Filters, against: str, options: dict[str, Any]) -> tuple[MapSpec, Axes]:
    """Return the provinces by activities and, upwards, people of the census or agencies, in three classes each."""
    _ = i18n.translator(found.lang)
    view = replace(
        found, level="adm1", metric="activities", view="corrected" if found.view == "difference" else found.view
    )
    spec = mapspec.build(dataset, view, **options)
    other = [gazetteer.population(a.pcode) if against == "people" else a.agencies for a in spec.areas]
    census = _("People, census {year}").format(year=pack.settings().census_year)
    across, upwards = words.metric_name(view), census if against == "people" else _("Agencies")
    first, second = _thirds([a.activities for a in spec.areas]), _thirds(other)
    areas = tuple(_both(area, value, first, second, found.lang) for area, value in zip(spec.areas, other, strict=True))
    counts = [area.class_index for area in areas]
    levels = (_("low"), _("middle"), _("high"))
    legend = tuple(
        LegendClass(
            index=row * SIDES + column + 1,
            label=f"{across}: {levels[column]} · {upwards}: {levels[row]}",
            colour=BIVARIATE[row][column],
            areas=counts.count(row * SIDES + column + 1),
        )
        for row in range(SIDES)
        for column in range(SIDES)
    )
    title = _("{first} and {second}").format(first=across, second=upwards)
    axes = Axes(across, upwards, _bounds(first, found.lang), _bounds(second, found.lang), BIVARIATE)
    return replace(spec, areas=areas, classes=legend, legend_title=title), axes


def _both(area: AreaFigure, other: int, first: list[list[int]], second: list[list[int]], language: str) -> AreaFigure:
    column, row = _third(area.activities, first), _third(other, second)
    text = f"{i18n.number(area.activities, language)} · {i18n.compact(other, language)}"
    return replace(area, class_index=row * SIDES + column + 1, value=Decimal(area.activities), value_text=text)


def _thirds(values: Sequence[int]) -> list[list[int]]:
    """Return the distinct values in three groups of nearly as many areas each; equal values are never parted."""
    order = sorted(values)
    cuts = [order[min(len(order) * part // SIDES, len(order) - 1)] for part in range(1, SIDES)] if order else []
    return [sorted({value for value in order if sum(value >= cut for cut in cuts) == part}) for part in range(SIDES)]


def _third(value: int, groups: list[list[int]]) -> int:
    return next(at for at, group in enumerate(groups) if value in group)


def _bounds(groups: list[list[int]], language: str) -> tuple[str, ...]:
    def told(group: list[int]) -> str:
        if not group:
            return "–"
        low, high = (i18n.compact(value, language) for value in (group[0], group[-1]))
        return low if low == high else f"{low} – {high}"

    return tuple(told(group) for group in groups)


# ---- eighteen goals


def goals(dataset: Dataset, found: Filters, count: int) -> tuple[MapSpec, tuple[SmallMap, ...]]:
    """Return a map that names data, classes and country, and a small map for each goal on one scale."""
    plain = replace(found, level="adm1", view="corrected" if found.view == "difference" else found.view)
    plain = replace(plain, metric=matrix.figure(plain))
    table = matrix.of(dataset, replace(plain, sdg=()))
    values = matrix.values(table, plain)
    scale = classes.breaks((int(value) for value in values[table.cells()].ravel()), count)
    spec = onto(mapspec.build(dataset, plain), scale, plain, colours.DEFAULT_HUE)
    wanted = plain.sdg or tuple(str(goal.number) for goal in codes.goals())
    return spec, tuple(_small(table, values, scale, int(goal), plain) for goal in wanted)


def _small(table: matrix.Matrix, values: Any, scale: tuple[Break, ...], number: int, found: Filters) -> SmallMap:
    _ = i18n.translator(found.lang)
    goal = codes.goal(number)
    row = table.rows.index(str(number))
    ramp = (colours.ZERO_COLOUR, *colours.ramp(goal.colour, max(len(scale), 1)))
    pcodes = table.columns[len(matrix.MARGINS) :]
    own = [int(value) for value in values[row][len(matrix.MARGINS) :]]
    fills = tuple((code, ramp[classes.class_of(value, scale)]) for code, value in zip(pcodes, own, strict=True))
    sums = (int(table.activities[row, at]) for at in range(len(matrix.MARGINS)))  # all, and its three parts
    total, located, nationwide, unlocated = sums
    top = max(range(len(own)), key=lambda at: (own[at], -at)) if any(own) else None
    most = "" if top is None else words.area_name(pcodes[top], found.lang)
    empty = sum(not value for value in own)
    alt = _("SDG {goal} {name}: {total} activities, most in {area}; none in {empty} provinces.").format(
        goal=number, name=goal.name(found.lang), total=total, area=most or "–", empty=empty
    )
    return SmallMap(number, goal.name(found.lang), goal.colour, fills, total, located, nationwide, unlocated, most, alt)


# ---- lists


def listing(dataset: Dataset, mask: Mask, title: str, found: Filters) -> Listing:
    """Return the masked activities as a list, the greatest budgets first, then by title."""
    places = dataset.places(found.view)
    rows = sorted(
        np.flatnonzero(mask).tolist(), key=lambda row: (-int(dataset.cents[row]), dataset.activities[row].title)
    )
    listed = []
    for row in rows[:MOST_LISTED]:
        one = dataset.activities[row]
        areas = places.decisions[row].areas
        names = ", ".join(words.area_name(code, found.lang) for code in areas[:4]) + (" …" if len(areas) > 4 else "")
        cents = int(dataset.cents[row])
        budget = words.money(cents, found.lang) if cents >= 0 else ""
        listed.append(Listed(one.activity_id, one.title, ", ".join(one.agencies), names, one.goals, budget))
    return Listing(title, tuple(listed), len(rows))
