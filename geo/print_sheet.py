"""Floor 6: eighteen small maps on one sheet, and the table of two figures beside a bivariate map."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from geo import i18n, pack, svgmap
from geo.classes import NO_DATA
from geo.colours import DEFAULT_HUE, lightness, ramp, text_on
from geo.mapspec import AreaFigure
from geo.print_frame import Frame, fit
from geo.print_legend import STRIP_CELL, in_legend_order, short
from geo.print_spec import Leaf, SmallMap
from geo.print_text import width

Part = dict[str, Any]
Translate = Callable[[str], str]
Tidy = Callable[[str, int], str]
GAP_X, GAP_Y = 12.0, 8.0
LEGEND = 40.0  # points of the strip that explains all maps
SHORT_VALUE, LONG_SIZE = 42.0, 6.8  # of the table beside two maps: points of a value; letters of longer ones
MOST_ROWS = 24  # of a table of two figures
NARROW = 90.0  # points of a cell below which the parts of its total are figures alone, with their words in the strip
HEAD = 22.0  # of a cell: its rule, number and name
TOLD, TOLD_SMALL = 5.6, 5.2  # size of what stands under a total
STRIP_CELL_NARROW = 43.0


def cells(leaf: Leaf, held: Frame, _: Translate, tidy: Tidy) -> Part:
    """Return the sheet's cells, one for each goal, and the strip that explains them."""
    columns = 6 if held.paper.width >= held.paper.height else 4
    count = len(leaf.small)
    if not held.paper.upright and count <= 8:
        columns = 4
    lines = -(-max(count, 1) // columns)
    wide = (held.room - GAP_X * (columns - 1)) / columns
    high = (held.height - LEGEND - GAP_Y * lines) / lines
    found = []
    for at, small in enumerate(leaf.small):
        x = held.left + at % columns * (wide + GAP_X)
        y = held.top + at // columns * (high + GAP_Y)
        found.append({"x": x, "y": y, "width": wide, "height": high, **_cell(leaf, small, wide, high, _, tidy)})
    strip = {
        "x": held.left,
        "y": held.bottom - LEGEND + 4,
        "width": held.room,
        "height": LEGEND,
        "items": [_strip(leaf, held.room, wide < NARROW, _, tidy)],
    }
    return {"cells": found, "columns": [strip]}


def _cell(leaf: Leaf, small: SmallMap, wide: float, high: float, _: Translate, tidy: Tidy) -> Part:
    language = leaf.spec.language
    map_high = high - HEAD - 2
    map_wide = min(wide * 0.98, map_high * 0.86)
    drawing = svgmap.draw("adm1", "", round(map_wide, 1), round(map_high, 1), (2.0, 2.0, 2.0, 2.0))
    picture = svgmap.svg(drawing, dict(small.fills), land="", prefix=f"g{small.goal}-", small=True)
    narrow = wide < NARROW
    room = (wide - 24) * (0.9 if narrow else 1)  # a long word leaves much of a short line empty
    name, size, _lines = fit(tidy(small.name, 70), room, (7.8, 7.0, 6.4), 2, 600)
    told = _sum(small, language, _, named=not narrow)
    told += [_("most: {area}").format(area=small.most)] if small.most and not narrow else []
    return {
        "number": str(small.goal),
        "colour": small.colour,
        "ink": text_on(small.colour),
        "name": name,
        "name-size": size,
        "total": i18n.number(small.total, language),
        "total-size": 9.0 if narrow else 13.0,
        "unit": "" if narrow else i18n.plural(language)("activity", "activities", small.total),
        "told": [{"text": tidy(text, 40), "size": _told_size(text, wide)} for text in told],
        "svg": picture,
        "map-width": map_wide,
        "map-height": map_high,
        "head": HEAD,
        "alt": tidy(small.alt, 600),
    }


def _sum(small: SmallMap, language: str, _: Translate, *, named: bool) -> list[str]:
    """Return the parts that a goal's total is the sum of; without their words on one line, and all three of them."""
    parts = (
        (small.located, _("in provinces")),
        (small.nationwide, _("nationwide")),
        (small.unlocated, _("unlocated")),
    )
    if not small.total:
        return []
    if not named:
        return ["= " + " + ".join(i18n.number(count, language) for count, _name in parts)]
    told = [f"{i18n.number(count, language)} {name}" for count, name in parts if count]
    return [f"{sign} {text}" for sign, text in zip(("=", "+", "+"), told, strict=False)]


def _told_size(text: str, wide: float) -> float:
    return TOLD if width(text, TOLD) < wide * 0.52 else TOLD_SMALL


def _strip(leaf: Leaf, room: float, narrow: bool, _: Translate, tidy: Tidy) -> Part:
    """Return the classes of all maps; where cells are narrow, with the words for the parts of their totals."""
    spec = leaf.spec
    cell = STRIP_CELL_NARROW if narrow else STRIP_CELL
    order = [one for one in reversed(in_legend_order(spec.classes)) if one.index != NO_DATA]
    greys = [grey(lightness(colour)) for colour in ramp(DEFAULT_HUE, max(len(order) - 1, 1))]
    rows = [
        {"label": short(one, cell, tidy), "colour": greys[one.index - 1] if one.index > 0 else "#FFFFFF"}
        for one in order
    ]
    text = _("One set of classes for all maps: equal lightness stands for an equal figure, whatever the goal's colour.")
    if narrow:
        text = _("Under each goal: its activities = in provinces + nationwide + unlocated.")
    shown = narrow or len(rows) * cell + 200 < room
    title = tidy(spec.legend_title, 60)
    return {"kind": "strip", "title": title, "rows": rows, "text": text if shown else "", "cell": cell}


def grey(lstar: float) -> str:
    """Return the grey of that CIE L*: the classes of all maps in their lightness alone."""
    light = ((lstar + 16) / 116) ** 3
    part = round(255 * (1.055 * light ** (1 / 2.4) - 0.055))
    return "#" + f"{part:02X}" * 3


def side_by_side(leaf: Leaf, _: Translate, tidy: Tidy) -> Part:
    """Return the figures of two maps by area, the greatest difference first."""
    first, second = leaf.specs
    after = {area.pcode: area for area in second.areas}
    pairs = [(area, after[area.pcode]) for area in first.areas]

    def order(pair: tuple[AreaFigure, AreaFigure]) -> tuple[Decimal, str]:
        zero = Decimal(0)
        return -abs((pair[1].value or zero) - (pair[0].value or zero)), pair[0].name_en

    pairs.sort(key=order)
    rows = [
        {"colour": None, "cells": [_name(one, first.language), one.value_text, two.value_text]} for one, two in pairs
    ]
    unit = _("District") if first.level == "adm2" else _("Province")
    head = [unit, _("Left"), _("Right")]
    size = LONG_SIZE if long_values(leaf) else 7.8
    return {"kind": "both", "title": _("Side by side"), "head": head, "rows": rows[:MOST_ROWS], "size": size}


def long_values(leaf: Leaf) -> bool:
    """Tell whether a value of the maps, such as a range of money, wants a wide column."""
    return any(width(area.value_text, 7.8) > SHORT_VALUE for spec in leaf.specs for area in spec.areas)


def _name(area: AreaFigure, language: str) -> str:
    return area.name_lo if pack.is_local(language) and area.name_lo else area.name_en


def both_figures(leaf: Leaf, _: Translate, tidy: Tidy) -> Part:
    """Return both figures of every area, the highest first, each with the colour of its class."""
    spec = leaf.spec
    colours = {one.index: one.colour for one in spec.classes}
    areas = sorted(spec.areas, key=lambda area: (-(area.value or 0), area.name_en))
    across = leaf.axes.across if leaf.axes else ""
    upwards = leaf.axes.upwards if leaf.axes else ""
    rows = []
    for area in areas:
        first, _sep, second = area.value_text.partition(" · ")
        cells = [tidy(_name(area, spec.language), 40), first, second]
        rows.append({"colour": colours.get(area.class_index, "#FFFFFF"), "cells": cells})
    head = [_("District") if spec.level == "adm2" else _("Province"), tidy(across, 60), tidy(upwards, 60)]
    return {"kind": "both", "title": _("Both figures"), "head": head, "rows": rows, "size": 7.8}
