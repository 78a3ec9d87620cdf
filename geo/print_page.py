"""Floor 6: a page as the data of the Typst template: sizes, places and cleaned words, as plain JSON values.

Lengths are points of the page; ``unit`` scales them to the paper.  Each kind of page places its maps, its columns of
parts (``items`` that flow from the top) and its cells; the template sets what stands here and decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from geo import i18n, print_desk, print_flow, print_legend, print_list, print_sheet, print_table
from geo.mapspec import MapSpec
from geo.print_desk import GAP, Desk, Space
from geo.print_frame import accent, day, frame
from geo.print_spec import Leaf, Paper
from geo.print_spec import paper as sheet_of
from geo.print_text import clean

Part = dict[str, Any]
Page = dict[str, Any]
ALONE_RATIO = 1.35  # width to height beyond which a map alone would show its neighbours only
SIDE_OF_PAIR, SIDE_LONG = 178.0, 246.0  # width of the table beside two maps; of one with ranges of money
SIDE_OF_MAP = 190.0  # width of the column beside a map that stands alone
LINE_OF_CONTENTS = 9.8  # points below which a line of an atlas' contents would touch the next
BAND = 168.0  # height of the band below it on an upright page


def page(leaf: Leaf | MapSpec, *, paper: str = "a4", orientation: str = "landscape", strict: bool = False) -> Page:
    """Return everything that the template shows of a page (of a map alone: with ranked bars), as plain JSON values.

    Raises:
        InputError: when the paper, the orientation or the date is unknown.
        UnknownCodeError: when the page names an area that the boundaries do not have.
    """
    if isinstance(leaf, MapSpec):
        leaf = Leaf("ranked", (leaf,), leaf.title, leaf.subtitle)
    sheet = sheet_of(paper, orientation)
    held = frame(leaf, sheet, strict=strict)
    language = leaf.spec.language

    def tidy(text: str, limit: int) -> str:
        return clean(text, limit, strict=strict)

    desk = Desk(leaf, held, accent(leaf.spec), i18n.translator(language), tidy)
    placed = _KINDS[leaf.kind](desk)
    alt = [one["alt"] for one in placed.get("maps", [])] or [cell["alt"] for cell in placed.get("cells", [])]
    return {
        "lang": language,
        "left": held.left,
        "content": held.room,
        "accent": desk.accent,
        "heading": held.heading,
        "title": held.heading["title"],
        "description": tidy(" ".join(alt), 1500),
        "author": tidy(leaf.spec.attribution, 120),
        "date": day(leaf.spec.created),
        "number": leaf.number or 1,
        "maps": [],
        "columns": [],
        "cells": [],
        **placed,
        "foot": held.foot,
    }


def _alone(desk: Desk) -> Page:
    """Place a map that stands alone, as large as it can be."""
    held, listed = desk.frame, desk.leaf.nationwide == "list"
    if held.paper.upright:
        band = BAND + (90.0 if listed else 0.0)
        space = Space(held.left, held.top, held.room, held.height - band - GAP)
        below = Space(held.left, held.top + space.height + GAP, held.room, band)
        half = below.width / 2 - GAP
        items, _high = print_desk.explained(desk, half)
        left = [print_desk.parts(desk, half)[0], *([] if listed else [items[1]])]
        right = [items[0]]
        columns = [
            print_desk.column(
                below, [print_desk.row([1, 1], left, right), *print_desk.listed(desk, below.width, band - 150)]
            )
        ]
    else:
        wide = 130.0 if held.paper.square else max(SIDE_OF_MAP, held.room - held.height * ALONE_RATIO - 18)
        space = Space(held.left, held.top, held.room - wide - 18, held.height)
        side = Space(held.left + space.width + 18, held.top, wide, held.height)
        items, high = print_desk.explained(desk, wide)
        part, taken = print_desk.parts(desk, wide)
        rest = side.height - taken - high - 2 * GAP - GAP
        if rest < 0:  # the line that adds up says what the box would
            items = items[:1]
        columns = [print_desk.column(side, [part, *items, *print_desk.listed(desk, wide, rest)])]
    return {"maps": [desk.map(desk.spec, space)], "columns": columns}


def _ranked(desk: Desk) -> Page:
    """Place a map with ranked bars and what explains it; a list of nationwide work takes the bars' place."""
    space, side, below = print_desk.spaces(desk.frame)
    part, taken = print_desk.parts(desk, side.width)
    maps = [desk.map(desk.spec, space)]
    if below is not None:
        items, _high = print_desk.explained(desk, side.width)
        return {
            "maps": maps,
            "columns": [
                print_desk.column(side, [part, *items]),
                print_desk.column(below, _bars(desk, below.width, below.height)),
            ],
        }
    if desk.frame.paper.square:
        legend = print_legend.legend(desk.spec, side.width, desk.words, desk.tidy)
        rest = side.height - taken - print_legend.legend_height(legend) - 2 * GAP
        return {"maps": maps, "columns": [print_desk.column(side, [part, legend, *_bars(desk, side.width, rest)])]}
    row, high = print_desk.beside(desk, side.width)
    rest = side.height - taken - high - 2 * GAP
    return {"maps": maps, "columns": [print_desk.column(side, [part, row, *_bars(desk, side.width, rest)])]}


def _bars(desk: Desk, wide: float, high: float) -> list[Part]:
    """Return the bars, and below them what the room allows: a list, or the figures of few areas."""
    spec, leaf = desk.spec, desk.leaf
    if leaf.nationwide == "list" and (listed := print_desk.listed(desk, wide, high)) and high < 420:
        return listed
    dots = wide > print_list.NARROW
    bars = print_table.bars(spec, wide, high, desk.tidy, dots=dots, lows=dict(leaf.lows))
    taken = print_table.height(len(bars["rows"]), high, close=leaf.listing is not None)
    rest = high - taken - GAP
    listed = print_desk.listed(desk, wide, rest)
    if listed:
        return [{**bars, "high": taken}, *listed]
    figures = print_table.figures(spec, desk.words, desk.tidy)
    if bars["rows"] and figures["rows"] and rest > 30 + 14 * len(figures["rows"]):
        return [{**bars, "high": taken}, figures]
    return [bars]


def _province(desk: Desk) -> Page:
    """Place a province by district with its bars and the list of its activities."""
    space, side, below = print_desk.spaces(desk.frame)
    if below is not None or desk.frame.paper.square:
        return _ranked(desk)
    part, taken = print_desk.parts(desk, side.width)
    narrow, wide = side.width * 0.4, side.width * 0.56
    items, _high = print_desk.explained(desk, narrow)
    high = print_legend.legend_height(items[0])
    # districts without a value leave their room to the list
    valued = max(sum(1 for area in desk.spec.areas if area.value), 4) + 1
    room = min(side.height * 0.5, print_table.least(valued))
    bars = print_table.bars(desk.spec, wide, room, desk.tidy, dots=False, lows=dict(desk.leaf.lows))
    most = max(high, min(side.height * 0.45, print_table.HEAD + 12.0 * len(bars["rows"]) + 24))
    row = print_desk.row([0.42, 0.58], items[:1], [{**bars, "high": most}])
    box, low = print_legend.nation(desk.spec, side.width, desk.words, desk.tidy)
    rest = side.height - taken - most - low - 3 * GAP
    return {
        "maps": [desk.map(desk.spec, space)],
        "columns": [print_desk.column(side, [part, row, *print_desk.listed(desk, side.width, rest), box])],
    }


def _pair(desk: Desk) -> Page:
    """Place two maps of one scale beside each other, what each adds up to below it, and the common legend."""
    held, leaf = desk.frame, desk.leaf
    gap = 14.0
    upright = held.paper.upright or held.paper.square
    side = 0.0 if upright else SIDE_LONG if print_sheet.long_values(leaf) else SIDE_OF_PAIR
    wide = (held.room - gap - (side + gap if side else 0)) / 2
    caption, strip = 18.0, 82.0 if held.paper.square else 70.0
    lines = print_legend.strips(leaf.specs, held.room, desk.tidy) if held.paper.square else []
    below = 150.0 if held.paper.upright else len(lines) * print_legend.STRIP_HEIGHT
    high = held.height - caption - strip - 7 - below
    high = min(high, wide * 1.25) if held.paper.upright else high
    maps, columns = [], []
    for at, (spec, text) in enumerate(zip(leaf.specs, leaf.captions, strict=True)):
        space = Space(held.left + at * (wide + gap), held.top + caption, wide, high)
        own = {
            **desk.map(spec, space, prefix="b-" if at else ""),
            "caption": desk.tidy(text[:1].upper() + text[1:], 90),
        }
        maps.append(own)
        added = print_legend.parts(spec, wide, desk.words)
        columns.append(print_desk.column(Space(space.x, space.y + high + 7, wide, strip), [added]))
    items, _high = print_desk.explained(desk, side or wide)
    if side:
        at_side = Space(held.left + 2 * (wide + gap), held.top + caption, side, held.height - caption)
        table = print_sheet.side_by_side(leaf, desk.words, desk.tidy)
        rest = at_side.height - print_legend.legend_height(items[0]) - GAP
        columns.append(print_desk.column(at_side, [items[0], {**table, "high": rest}]))
    elif lines:
        y = held.top + caption + high + strip + 7
        columns.append(print_desk.column(Space(held.left, y, held.room, held.bottom - y), lines))
    else:
        y = held.top + caption + high + strip + 7
        columns.append(print_desk.column(Space(held.left, y, wide, held.bottom - y), items[:1]))
        if held.paper.upright:
            table = {**print_sheet.side_by_side(leaf, desk.words, desk.tidy), "high": held.bottom - y}
            columns.append(print_desk.column(Space(held.left + wide + gap, y, wide, held.bottom - y), [table]))
    return {"maps": maps, "columns": columns}


def _bivariate(desk: Desk) -> Page:
    """Place a map of two figures with the squares that explain it and both figures as a table."""
    space, side, below = print_desk.spaces(desk.frame)
    part, taken = print_desk.parts(desk, side.width)
    if desk.leaf.axes is None:
        return _ranked(desk)
    beside = not (below or desk.frame.paper.square)
    room = side.width * 0.53 if beside else side.width
    squares = print_legend.axes(desk.leaf.axes, room, desk.words, desk.tidy)
    table = print_sheet.both_figures(desk.leaf, desk.words, desk.tidy)
    maps = [desk.map(desk.spec, space)]
    if below is not None:
        box, _high = print_legend.nation(desk.spec, side.width, desk.words, desk.tidy)
        columns = [
            print_desk.column(side, [part, squares, box]),
            print_desk.column(below, [{**table, "high": below.height}]),
        ]
        return {"maps": maps, "columns": columns}
    if desk.frame.paper.square:
        box, _high = print_legend.nation(desk.spec, side.width, desk.words, desk.tidy)
        return {"maps": maps, "columns": [print_desk.column(side, [part, squares, box])]}
    box, _high = print_legend.nation(desk.spec, side.width * 0.44, desk.words, desk.tidy)
    rest = side.height - taken - print_legend.AXES_HEIGHT - 2 * GAP
    row = print_desk.row([1.15, 1.0], [squares], [box])
    return {"maps": maps, "columns": [print_desk.column(side, [part, row, {**table, "high": rest}])]}


def _flow(desk: Desk) -> Page:
    """Place the flow diagram with the table of its pairs, beside it or on an upright page below."""
    held, flow, square = desk.frame, desk.leaf.flow, desk.frame.paper.square
    if flow is None:
        return _ranked(desk)
    upright = held.paper.upright
    wide = held.room if upright or square else held.room * 0.62
    part, taken = print_desk.parts(desk, wide if upright or square else held.room - wide - 18)
    high = held.height if not (upright or square) else held.height * (0.5 if upright else 1) - taken - GAP
    top = held.top if not (upright or square) else held.top + taken + GAP
    drawn = print_flow.diagram(flow, wide, high, desk.words, desk.tidy)
    columns = [print_desk.column(Space(held.left, held.top, wide, taken), [part])] if upright or square else []
    side = Space(held.left + wide + 18, held.top, held.room - wide - 18, held.height)
    if upright:
        side = Space(held.left, top + high + GAP, held.room, held.bottom - top - high - GAP)
    if not square:
        box, low = print_flow.reading(side.width, desk.words, desk.tidy)
        rest = side.height - low - GAP - (0 if upright else taken + GAP)
        table = print_flow.pairs(desk.leaf, flow, side.width, rest, desk.tidy)
        columns.append(print_desk.column(side, [*([] if upright else [part]), table, box]))
    return {"maps": [{**drawn, "x": held.left, "y": top}], "columns": columns}


def _contents(desk: Desk) -> Page:
    """Place the country with the atlas' contents."""
    space, side, below = print_desk.spaces(desk.frame)
    part, taken = print_desk.parts(desk, side.width)
    lines = print_list.contents(desk.leaf, (below or side).width, desk.tidy)
    maps = [desk.map(desk.spec, space)]
    if below is not None:
        items, _high = print_desk.explained(desk, side.width)
        columns = [print_desk.column(side, [part, *items]), print_desk.column(below, [{**lines, "high": below.height}])]
        return {"maps": maps, "columns": columns}
    strips = print_legend.strips(desk.leaf.specs, side.width, desk.tidy)
    if side.height - taken - 3 * GAP < len(lines["rows"]) * LINE_OF_CONTENTS + print_legend.STRIP_HEIGHT:
        strips = []
    rest = side.height - taken - GAP - len(strips) * (print_legend.STRIP_HEIGHT + GAP)
    return {"maps": maps, "columns": [print_desk.column(side, [part, *strips, {**lines, "high": rest}])]}


def _sheet(desk: Desk) -> Page:
    """Place a small map for each goal."""
    return print_sheet.cells(desk.leaf, desk.frame, desk.words, desk.tidy)


_KINDS: dict[str, Callable[[Desk], Page]] = {
    "map": _alone,
    "ranked": _ranked,
    "province": _province,
    "pair": _pair,
    "bivariate": _bivariate,
    "flow": _flow,
    "contents": _contents,
    "sheet": _sheet,
}

__all__ = ["Leaf", "Page", "Paper", "page"]
