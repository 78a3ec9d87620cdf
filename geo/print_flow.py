"""Floor 6: the flow page: a diagram whose names are labels like those of a map, and the table of its pairs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from geo import codes, flows, i18n
from geo.colours import INK, text_on
from geo.flows import UNSTATED, Box, Ribbon
from geo.print_frame import LINE, fit
from geo.print_spec import Flow, Leaf
from geo.print_text import clean, width

Part = dict[str, Any]
Translate = Callable[[str], str]
Tidy = Callable[[str, int], str]
HEAD = 16.0  # points above the diagram for the names of its stages
NODE, ASIDE = 8.0, 4.0  # width of a node, space to its name
SIZES = (7.6, 7.0, 6.4, 5.8)
PITCH = 1.18  # of a name's size between two small nodes, so that names stay apart
PLAIN, GREY, FADE, HALO = "#5B7590", "#A8A8A2", 0.62, "#FFFFFF"
NAMES = (0.2, 0.0, 0.2)  # share of the width for the names of donors (at the left) and goals (at the right)
ROW, TABLE_HEAD, MORE = 12.6, 40.0, 12.0
TILE, SHARES = 8.6, (0.36, 0.18, 0.11, 0.35)


def diagram(found: Flow, wide: float, high: float, _: Translate, tidy: Tidy) -> Part:
    """Return the diagram in ``wide`` x ``high`` points: nodes and ribbons as a drawing, names as labels."""
    most = max((sum(node.stage == at for node in found.diagram.nodes) for at in range(3)), default=1)
    size = next((size for size in SIZES if size * PITCH * most < (high - HEAD) * 0.55), SIZES[-1])
    boxes, ribbons = flows.layout(found.diagram, high - HEAD - size, size * PITCH)
    starts = _starts(wide)
    names = dict(zip(((box.node.stage, box.node.name) for box in boxes), found.names, strict=True))
    labels = [_label(box, names[box.node.stage, box.node.name], starts, wide, size, tidy) for box in boxes]
    labels += _heads(starts, wide, _)
    body = "".join(_ribbon(one, starts) for one in sorted(ribbons, key=lambda one: -one.width))
    body += "".join(_node(box, starts) for box in boxes)
    size_of = f'width="{wide:g}" height="{high:g}" viewBox="0 0 {wide:g} {high:g}"'
    return {
        "svg": f'<svg xmlns="http://www.w3.org/2000/svg" {size_of}>{body}</svg>',
        "width": wide,
        "height": high,
        "alt": clean(found.alt, 1500),
        "labels": labels,
        "halos": "",
        "neighbours": [],
        "insets": [],
        "scale": None,
        "north": None,
    }


def _starts(wide: float) -> tuple[float, float, float]:
    """Return the left edges of the three stages."""
    left, right = wide * NAMES[0], wide * (1 - NAMES[2]) - NODE
    return round(left, 1), round(left + (right - left) * 0.46, 1), round(right, 1)


def _top(box: Box) -> float:
    return HEAD + box.top + 3


def _label(box: Box, name: str, starts: tuple[float, ...], wide: float, size: float, tidy: Tidy) -> Part:
    """Return a node's name with its activities: before a donor, behind the others, on a halo over the ribbons."""
    stage = box.node.stage
    room = starts[0] - ASIDE if stage == 0 else (starts[2] - starts[1]) * 0.6 if stage == 1 else wide - starts[2] - NODE
    count = f"  {box.node.activities}"
    text, small = _cut(name, room - ASIDE - width(count, size, 500), (size, size * 0.9), 500, tidy)
    shown = text + count
    # a little wider than its letters, so that it never breaks
    long = width(shown, small, 500) + 2
    x = starts[0] - ASIDE - long / 2 if stage == 0 else starts[stage] + NODE + ASIDE + long / 2
    return _word(shown, x, _top(box) + box.height / 2, long, small, 500, HALO)


def _word(text: str, x: float, y: float, wide: float, size: float, weight: int, halo: str | None) -> Part:
    line = {"text": text, "size": size, "weight": weight}
    place = {"x": x, "y": y, "width": wide, "height": size * LINE}
    return {**place, "lines": [line], "leader": None, "fill": None, "ink": INK, "halo": halo}


def _heads(starts: tuple[float, ...], wide: float, _: Translate) -> list[Part]:
    found = []
    for stage, text in enumerate((_("Donors"), _("Agencies"), _("Goals"))):
        long = width(text, 8.6, 700) + 2
        x = starts[0] + NODE - long / 2 if stage == 0 else starts[stage] + long / 2
        found.append(_word(text, min(x, wide - long / 2), HEAD / 2 - 1, long, 8.6, 700, None))
    return found


def _colour(stage: int, name: str) -> str:
    if name == UNSTATED:
        return GREY
    return codes.goal(int(name)).colour if stage == 2 else PLAIN


def _node(box: Box, starts: tuple[float, ...]) -> str:
    stage, name = box.node.stage, box.node.name
    place = f'x="{starts[stage]:g}" y="{_top(box):.2f}" width="{NODE:g}" height="{max(box.height, 0.8):.2f}"'
    return f'<rect {place} fill="{_colour(stage, name)}"/>'


def _ribbon(one: Ribbon, starts: tuple[float, ...]) -> str:
    """Return a link as a band in the faded colour of its goal, or grey where its donor or agency is not stated."""
    link = one.link
    left, right = starts[link.stage] + NODE, starts[link.stage + 1]
    middle = (left + right) / 2
    colour = _colour(2, link.right) if link.stage == 1 else PLAIN
    colour = _faded(GREY if UNSTATED in (link.left, link.right) else colour)
    y0, y1, thick = HEAD + 3 + one.left, HEAD + 3 + one.right, max(one.width, 0.4)
    path = (
        f"M{left:g} {y0:.2f}C{middle:.1f} {y0:.2f} {middle:.1f} {y1:.2f} {right:g} {y1:.2f}"
        f"V{y1 + thick:.2f}C{middle:.1f} {y1 + thick:.2f} {middle:.1f} {y0 + thick:.2f} {left:g} {y0 + thick:.2f}Z"
    )
    return f'<path d="{path}" fill="{colour}" stroke="#FFFFFF" stroke-width="0.25"/>'


def _faded(colour: str) -> str:
    """Return a colour mixed with white: a solid one, so that crossing bands stay apart in print."""
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * FADE):02X}" for part in parts)


def pairs(leaf: Leaf, found: Flow, wide: float, high: float, tidy: Tidy) -> Part:
    """Return as many pairs of donor and agency as fit into ``wide`` x ``high`` points, the most activities first."""
    language = leaf.spec.language
    _ = i18n.translator(language)
    rows = max(int((high - TABLE_HEAD - MORE) / ROW), 0)
    columns = [wide * share for share in SHARES]
    tiles = int((columns[3] - 24) // (TILE + 1))
    shown = []
    for donor, agency, count, goals in found.pairs[:rows]:
        ends = ((donor, columns[0] - 6), (agency, columns[1] - 6))
        shown.append(
            {
                "cells": [
                    *(_cut(name, room, (7.4,), 400, tidy)[0] for name, room in ends),
                    i18n.number(count, language),
                ],
                "goals": [_tile(goal) for goal, _n in goals[:tiles]],
                "rest": f"+{len(goals) - tiles}" if len(goals) > tiles else "",
            }
        )
    left = len(found.pairs) - len(shown)
    more = i18n.plural(language)("and {count} more pair", "and {count} more pairs", left)
    return {
        "kind": "pairs",
        "title": _("Donors and the agencies that they work through"),
        "head": [_("Donor"), _("Agency"), _("Activities"), _("Goals")],
        "columns": columns,
        "high": ROW,
        "rows": shown,
        "more": more.format(count=i18n.number(left, language)) if left else "",
    }


def _cut(name: str, room: float, sizes: tuple[float, ...], weight: int, tidy: Tidy) -> tuple[str, float]:
    """Return a name cut to its room, and its size; what stands in brackets at its end tells two donors apart."""
    text, end = tidy(name, 80), ""
    if width(text, sizes[-1], weight) > room and text.endswith(")") and " (" in text:
        text, _sep, end = text.rpartition(" (")
        end = " (" + end
    shown, size, _lines = fit(text, room - width(end, sizes[-1], weight), sizes[-1:] if end else sizes, 1, weight)
    return shown + end, size


def _tile(goal: int) -> Part:
    found = codes.goal(goal)
    return {"number": str(goal), "colour": found.colour, "ink": text_on(found.colour)}


def reading(wide: float, _: Translate, tidy: Tidy) -> tuple[Part, float]:
    """Return the box that says how the diagram is read, and its height in ``wide`` points."""
    text = _(
        "A band is as wide as the number of its activities, not their money: few budgets are stated. An activity with "
        "several donors, agencies or goals counts once in each of its bands; the figure at a name counts it once."
    )
    _text, size, lines = fit(tidy(text, 400), wide - 20, (8.0, 7.2), 6, 400)
    box = {"kind": "nation", "title": _("How to read it"), "lines": [tidy(text, 400)], "size": size}
    return box, 36.0 + (lines + 0.5) * size * LINE
