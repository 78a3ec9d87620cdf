"""Floor 5.6: the names of the countries around a map on paper, off the land and off what stands there already."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo import crs, pack
from geo.mapspec import MapSpec
from geo.print_room import Box, Floats, Spot, Way, ground, shares
from geo.print_text import width
from geo.svgmap import Drawing

ASIDE = (0.0, -8.0, 8.0, -16.0, 16.0, -26.0, 26.0)  # points that a name may move to stay off the land
STEP, CLEAR = 9.0, 5.0  # the grid of places tried around a province, and the space kept from the land
LEAST = 4  # free places below which too little of the neighbour shows


def names(spec: MapSpec, drawing: Drawing, taken: Sequence[Box], *, size: float, window: Box) -> list[dict[str, Any]]:
    """Return the names of the countries around: on the whole country at the pack's places, else where there is room.

    ``size`` is that of the letters in points.  None stands on what is ``taken``, and those around a province stay
    within the ``window``.
    """
    rows = pack.rows("codes/neighbour_labels.csv")
    texts = [row["name_lo"] if pack.is_local(spec.language) and row["name_lo"] else row["name_en"] for row in rows]
    spots: tuple[Spot | None, ...] = tuple(_on_page(drawing, row["lon"], row["lat"]) for row in rows)
    sizes = tuple((width(name, size) * (1.25 if spec.language == "en" else 1.05), 10.0) for name in texts)
    if spec.within:
        marks = tuple(_on_page(drawing, row["lon"], row["lat"]) for row in rows)
        meets = tuple(_on_page(drawing, row["meets_lon"], row["meets_lat"]) for row in rows)
        spots = _off_land(drawing.outline, marks, meets, sizes, window, tuple(taken))
    inside = shapely.box(0, 0, drawing.frame.width, drawing.frame.height)
    found = []
    for name, spot, (wide, high) in zip(texts, spots, sizes, strict=True):
        if spot is None:
            continue
        for aside in ASIDE:
            x, y = spot[0] + aside, spot[1]
            box = shapely.box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
            free = not any(box.intersects(shapely.box(*other)) for other in taken)
            if free and inside.contains(box) and not box.buffer(2).intersects(drawing.outline):
                one = {"x": x, "y": y, "width": wide, "height": high, "text": name, "size": size, "tracking": 0.12}
                found.append(one)
                break
    return found


def _on_page(drawing: Drawing, lon: str, lat: str) -> Spot:
    point = drawing.frame.to_page(_point(float(lon), float(lat)))
    return float(point.x), float(point.y)


@cache
def _point(lon: float, lat: float) -> BaseGeometry:
    to_plane = pyproj.Transformer.from_crs(crs.GEOGRAPHIC, crs.projected(), always_xy=True)
    return shapely.Point(*to_plane.transform(lon, lat))


@lru_cache(maxsize=64)
def _off_land(
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
    edge = max(getattr(land, "geoms", [land]), key=lambda part: part.area).exterior.simplify(CLEAR)
    cuts = np.sort([edge.project(shapely.Point(spot)) for spot in meets])
    own = _piece(edge, np.array(marks), cuts)
    xs, ys = np.arange(window[0], window[2], STEP), np.arange(window[1], window[3], STEP)
    grid = np.array([(x, y) for y in ys for x in xs])
    grid = grid[~shapely.contains_xy(land, grid[:, 0], grid[:, 1])]
    widest, highest = (max(size[axis] for size in sizes) + 2 * CLEAR for axis in (0, 1))
    grid = grid[ground(window, taken).free(grid, Way((), widest, highest, ()))] if len(grid) else grid
    grid = grid[shares(land, grid, widest, highest) == 0] if len(grid) else grid
    pieces = _piece(edge, grid, cuts)
    found: list[Spot | None] = []
    for piece in own:
        good = grid[pieces == piece]
        if len(good) < LEAST:
            found.append(None)
            continue
        x, y = good[int(np.argmin(np.hypot(*(good - good.mean(axis=0)).T)))]
        found.append((float(x), float(y)))
    return tuple(found)


def _piece(edge: BaseGeometry, places: Floats, cuts: Floats) -> NDArray[np.intp]:
    along = shapely.line_locate_point(edge, shapely.points(places))
    return np.asarray(np.searchsorted(cuts, along) % max(len(cuts), 1), dtype=np.intp)
