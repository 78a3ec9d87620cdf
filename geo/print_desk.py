"""Floor 6: a page at work: its spaces, and the parts that several kinds of page place in the same way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from geo import print_legend, print_list, print_map
from geo.mapspec import MapSpec
from geo.print_frame import Frame
from geo.print_map import Mapped
from geo.print_spec import Leaf

Part = dict[str, Any]
Tidy = Callable[[str, int], str]
GAP = 12.0  # points between two parts of a column
MAP_RATIO = 0.93  # width to height of a map of the country that has room around it


@dataclass(frozen=True, slots=True)
class Space:
    """A rectangle of the page."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Desk:
    """A page at work: what it shows, its frame, its accent and its language's words."""

    leaf: Leaf
    frame: Frame
    accent: str
    words: Callable[[str], str]
    tidy: Tidy

    @property
    def spec(self) -> MapSpec:
        """The page's first map."""
        return self.leaf.spec

    def map(self, spec: MapSpec, space: Space, prefix: str = "") -> Part:
        """Return a map in its frame."""
        hatch = self.leaf.nationwide == "hatch"
        leaf, marks = self.leaf, self._marks(spec)
        asked = Mapped(spec, space.width, space.height, self.accent, prefix, hatch, marks, leaf.without, leaf.points)
        return {**print_map.parts(asked, self.words), "x": space.x, "y": space.y}

    def _marks(self, spec: MapSpec) -> tuple[tuple[str, str], ...]:
        """Return each area's square of a bivariate map, such as "B3": nine colours are too many for print in grey."""
        if self.leaf.axes is None:
            return ()
        side = len(self.leaf.axes.colours)
        places = ((area.pcode, divmod(area.class_index - 1, side)) for area in spec.areas)
        return tuple((pcode, f"{chr(ord('A') + row)}{column + 1}") for pcode, (row, column) in places)


def spaces(held: Frame, share: float = 0.52) -> tuple[Space, Space, Space | None]:
    """Return the space of the map, of the column beside it, and on an upright page of what stands below."""
    gap = 16.0 if held.paper.square else 24.0
    if held.paper.upright:
        wide = held.room * 0.64
        high = min(held.height * 0.6, wide / 0.86)
        side = Space(held.left + wide + gap, held.top, held.room - wide - gap, high)
        below = Space(held.left, held.top + high + GAP, held.room, held.height - high - GAP)
        return Space(held.left, held.top, wide, high), side, below
    if held.paper.square:
        share = 0.6
    wide = min(held.height * MAP_RATIO, held.room * share)
    side = Space(held.left + wide + gap, held.top, held.room - wide - gap, held.height)
    return Space(held.left, held.top, wide, held.height), side, None


def column(space: Space, items: list[Part]) -> Part:
    """Return a column of parts that flow from its top."""
    return {"x": space.x, "y": space.y, "width": space.width, "height": space.height, "items": items}


def row(shares: list[float], *items: list[Part]) -> Part:
    """Return columns of parts beside each other, as wide as their shares."""
    return {"kind": "row", "shares": shares, "gap": 12.0, "items": list(items)}


def explained(desk: Desk, wide: float) -> tuple[list[Part], float]:
    """Return legend and box of what is not on the map, one under the other, and the points that they take."""
    spec = desk.spec
    hatch = desk.leaf.nationwide == "hatch"
    other = desk.leaf.specs[1] if len(desk.leaf.specs) > 1 else None
    legend = print_legend.legend(spec, wide, desk.words, desk.tidy, hatch=hatch, other=other)
    if desk.leaf.points:
        legend = print_legend.with_points(legend, desk.words)
    box, high = print_legend.nation(spec, wide, desk.words, desk.tidy, hatch=hatch)
    return [legend, box], print_legend.legend_height(legend) + GAP + high


def beside(desk: Desk, wide: float) -> tuple[Part, float]:
    """Return legend and box beside each other, and the points that they take."""
    items, _high = explained(desk, wide * 0.5)
    _box, box = print_legend.nation(desk.spec, wide * 0.44, desk.words, desk.tidy)
    return row([1.15, 1.0], [items[0]], [items[1]]), max(print_legend.legend_height(items[0]), box)


def parts(desk: Desk, wide: float) -> tuple[Part, float]:
    """Return the line that adds up, and the points that it takes."""
    return print_legend.parts(desk.spec, wide, desk.words), print_legend.parts_height(wide)


def listed(desk: Desk, wide: float, high: float) -> list[Part]:
    """Return the page's list of activities, as far as there is room for it."""
    found = desk.leaf.listing
    if found is None or not found.rows or high < print_list.HEAD + 24:
        return []
    return [print_list.listing(found, wide, high, desk.spec.language, desk.tidy)]
