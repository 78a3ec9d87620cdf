"""Floor 6: the flow page: a diagram whose names are labels like those of a map, and the table of its pairs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf
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
DONORS, GOALS = (0.2, 0.3), 0.2  # share of the width for the names of donors, at least and at most, and of goals
SMALLER = 0.9  # of its size that a long name is set in
ROW, TABLE_HEAD, MORE = 12.6, 40.0, 12.0
TILE, SHARES = 8.6, (0.43, 0.17, 0.1, 0.3)
TABLE_SIZES = (7.4, 7.0, 6.6)


def diagram(found: Flow, wide: float, high: float, _: Translate, tidy: Tidy) -> Part:
    """Return the diagram in ``wide`` x ``high`` points: nodes and ribbons as a drawing, names as labels."""
    most = max((sum(node.stage == at for node in found.diagram.nodes) for at in range(3)), default=1)
    size = next((size for size in SIZES if size * PITCH * most < (high - HEAD) * 0.55), SIZES[-1])
    boxes, ribbons = flows.layout(found.diagram, high - HEAD - size, size * PITCH)
    names = dict(zip(((box.node.stage, box.node.name) for box in boxes), found.names, strict=True))
    told = [(box, tidy(names[box.node.stage, box.node.name], 80)) for box in boxes]
    starts = _starts(
        wide, [width(_counted(name, box), size * SMALLER, 500) for box, name in told if not box.node.stage]
    )
    labels = [one for box, name in told for one in _label(box, name, starts, wide, size, _clear(box, boxes))]
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


def _starts(wide: float, donors: list[float]) -> tuple[float, float, float]:
    """Return the left edges of the three stages; ``donors`` are the widths of the names before the first."""
    least, most = (wide * share for share in DONORS)
    left, right = min(max(least, *donors, 0.0) + 3 * ASIDE, most), wide * (1 - GOALS) - NODE
    return round(left, 1), round(left + (right - left) * 0.46, 1), round(right, 1)


def _top(box: Box) -> float:
    return HEAD + box.top + 3


def _counted(name: str, box: Box) -> str:
    return f"{name}  {box.node.activities}"


def _middle(box: Box) -> float:
    return _top(box) + box.height / 2


def _clear(box: Box, boxes: Sequence[Box]) -> float:
    """Return the points from a node's middle to that of the nearest node of its stage."""
    others = (abs(_middle(one) - _middle(box)) for one in boxes if one.node.stage == box.node.stage and one != box)
    return min(others, default=inf)


def _label(box: Box, name: str, starts: tuple[float, ...], wide: float, size: float, clear: float) -> list[Part]:
    """Return a node's name with its activities: before a donor, behind the others, on a halo over the ribbons.

    A name too long for its room stands on two lines where ``clear`` points to the next name allow it, else it is cut.
    """
    stage = box.node.stage
    room = starts[0] if stage == 0 else (starts[2] - starts[1]) * 0.6 if stage == 1 else wide - starts[2] - NODE
    room -= 2 * ASIDE
    small = next((one for one in (size, size * SMALLER) if width(_counted(name, box), one, 500) <= room), 0.0)
    lines, small = [_counted(name, box)], small or size * SMALLER
    if width(lines[0], small, 500) > room:
        lines = _broken(name) if clear >= 2 * LINE * small else [name]
        rooms = [room] * (len(lines) - 1) + [room - width(_counted("", box), small, 500)]
        lines = [_cut(line, own, small, 500) for line, own in zip(lines, rooms, strict=True)]
        lines[-1] = _counted(lines[-1], box)
    found = []
    for at, line in enumerate(lines):
        # a little wider than its letters, so that it never breaks
        long = width(line, small, 500) + 2
        x = starts[0] - ASIDE - long / 2 if stage == 0 else starts[stage] + NODE + ASIDE + long / 2
        y = _middle(box) + (at - (len(lines) - 1) / 2) * LINE * small
        found.append(_word(line, x, y, long, small, 500, HALO))
    return found


def _broken(name: str) -> list[str]:
    """Return a name on two lines, as even as its words allow."""
    words = name.split(" ")
    ways = [[" ".join(words[:at]), " ".join(words[at:])] for at in range(1, len(words))]
    return min(ways, key=lambda way: max(width(line, 1.0, 500) for line in way), default=[name])


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
    listed = [(tidy(donor, 80), tidy(agency, 80), count, goals) for donor, agency, count, goals in found.pairs[:rows]]
    longest = max((width(donor, 1.0) for donor, *_rest in listed), default=0.0)
    size = next((size for size in TABLE_SIZES if longest * size <= columns[0] - 6), TABLE_SIZES[-1])
    shown = []
    for donor, agency, count, goals in listed:
        ends = ((donor, columns[0] - 6), (agency, columns[1] - 6))
        shown.append(
            {
                "cells": [
                    *(_cut(name, room, size, 400) for name, room in ends),
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
        "size": size,
        "rows": shown,
        "more": more.format(count=i18n.number(left, language)) if left else "",
    }


def _cut(name: str, room: float, size: float, weight: int) -> str:
    """Return a name cut to its room; what stands in brackets at its end tells two donors apart."""
    text, end = name, ""
    if width(text, size, weight) > room and text.endswith(")") and " (" in text:
        text, _sep, end = text.rpartition(" (")
        end = " (" + end
    return fit(text, room - width(end, size, weight), (size,), 1, weight)[0] + end


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
