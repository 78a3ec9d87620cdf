"""Floor 5: the room for labels on a paper map: what is to be placed, where it may stand, and what stands there already.

All coordinates are page points, y downwards; a place is the centre of a label's box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.code_columns import Mask

GRID = 22  # places tried across an area's longer side
GAP = 1.2  # points kept free between two labels
BESIDE = 0.8  # points kept free between a label and a leader line

Box = tuple[float, float, float, float]  # left, top, right, bottom
Spot = tuple[float, float]
Line = tuple[Spot, Spot]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to set a label: its lines, the size of its box, and the letters of each line as a box from its centre."""

    lines: tuple[str, ...]
    width: float
    height: float
    letters: tuple[Box, ...]
    scale: float = 1.0  # share of the full size that its letters have


@dataclass(frozen=True, slots=True)
class Wanted:
    """A label to place, with its ways to be set (broken into lines, smaller), the best first."""

    key: str
    geometry: BaseGeometry
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A label with its place; ``inside`` is the share of it in its area, ``leader`` goes from its letters to there."""

    key: str
    way: Way
    x: float
    y: float
    inside: float
    leader: Line | None = None

    @property
    def box(self) -> Box:
        """The label's box."""
        half_x, half_y = self.way.width / 2, self.way.height / 2
        return self.x - half_x, self.y - half_y, self.x + half_x, self.y + half_y


@dataclass(slots=True)
class Ground:
    """A map's window with the boxes and leader lines that are on it."""

    window: Box
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def put(self, one: Placed) -> None:
        """Take the place of a label and of its leader line."""
        self.boxes.append(one.box)
        if one.leader:
            self.lines.append(one.leader)

    def free(self, places: Floats, way: Way) -> Mask:
        """Return which places are within the window, off all boxes and off all lines."""
        x, y = places[:, 0], places[:, 1]
        left, top, right, bottom = x - way.width / 2, y - way.height / 2, x + way.width / 2, y + way.height / 2
        west, north, east, south = self.window
        free = (left >= west) & (top >= north) & (right <= east) & (bottom <= south)
        for a, b, c, d in self.boxes:
            free &= (right + GAP <= a) | (left >= c + GAP) | (bottom + GAP <= b) | (top >= d + GAP)
        for start, end in self.lines:
            ends = (np.array(start), np.array(end))
            free &= ~_through(*ends, left - BESIDE, top - BESIDE, right + BESIDE, bottom + BESIDE)
        return free

    def crossed(self, starts: Floats, ends: Floats) -> Mask:
        """Return which lines, from ``starts`` to ``ends``, run through a box or over another line."""
        found = np.zeros(len(starts), dtype=bool)
        for left, top, right, bottom in self.boxes:
            found |= _through(starts, ends, left - BESIDE, top - BESIDE, right + BESIDE, bottom + BESIDE)
        for start, end in self.lines:
            a, b = np.array(start), np.array(end)
            apart = _side(a, b, starts) * _side(a, b, ends) > 0
            found |= ~(apart | (_side(starts, ends, a) * _side(starts, ends, b) > 0))
        return found


def _side(a: Floats, b: Floats, c: Floats) -> Floats:
    """Return on which side of the line from a to b the place c lies: above or below zero."""
    found: Floats = (b - a)[..., 0] * (c - a)[..., 1] - (b - a)[..., 1] * (c - a)[..., 0]
    return found


def _through(
    start: Floats, end: Floats, left: Floats | float, top: Floats | float, right: Floats | float, bottom: Floats | float
) -> Mask:
    """Return whether lines touch boxes; either may be one or many."""
    enter: Floats | float = 0.0
    leave: Floats | float = 1.0
    for axis, low, high in ((0, left, right), (1, top, bottom)):
        step = end[..., axis] - start[..., axis]
        step = np.where(np.abs(step) < 1e-9, 1e-9, step)
        one, other = (low - start[..., axis]) / step, (high - start[..., axis]) / step
        enter, leave = np.maximum(enter, np.minimum(one, other)), np.minimum(leave, np.maximum(one, other))
    return np.asarray(enter <= leave)


@lru_cache(maxsize=1024)
def places(geometry: BaseGeometry) -> Floats:
    """Return places to try: the point farthest from every edge of the largest part first, then a grid in the area."""
    largest = max(getattr(geometry, "geoms", [geometry]), key=lambda part: part.area)
    west, south, east, north = largest.bounds
    step = max(east - west, north - south) / GRID
    middle = shapely.maximum_inscribed_circle(largest, tolerance=max(step / 8, 0.05)).coords[0]
    grid = np.array([(x, y) for y in np.arange(south, north, step) for x in np.arange(west, east, step)])
    return np.vstack([np.array([middle]), grid[shapely.contains_xy(largest, grid[:, 0], grid[:, 1])]])


def shares(geometry: BaseGeometry, spots: Floats, width: float, height: float) -> Floats:
    """Return the share of each box in ``geometry``, by 7 x 5 sample points (edges among them)."""
    shapely.prepare(geometry)
    dx, dy = np.meshgrid(np.linspace(-0.5, 0.5, 7) * width, np.linspace(-0.5, 0.5, 5) * height)
    x = spots[:, :1] + dx.reshape(1, -1)
    y = spots[:, 1:] + dy.reshape(1, -1)
    inside: Floats = shapely.contains_xy(geometry, x, y).mean(axis=1)
    return inside


def nearest(way: Way, spots: Floats, ends: Floats) -> Floats:
    """Return, for a label at each of ``spots``, the place on its letters that is nearest to its end."""
    best, found = np.full(len(spots), np.inf), spots
    for left, top, right, bottom in way.letters:
        low, high = spots + np.array([left, top]), spots + np.array([right, bottom])
        edge = np.clip(ends, low, high)
        far = np.hypot(*(edge - ends).T)
        found = np.where((far < best)[:, None], edge, found)
        best = np.minimum(best, far)
    return found


def ground(window: Box, boxes: Sequence[Box], lines: Sequence[Line] = ()) -> Ground:
    """Return a map's window with what is on it."""
    return Ground(window, list(boxes), list(lines))
