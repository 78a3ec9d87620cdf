"""Floor 5.1: labels outside of their area, off the land, each on a leader line through no other text.

A line begins at the label's letters and ends well inside the area; of the places around the area it takes the one with
the shortest line, where running over other areas makes it longer.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.print_room import Floats, Ground, Placed, Wanted, Way, nearest, places, shares

RING = 24  # directions tried around an area
REACH = (10.0, 18.0, 28.0, 40.0, 56.0, 76.0, 100.0)  # points from the area's edge
ENDS = 6  # places within the area where a line may end
DEEP = 0.6  # of the greatest distance to the area's edge that its end keeps
FOREIGN, ASIDE = 0.6, 0.4  # points of length that one over another area, and one of the end off the middle, count for
THROUGH = 1000.0  # points of length that a text in the way counts for
LOOKED_AT = 32  # lines at a time that are held against the other areas, the shortest first


def outside(one: Wanted, ground: Ground, land: BaseGeometry, *, most: float) -> tuple[Placed, bool] | None:
    """Return the best free place off the land, at most ``most`` points from the area's middle; and whether its line
    is clear of all other text and lines.
    """
    best: tuple[float, Placed] | None = None
    for way in reversed([way for way in one.ways if way.scale == 1]):
        found = _best(one, way, ground, land, most)
        if found is not None and (best is None or found[0] < best[0]):
            best = found
    return (best[1], best[0] < THROUGH) if best else None


def _best(one: Wanted, way: Way, ground: Ground, land: BaseGeometry, most: float) -> tuple[float, Placed] | None:
    ends = _ends(one.geometry)
    spots = _around(one.geometry, way, ends[0])
    good = ground.free(spots, way) & (np.hypot(*(spots - ends[0]).T) <= most)
    good[good] = shares(land, spots[good], way.width, way.height) == 0
    spots = spots[good]
    if not len(spots):
        return None
    aside = np.repeat(np.hypot(*(ends - ends[0]).T), len(spots))
    spots, ends = np.tile(spots, (len(ends), 1)), np.repeat(ends, len(spots), axis=0)
    starts = nearest(way, spots, ends)
    cost = np.hypot(*(spots - ends).T) + ASIDE * aside + THROUGH * ground.crossed(starts, ends)
    at, least = _over(one.geometry, land, starts, ends, cost)
    (x, y), start, end = spots[at].tolist(), starts[at].tolist(), ends[at].tolist()
    return least, Placed(one.key, way, x, y, 0.0, (tuple(start), tuple(end)))


def _over(own: BaseGeometry, land: BaseGeometry, starts: Floats, ends: Floats, cost: Floats) -> tuple[int, float]:
    """Return the line of least cost, with what it runs over other areas, and that cost."""
    order = np.argsort(cost, kind="stable")
    best, least = int(order[0]), np.inf
    for first in range(0, len(order), LOOKED_AT):
        part = order[first : first + LOOKED_AT]
        if cost[part[0]] >= least:
            break
        lines = shapely.linestrings(np.stack([starts[part], ends[part]], axis=1))
        foreign = shapely.length(shapely.intersection(lines, land)) - shapely.length(shapely.intersection(lines, own))
        whole = cost[part] + FOREIGN * foreign
        at = int(np.argmin(whole))
        if whole[at] < least:
            best, least = int(part[at]), float(whole[at])
    return best, least


def _around(area: BaseGeometry, way: Way, middle: Floats) -> Floats:
    """Return the places tried around an area."""
    hull = area.convex_hull
    rings = [hull.buffer(reach).exterior for reach in REACH]
    spots = np.array([ring.interpolate(at / RING, normalized=True).coords[0] for ring in rings for at in range(RING)])
    # a box beside the area is pushed out by half its own size, so that it does not hang over the edge
    return np.asarray(spots + np.sign(spots - middle) * np.array([way.width / 2, way.height / 2]) * 0.9)


@lru_cache(maxsize=1024)
def _ends(area: BaseGeometry) -> Floats:
    """Return where a line may end: in the area's middle, and in places far from its edge and from one another."""
    tried = places(area)
    depth = shapely.distance(area.boundary, shapely.points(tried))
    tried = tried[depth >= DEEP * depth[0]]
    found, far = [tried[0]], np.hypot(*(tried - tried[0]).T)
    while len(found) < min(ENDS, len(tried)):
        found.append(tried[int(np.argmax(far))])
        far = np.minimum(far, np.hypot(*(tried - found[-1]).T))
    return np.array(found)
