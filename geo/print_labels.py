"""Floor 5: where labels go on a paper map: inside their area, never on each other, else outside on a leader line.

Greedy and without chance: the areas with the least room choose first, and each takes the cheapest free place of a fixed
list.  All coordinates are page points, y downwards; a place is the centre of the label's box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

GRID = 22  # places tried across an area's longer side
INK_WIDE, INK_HIGH = 0.97, 0.8  # share of a label's box that its letters fill: what must lie within its area
CHECKED = 16  # places, the most central first, whose whole box is looked at
LEADER_MOST = 210.0  # points from the label's middle to the area's, beyond which it rather crosses a border
ATTEMPTS = 4
GAP = 1.2  # points kept free between two labels
THROUGH = 120.0  # points of length that a leader line through another label counts for
RING = 24  # directions tried around an area for a label outside
OFF_STEP, OFF_CLEAR = 9.0, 5.0  # of a neighbour's name: the grid of places tried, and the space kept from the land
OFF_LEAST = 4  # free places below which too little of the neighbour shows
REACH = (10.0, 18.0, 28.0, 40.0, 56.0, 76.0, 100.0)  # points from the area's edge

Box = tuple[float, float, float, float]
Spot = tuple[float, float]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A label to place: its ways to be set (broken into lines, smaller), the best first, and each way's box size."""

    key: str
    geometry: BaseGeometry
    ways: tuple[tuple[str, ...], ...]
    sizes: tuple[tuple[float, float], ...]
    scales: tuple[float, ...] = ()  # of each way's letters; () is full size for all

    def scale(self, way: int) -> float:
        """Return the share of the full size that a way's letters have."""
        return self.scales[way] if self.scales else 1.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A label with its place; ``inside`` is the share of its box in the area, ``leader`` the line's end in the area."""

    key: str
    lines: tuple[str, ...]
    x: float
    y: float
    width: float
    height: float
    inside: float
    leader: tuple[float, float] | None = None
    scale: float = 1.0

    @property
    def box(self) -> Box:
        """The label's box: left, top, right, bottom."""
        return _box(self.x, self.y, self.width, self.height)


@lru_cache(maxsize=64)
def place(
    wanted: tuple[Wanted, ...],
    land: BaseGeometry,
    window: Box,
    taken: tuple[Box, ...] = (),
    *,
    strays: bool = True,
) -> tuple[Placed, ...]:
    """Return a place for every label that finds one, in the order given; none overlaps another or ``taken``.

    ``land`` is what labels outside their area keep off; ``window`` is the box that all stay within.  Without
    ``strays`` a label that does not fit into its area is left out.
    """
    shapely.prepare(land)
    order = sorted(wanted, key=lambda one: (_room(one), one.key))
    best: dict[str, Placed] | None = None
    for _attempt in range(ATTEMPTS):
        placed, blocked = _in_order(order, land, window, taken, strays)
        if best is None or _leaders(placed) < _leaders(best):
            best = placed
        if not blocked:
            break
        # what only others' labels keep out of its own area chooses first the next time
        order = [one for one in order if one.key in blocked] + [one for one in order if one.key not in blocked]
    return tuple(best[one.key] for one in wanted if one.key in best) if best else ()


def _in_order(
    order: Sequence[Wanted], land: BaseGeometry, window: Box, taken: tuple[Box, ...], strays: bool
) -> tuple[dict[str, Placed], set[str]]:
    """Return the labels placed one after another, and the keys of those that others alone keep out of their area."""
    placed: dict[str, Placed] = {}
    blocked: set[str] = set()
    boxes = list(taken)
    for one in order:
        found = _inside(one, boxes, window)
        if found is None and strays:
            if _inside(one, taken, window) is not None:
                blocked.add(one.key)
            crossing = _crossing(one, boxes, land, window)
            found = _outside(one, boxes, land, window, most=LEADER_MOST if crossing else np.inf) or crossing
        if found is not None:
            placed[one.key] = found
            boxes.append(found.box)
    return placed, blocked


def _leaders(placed: dict[str, Placed]) -> tuple[int, int]:
    """Return how bad a placement is: labels lost (as a negative count of those placed), then leader lines."""
    return -len(placed), sum(1 for one in placed.values() if one.leader)


@lru_cache(maxsize=64)
def off_land(
    land: BaseGeometry,
    marks: tuple[Spot, ...],
    meets: tuple[Spot, ...],
    sizes: tuple[tuple[float, float], ...],
    window: Box,
    taken: tuple[Box, ...],
) -> tuple[Spot | None, ...]:
    """Return a place off the ``land`` for each neighbour's name, or None where the window shows too little of it.

    The land's edge is cut where two neighbours meet (``meets``, one a neighbour); each piece is that of the neighbour
    whose own ``mark`` is nearest to it, and a place is in the country whose piece is nearest.
    """
    edge = max(getattr(land, "geoms", [land]), key=lambda part: part.area).exterior.simplify(OFF_CLEAR)
    cuts = np.sort([edge.project(shapely.Point(spot)) for spot in meets])
    own = _piece(edge, np.array(marks), cuts)
    xs, ys = np.arange(window[0], window[2], OFF_STEP), np.arange(window[1], window[3], OFF_STEP)
    grid = np.array([(x, y) for y in ys for x in xs])
    grid = grid[~shapely.contains_xy(land, grid[:, 0], grid[:, 1])]
    widest, highest = (max(size[axis] for size in sizes) + 2 * OFF_CLEAR for axis in (0, 1))
    grid = grid[_free(grid, widest, highest, taken, window)] if len(grid) else grid
    grid = grid[_shares(land, grid, widest, highest) == 0] if len(grid) else grid
    pieces = _piece(edge, grid, cuts)
    found: list[Spot | None] = []
    for piece in own:
        good = grid[pieces == piece]
        if len(good) < OFF_LEAST:
            found.append(None)
            continue
        x, y = good[int(np.argmin(np.hypot(*(good - good.mean(axis=0)).T)))]
        found.append((float(x), float(y)))
    return tuple(found)


def _piece(edge: BaseGeometry, places: Floats, cuts: Floats) -> NDArray[np.intp]:
    along = shapely.line_locate_point(edge, shapely.points(places))
    return np.asarray(np.searchsorted(cuts, along) % max(len(cuts), 1), dtype=np.intp)


def _room(one: Wanted) -> float:
    return float(one.geometry.area) / max(one.sizes[0][0] * one.sizes[0][1], 1.0)


def _inside(one: Wanted, boxes: Sequence[Box], window: Box) -> Placed | None:
    """Return the best free place whose letters lie wholly in the area: large, near the middle, on few lines."""
    places = _places(one.geometry)
    best: tuple[float, Placed] | None = None
    for way, (lines, (width, height)) in enumerate(zip(one.ways, one.sizes, strict=True)):
        away = np.hypot(*(places - places[0]).T) / (width + height)
        cost = 0.5 * away + 0.12 * way + 6 * (1 - one.scale(way))
        order = np.argsort(cost, kind="stable")
        order = order[_free(places[order], width, height, boxes, window)]
        order = order[_corners_in(one.geometry, places[order], width, height)][:CHECKED]
        if not len(order) or (best is not None and cost[order[0]] >= best[0]):
            continue
        whole = _within(one.geometry, places[order], width * INK_WIDE, height * INK_HIGH)
        if whole.any():
            at = int(order[int(np.argmax(whole))])
            if best is None or cost[at] < best[0]:
                x, y = places[at]
                best = (
                    float(cost[at]),
                    Placed(one.key, lines, float(x), float(y), width, height, 1.0, None, one.scale(way)),
                )
    return best[1] if best else None


def _corners_in(geometry: BaseGeometry, places: Floats, width: float, height: float) -> NDArray[np.bool_]:
    """Return whether the corners of each box of letters lie in the area: a quick look before the whole one."""
    shapely.prepare(geometry)
    inside = np.ones(len(places), dtype=bool)
    for dx, dy in ((-1, -1), (1, -1), (-1, 1), (1, 1)):
        x = places[:, 0] + dx * width * INK_WIDE / 2
        inside &= shapely.contains_xy(geometry, x, places[:, 1] + dy * height * INK_HIGH / 2)
    return inside


def _within(geometry: BaseGeometry, places: Floats, width: float, height: float) -> NDArray[np.bool_]:
    x, y = places[:, 0], places[:, 1]
    boxes = shapely.box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    whole: NDArray[np.bool_] = shapely.contains(geometry, boxes)
    return whole


def _crossing(one: Wanted, boxes: Sequence[Box], land: BaseGeometry, window: Box) -> Placed | None:
    """Return the free place with most of the box in the area, for a label that can go nowhere else."""
    places = _places(one.geometry)
    best: tuple[float, Placed] | None = None
    for way, (lines, (width, height)) in enumerate(zip(one.ways, one.sizes, strict=True)):
        free = _free(places, width, height, boxes, window)
        if not free.any():
            continue
        shares = _shares(one.geometry, places, width, height)
        away = np.hypot(*(places - places[0]).T) / (width + height)
        # a label over the country's outline is worse than one over a neighbour
        over = 1 - _shares(land, places, width, height)
        cost = np.where(free, 6 * (1 - shares) + 5 * over + 0.5 * away + 0.25 * way, np.inf)
        at = int(np.argmin(cost))
        x, y = places[at]
        share = float(shares[at])
        if best is None or cost[at] < best[0]:
            best = (
                float(cost[at]),
                Placed(one.key, lines, float(x), float(y), width, height, share, None, one.scale(way)),
            )
    return best[1] if best else None


def _outside(one: Wanted, boxes: Sequence[Box], land: BaseGeometry, window: Box, *, most: float) -> Placed | None:
    """Return the nearest free place off the land, with a leader line of up to ``most`` points to the area's middle."""
    anchor = _places(one.geometry)[0]
    hull = one.geometry.convex_hull
    full = [way for way in range(len(one.ways)) if one.scale(way) == 1]
    best: tuple[float, Placed] | None = None
    for way in reversed(full):
        lines, (width, height) = one.ways[way], one.sizes[way]
        rings = [hull.buffer(reach).exterior for reach in REACH]
        spots = np.array(
            [ring.interpolate(at / RING, normalized=True).coords[0] for ring in rings for at in range(RING)]
        )
        # a box beside the area is pushed out by half its own size, so that it does not hang over the edge
        spots = spots + np.sign(spots - anchor) * np.array([width / 2, height / 2]) * 0.9
        far = np.hypot(*(spots - anchor).T)
        good = _free(spots, width, height, boxes, window) & (far <= most)
        good[good] = _shares(land, spots[good], width, height) == 0
        if not good.any():
            continue
        cost = np.where(good, far + _crossed(one.geometry, anchor, spots, boxes, land, good), np.inf)
        at = int(np.argmin(cost))
        if np.isfinite(cost[at]) and (best is None or cost[at] < best[0]):
            x, y = spots[at]
            end = (float(anchor[0]), float(anchor[1]))
            best = float(cost[at]), Placed(one.key, lines, float(x), float(y), width, height, 0.0, end)
    return best[1] if best else None


def _crossed(
    own: BaseGeometry, anchor: Floats, spots: Floats, boxes: Sequence[Box], land: BaseGeometry, good: NDArray[np.bool_]
) -> Floats:
    """Return what a leader line costs beyond its length: running over other areas, and through another label."""
    cost = np.zeros(len(spots))
    lines = shapely.linestrings([[tuple(anchor), tuple(spot)] for spot in spots[good]])
    others = shapely.union_all([shapely.box(*box) for box in boxes])
    foreign = shapely.length(shapely.intersection(lines, land)) - shapely.length(shapely.intersection(lines, own))
    cost[good] = 0.6 * foreign + THROUGH * shapely.intersects(lines, others)
    return cost


@lru_cache(maxsize=1024)
def _places(geometry: BaseGeometry) -> Floats:
    """Return places to try: the point farthest from every edge of the largest part first, then a grid in the area."""
    largest = max(getattr(geometry, "geoms", [geometry]), key=lambda part: part.area)
    west, south, east, north = largest.bounds
    step = max(east - west, north - south) / GRID
    middle = shapely.maximum_inscribed_circle(largest, tolerance=max(step / 8, 0.05)).coords[0]
    grid = np.array([(x, y) for y in np.arange(south, north, step) for x in np.arange(west, east, step)])
    return np.vstack([np.array([middle]), grid[shapely.contains_xy(largest, grid[:, 0], grid[:, 1])]])


def _shares(geometry: BaseGeometry, places: Floats, width: float, height: float) -> Floats:
    """Return the share of each box in ``geometry``, by 7 x 5 sample points (edges among them)."""
    shapely.prepare(geometry)
    dx, dy = np.meshgrid(np.linspace(-0.5, 0.5, 7) * width, np.linspace(-0.5, 0.5, 5) * height)
    x = places[:, :1] + dx.reshape(1, -1)
    y = places[:, 1:] + dy.reshape(1, -1)
    inside: Floats = shapely.contains_xy(geometry, x, y).mean(axis=1)
    return inside


def _free(places: Floats, width: float, height: float, boxes: Sequence[Box], window: Box) -> NDArray[np.bool_]:
    x, y = places[:, 0], places[:, 1]
    half_x, half_y = width / 2, height / 2
    free = (x - half_x >= window[0]) & (y - half_y >= window[1]) & (x + half_x <= window[2]) & (y + half_y <= window[3])
    for left, top, right, bottom in boxes:
        apart = (x + half_x + GAP <= left) | (x - half_x >= right + GAP)
        free &= apart | (y + half_y + GAP <= top) | (y - half_y >= bottom + GAP)
    return free


def _box(x: float, y: float, width: float, height: float) -> Box:
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2
