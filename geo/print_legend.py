"""Floor 6: the parts beside a map that explain it: what adds up, the classes, and what is not on the map."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from geo import i18n
from geo.classes import NO_DATA, ZERO
from geo.colours import ZERO_COLOUR
from geo.mapspec import LegendClass, MapSpec
from geo.print_frame import LINE, lines_of
from geo.print_spec import Axes
from geo.print_text import width

Part = dict[str, Any]
Translate = Callable[[str], str]
Tidy = Callable[[str, int], str]
PARTS_HEIGHT, PARTS_STACKED = 46.0, 76.0
CLASS_HEIGHT, LEGEND_HEAD = 14.2, 26.0
LABEL_MOST = 100.0  # points of a legend label at full size
STACK_BELOW = 215.0  # points of width below which what adds up stands line under line
NATION_PAD, NATION_HEAD = 21.0, 13.5
STRIP_CELL, STRIP_HEIGHT = 62.0, 30.0  # of the classes on one line


def parts(spec: MapSpec, wide: float, _: Translate) -> Part:
    """Return the line that adds up: all activities, and where they are."""
    named = (
        ("located", spec.located, _("in provinces")),
        ("nationwide", spec.nationwide, _("nationwide")),
        ("unlocated", spec.unlocated, _("unlocated")),
    )
    many = i18n.plural(spec.language)("activity", "activities", spec.total)
    return {
        "kind": "parts",
        "stacked": wide < STACK_BELOW,
        "total": {"count": i18n.number(spec.total, spec.language), "text": many},
        "parts": [
            {"key": key, "count": count, "number": i18n.number(count, spec.language), "text": text}
            for key, count, text in named
        ],
    }


def parts_height(wide: float) -> float:
    """Return the points that the line that adds up takes."""
    return PARTS_STACKED if wide < STACK_BELOW else PARTS_HEIGHT


def in_legend_order(classes: tuple[LegendClass, ...]) -> list[LegendClass]:
    """Return the classes as a legend shows them: greatest first, zero in its place, "no data" last."""

    def key(one: LegendClass) -> tuple[bool, float, int]:
        bound = 0.0 if one.index == ZERO else float(one.lower) if one.lower is not None else float(one.index)
        return one.index == NO_DATA, -bound, -one.index

    return sorted(classes, key=key)


def legend(
    spec: MapSpec, wide: float, _: Translate, tidy: Tidy, *, hatch: bool = False, other: MapSpec | None = None
) -> Part:
    """Return the classes with how many areas of this map each has; ``hatch`` adds the sign of nationwide work.

    ``other`` is a second map of the same classes: where its colours differ, both are shown.
    """
    first = {one.index: one.colour for one in spec.classes}
    second = {one.index: one.colour for one in other.classes if one.colour != first[one.index]} if other else {}
    both = [_counts(one) for one in ((spec, other) if other else (spec,))]
    counts = both[0]
    shown = [one for one in in_legend_order(spec.classes) if one.index >= ZERO or any(c[one.index] for c in both)]
    most = max(counts.values(), default=0) or 1
    rows: list[Part] = [
        {
            "label": tidy(one.label, 40),
            "colour": None if one.index == NO_DATA else ZERO_COLOUR if one.index == ZERO else one.colour,
            "second": second.get(one.index),
            "sign": "none" if one.index == NO_DATA else "",
            "areas": " / ".join(i18n.number(count[one.index], spec.language) for count in both),
            "share": 0.0 if other else counts[one.index] / most,
        }
        for one in shown
    ]
    if hatch and spec.nationwide:
        label = _("nationwide: {count}").format(count=i18n.number(spec.nationwide, spec.language))
        shown_as = {"colour": ZERO_COLOUR, "second": None, "sign": "hatch"}
        rows.append({"label": tidy(label, 60), **shown_as, "areas": "", "share": 0.0})
    size = 8.6 if max((width(row["label"], 8.6) for row in rows), default=0.0) < min(LABEL_MOST, wide - 80) else 7.4
    title = tidy(spec.legend_title, 60)
    title_size = next((size for size in (9.6, 8.6, 7.8) if width(title, size, 600) < wide), 7.2)
    unit = _("districts") if spec.level == "adm2" else _("provinces")
    unit = _("{areas}: left / right").format(areas=unit) if other else unit
    return {"kind": "legend", "title": title, "title-size": title_size, "head": ["", unit], "rows": rows, "size": size}


def with_points(found: Part, _: Translate) -> Part:
    """Return a legend with the sign of activity points."""
    row = {"label": _("by district"), "colour": ZERO_COLOUR, "second": None, "sign": "points"}
    return {**found, "rows": [*found["rows"], {**row, "areas": "", "share": 0.0}]}


def _counts(spec: MapSpec) -> dict[int, int]:
    return {one.index: sum(area.class_index == one.index for area in spec.areas) for one in spec.classes}


def strips(specs: tuple[MapSpec, ...], wide: float, tidy: Tidy) -> list[Part]:
    """Return the classes of maps on one line each, low to high, for a page with little room; one line if all agree."""
    found: list[Part] = []
    for spec in specs:
        order = [
            one for one in reversed(in_legend_order(spec.classes)) if one.index >= ZERO or _counts(spec)[one.index]
        ]
        cell = min(STRIP_CELL, wide / max(len(order), 1))
        rows = [
            {"label": short(one, cell, tidy), "colour": None if one.index == NO_DATA else one.colour} for one in order
        ]
        one = {"kind": "strip", "title": "" if found else tidy(spec.legend_title, 60), "rows": rows, "text": ""}
        if not any(row["rows"] == rows for row in found):
            found.append({**one, "cell": cell})
    return found


def short(one: LegendClass, room: float, tidy: Tidy) -> str:
    """Return a class' label, of zero the figure alone where its words have no room."""
    text = tidy(one.label, 40)
    return text if one.index != ZERO or width(text, 6.4) < room else text.partition(" ")[0]


def legend_height(found: Part) -> float:
    """Return the points that a legend takes."""
    return LEGEND_HEAD + CLASS_HEIGHT * len(found["rows"])


def nation(spec: MapSpec, wide: float, _: Translate, tidy: Tidy, *, hatch: bool = False) -> tuple[Part, float]:
    """Return the box of what is not on the map, and its height in ``wide`` points."""
    title = _("Counted in no province") if hatch else _("Not on the map")
    lines = [tidy(text, 260) for text in (spec.nationwide_text, spec.unlocated_text) if text.strip()]
    size = 8.0 if sum(map(len, lines)) <= 200 else 7.2
    high = NATION_PAD + NATION_HEAD + sum(lines_of(line, size, wide - 20) * size * LINE + 2.4 for line in lines)
    return {"kind": "nation", "title": title, "lines": lines, "size": size}, high


def axes(found: Axes, wide: float, _: Translate, tidy: Tidy) -> Part:
    """Return the legend of a map of two figures: nine squares between two axes, low to high, in ``wide`` points."""
    side = max(width(text, 6.8) for text in found.upwards_bounds) + 18
    return {
        "kind": "axes",
        "across": tidy(found.across, 60),
        "upwards": tidy(found.upwards, 60),
        "across-bounds": [tidy(text, 24) for text in found.across_bounds],
        "upwards-bounds": [tidy(text, 24) for text in found.upwards_bounds],
        "rows": [list(row) for row in reversed(found.colours)],
        "size": len(found.colours),
        "side": side,
        "cell": min(39.0, (wide - side) / len(found.colours)),
        "low": _("low"),
        "high": _("high"),
    }


AXES_HEIGHT = 150.0
