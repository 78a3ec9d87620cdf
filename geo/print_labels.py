"""Floor 5.2: where labels go on a paper map: inside their area, never on each other, else outside on a leader line.

Greedy and without chance: the areas with the least room choose first, and each takes the cheapest free place of a fixed
list; then those that found none in their area go outside.  What goes wrong is tried again in another order.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.code_columns import Mask
from geo.print_leaders import outside
from geo.print_room import Box, Floats, Ground, Line, Placed, Wanted, Way, ground, places, shares

CLEAR = 0.7  # points that letters within an area keep from its border
CHECKED = 16  # places, the most central first, whose letters are looked at
LEADER_MOST = 210.0  # points from the label's middle to the area's, beyond which it rather crosses a border
ATTEMPTS = 4


@lru_cache(maxsize=64)
def place(
    wanted: tuple[Wanted, ...],
    land: BaseGeometry,
    window: Box,
    taken: tuple[Box, ...] = (),
    lines: tuple[Line, ...] = (),
    *,
    strays: bool = True,
) -> tuple[Placed, ...]:
    """Return a place for every label that finds one, in the order given.

    None overlaps another, ``taken`` or ``lines``, and no leader line runs through any of them where there is a way
    around.  ``land`` is what labels outside their area keep off; ``window`` is the box that all stay within.  Without
    ``strays`` a label that does not fit into its area is left out.
    """
    shapely.prepare(land)
    order = sorted(wanted, key=lambda one: (_room(one), one.key))
    best: tuple[tuple[int, int, int], dict[str, Placed]] | None = None
    for _attempt in range(ATTEMPTS):
        around, placed = ground(window, taken, lines), dict[str, Placed]()
        blocked = _within(order, placed, around)
        unclear = _strays(order, placed, around, land) if strays else set()
        worth = -len(placed), len(unclear), sum(1 for one in placed.values() if one.leader)
        if best is None or worth < best[0]:
            best = worth, placed
        first = blocked | unclear
        if not first or not strays:
            break
        # what only others keep out of its own area, or from a clear line, chooses first the next time
        order = [one for one in order if one.key in first] + [one for one in order if one.key not in first]
    return tuple(best[1][one.key] for one in wanted if one.key in best[1]) if best else ()


def _within(order: Sequence[Wanted], placed: dict[str, Placed], around: Ground) -> set[str]:
    """Place the labels that have room in their areas; return the keys of those that others alone keep out."""
    blocked: set[str] = set()
    bare = ground(around.window, around.boxes, around.lines)
    for one in order:
        found = _inside(one, around)
        if found is not None:
            placed[one.key] = found
            around.put(found)
        elif _inside(one, bare) is not None:
            blocked.add(one.key)
    return blocked


def _strays(order: Sequence[Wanted], placed: dict[str, Placed], around: Ground, land: BaseGeometry) -> set[str]:
    """Place the labels that are in no area yet; return the keys of those without a clear leader line."""
    unclear: set[str] = set()
    for one in order:
        if one.key in placed:
            continue
        crossing = _crossing(one, around, land)
        found = outside(one, around, land, most=LEADER_MOST if crossing else np.inf)
        chosen = found[0] if found and (found[1] or crossing is None) else crossing
        if not (found and found[1]):
            unclear.add(one.key)
        if chosen is not None:
            placed[one.key] = chosen
            around.put(chosen)
    return unclear


def _room(one: Wanted) -> float:
    return float(one.geometry.area) / max(one.ways[0].width * one.ways[0].height, 1.0)


def _inside(one: Wanted, around: Ground) -> Placed | None:
    """Return the best free place whose letters lie wholly in the area: large, near the middle, on few lines."""
    tried = places(one.geometry)
    best: tuple[float, Placed] | None = None
    for at_way, way in enumerate(one.ways):
        cost = _away(tried, way) + 0.12 * at_way + 6 * (1 - way.scale)
        order = np.argsort(cost, kind="stable")
        order = order[around.free(tried[order], way)]
        order = order[_corners_in(one.geometry, tried[order], way)][:CHECKED]
        if not len(order) or (best is not None and cost[order[0]] >= best[0]):
            continue
        whole = _letters_in(one.geometry, tried[order], way)
        if whole.any():
            at = int(order[int(np.argmax(whole))])
            if best is None or cost[at] < best[0]:
                best = float(cost[at]), _placed(one, way, tried[at], 1.0)
    return best[1] if best else None


def _placed(one: Wanted, way: Way, spot: Floats, inside: float) -> Placed:
    return Placed(one.key, way, float(spot[0]), float(spot[1]), inside)


def _away(tried: Floats, way: Way) -> Floats:
    """Return how far places are from the area's middle, beside the label's own size."""
    return np.asarray(0.5 * np.hypot(*(tried - tried[0]).T) / (way.width + way.height))


def _corners_in(geometry: BaseGeometry, tried: Floats, way: Way) -> Mask:
    """Return whether the corners of each line of letters lie in the area: a quick look before the whole one."""
    shapely.prepare(geometry)
    inside = np.ones(len(tried), dtype=bool)
    for left, top, right, bottom in way.letters:
        for dx, dy in ((left, top), (right, top), (left, bottom), (right, bottom)):
            inside &= shapely.contains_xy(geometry, tried[:, 0] + dx, tried[:, 1] + dy)
    return inside


def _letters_in(geometry: BaseGeometry, tried: Floats, way: Way) -> Mask:
    """Return whether each line of letters lies in the area, clear of its border."""
    x, y = tried[:, 0], tried[:, 1]
    whole = np.ones(len(tried), dtype=bool)
    for left, top, right, bottom in way.letters:
        boxes = shapely.box(x + left - CLEAR, y + top - CLEAR, x + right + CLEAR, y + bottom + CLEAR)
        whole &= shapely.contains(geometry, boxes)
    return whole


def _crossing(one: Wanted, around: Ground, land: BaseGeometry) -> Placed | None:
    """Return the free place with most of the box in the area, for a label that can go nowhere else."""
    tried = places(one.geometry)
    best: tuple[float, Placed] | None = None
    for at_way, way in enumerate(one.ways):
        free = around.free(tried, way)
        if not free.any():
            continue
        own = shares(one.geometry, tried, way.width, way.height)
        # a label over the country's outline is worse than one over a neighbour
        over = 1 - shares(land, tried, way.width, way.height)
        cost = np.where(free, 6 * (1 - own) + 5 * over + _away(tried, way) + 0.25 * at_way, np.inf)
        at = int(np.argmin(cost))
        if best is None or cost[at] < best[0]:
            best = float(cost[at]), _placed(one, way, tried[at], float(own[at]))
    return best[1] if best else None
