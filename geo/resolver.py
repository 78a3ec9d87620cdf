"""Floor 0: points -> polygons of a coverage, a million in a tenth of a second.

A raster over the polygons answers at once for every cell that no border crosses; only points in border cells are tested
exactly.  One point, one polygon: on a shared border the first in the given order has it.  A point just outside goes to
the nearest polygon within a stated distance; one that would fall inside with its coordinates swapped is told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.crs import GEOGRAPHIC
from geo.errors import BoundaryError
from geo.raster import EdgeGrid, Floats, Ints, crossed, edges_of, fill, outer, ranges, widen

NEAREST_M = 2000.0  # metres; the embedded borders are generalised to about 1 km
SIZE = 2048  # cells a side
OUTSIDE = -1
BORDER = -2
BEYOND = -3  # farther from every polygon than the distance that may be bridged
METRES_A_DEGREE = 110_500.0  # of latitude, at the least (110,574 at the equator)


class Where(IntEnum):
    """How a point was placed."""

    INSIDE = 0
    NEAREST = 1  # outside, within the distance of the polygon that ``index`` names
    FAR = 2  # outside every polygon and beyond the distance
    SWAPPED = 3  # inside ``candidate`` when longitude and latitude are swapped; ``index`` is -1
    INVALID = 4  # not a number, infinite, or no longitude and latitude in degrees


@dataclass(frozen=True, slots=True, eq=False)
class Resolved:
    """The answer for n points: ``index`` (int16, -1 none), ``where`` (uint8, of Where), ``candidate`` (int16, -1 none).

    ``codes`` are the polygons' codes, so that ``codes[index[i]]`` is the unit of point i.
    """

    codes: tuple[str, ...]
    index: NDArray[np.int16]
    where: NDArray[np.uint8]
    candidate: NDArray[np.int16]

    def code(self, point: int) -> str:
        """Return the code of the unit of ``point``, "" when it has none."""
        return self.codes[self.index[point]] if self.index[point] >= 0 else ""


@dataclass(frozen=True, slots=True, eq=False)
class Resolver:
    """The raster and the polygons, ready for points; made by ``Resolver.build``."""

    codes: tuple[str, ...]
    shapes: NDArray[np.object_]  # WGS 84, prepared
    rim: EdgeGrid | None  # the edges with nothing beyond, projected; none where nothing is bridged
    to_projected: pyproj.Transformer
    nearest_m: float
    west: float
    south: float
    step: tuple[float, float]  # degrees a cell, east and north
    raster: NDArray[np.int16]  # rows from the south: index of the polygon, OUTSIDE, BORDER or BEYOND
    cells: Ints  # sorted ids (row * size + column) of border cells, a row for each polygon whose border crosses it
    owners: Ints  # that polygon

    @classmethod
    def build(
        cls,
        codes: Sequence[str],
        shapes: Sequence[Any],
        projected: str,
        *,
        nearest_m: float = NEAREST_M,
        size: int = SIZE,
    ) -> Resolver:
        """Return a resolver of points to ``shapes`` (WGS 84, a coverage); ``projected`` is a CRS in metres.

        Raises:
            BoundaryError: when there is no shape, more than 32,767, or they overlap.
        """
        kept = np.array(shapes, dtype=object)
        if not 0 < len(kept) <= np.iinfo(np.int16).max or not shapely.coverage_is_valid(kept):
            raise BoundaryError(
                f"got {len(kept)} polygons, or some that overlap; expected 1 to 32,767 that share their borders. "
                "Load the boundaries through boundaries.load(), which says what is wrong."
            )
        west, south, east, north = shapely.total_bounds(kept)
        margin = _margin(nearest_m, max(abs(south), abs(north)))
        # Besides the margin one spare cell around, so that no border lies on the raster's edge.
        step = ((east - west + 2 * margin[0]) / (size - 2), (north - south + 2 * margin[1]) / (size - 2))
        origin = (west - margin[0] - step[0], south - margin[1] - step[1])
        ends, owner = edges_of(kept)
        edges = (ends - np.tile(origin, 2)) / np.tile(step, 2)  # in cells
        raster = fill(edges, owner, size)
        cells, owners = crossed(edges, owner, size)
        raster.ravel()[cells] = BORDER
        reach = (int(np.ceil(margin[0] / step[0])) + 1, int(np.ceil(margin[1] / step[1])) + 1)
        raster[(raster == OUTSIDE) & ~widen(raster != OUTSIDE, *reach)] = BEYOND
        transformer = pyproj.Transformer.from_crs(GEOGRAPHIC, projected, always_xy=True)
        rim = None
        if nearest_m > 0:
            free = outer(ends)
            flat = np.stack(transformer.transform(ends[free, 0::2], ends[free, 1::2]), axis=-1).reshape(-1, 4)
            rim = EdgeGrid.build(flat, owner[free], nearest_m)
        shapely.prepare(kept)
        return cls(tuple(codes), kept, rim, transformer, nearest_m, *origin, step, raster, cells, owners)

    def resolve(self, lon: ArrayLike, lat: ArrayLike) -> Resolved:
        """Return the polygon of each point; ``lon`` and ``lat`` are n numbers each (WGS 84) and stay as they are.

        Raises:
            ValueError: when ``lon`` and ``lat`` differ in length.
        """
        x, y = np.asarray(lon, dtype=np.float64).ravel(), np.asarray(lat, dtype=np.float64).ravel()
        if len(x) != len(y):
            raise ValueError(f"got {len(x)} longitudes and {len(y)} latitudes; expected as many of each")
        index = self._inside(x, y)
        where = np.full(len(x), Where.INSIDE, dtype=np.uint8)
        candidate = np.full(len(x), OUTSIDE, dtype=np.int16)
        rest = np.flatnonzero(index < 0)
        if len(rest):
            a, b = x[rest], y[rest]
            swapped = np.maximum(self._inside(b, a), OUTSIDE)
            valid = np.isfinite(a) & np.isfinite(b) & (np.abs(a) <= 180) & (np.abs(b) <= 90)
            near = self._nearest(a, b, np.flatnonzero(index[rest] == OUTSIDE))
            index[rest] = near
            kinds = [near >= 0, swapped >= 0, valid]
            where[rest] = np.select(kinds, [Where.NEAREST, Where.SWAPPED, Where.FAR], default=Where.INVALID)
            candidate[rest] = np.where(near >= 0, OUTSIDE, swapped)
        return Resolved(self.codes, index, where, candidate)

    def _inside(self, x: Floats, y: Floats) -> NDArray[np.int16]:
        """The polygon that holds each point, borders included; OUTSIDE near them, BEYOND far from them."""
        size = len(self.raster)
        with np.errstate(invalid="ignore", over="ignore"):
            column, line = (x - self.west) / self.step[0], (y - self.south) / self.step[1]
            on = (column >= 0) & (column < size) & (line >= 0) & (line < size)  # false for what is no number
        cell = np.where(on, line, 0).astype(np.int64) * size + np.where(on, column, 0).astype(np.int64)
        index = np.where(on, self.raster.ravel()[cell], np.int16(BEYOND))
        edge = np.flatnonzero(index == BORDER)
        if len(edge):
            index[edge] = self._exact(cell[edge], x[edge], y[edge])
        return index

    def _exact(self, cell: Ints, x: Floats, y: Floats) -> NDArray[np.int16]:
        first = np.searchsorted(self.cells, cell, side="left")
        count = np.searchsorted(self.cells, cell, side="right") - first
        point, place = ranges(first, count)
        owner = self.owners[place]
        order = np.argsort(owner, kind="stable")
        point, owner = point[order], owner[order]
        best = np.full(len(x), len(self.shapes), dtype=np.int64)
        starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
        for start, stop in zip(starts, np.r_[starts[1:], len(owner)], strict=True):
            some = point[start:stop]
            holds = shapely.intersects_xy(self.shapes[owner[start]], x[some], y[some])
            best[some[holds]] = np.minimum(best[some[holds]], owner[start])
        return np.where(best == len(self.shapes), OUTSIDE, best).astype(np.int16)

    def _nearest(self, x: Floats, y: Floats, among: Ints) -> NDArray[np.int16]:
        """The nearest polygon within the distance of each point of ``among``, the first of equals; else OUTSIDE."""
        found = np.full(len(x), OUTSIDE, dtype=np.int16)
        if len(among) and self.rim:
            found[among] = self.rim.nearest(*self.to_projected.transform(x[among], y[among]), none=OUTSIDE)
        return found


def _margin(metres: float, latitude: float) -> tuple[float, float]:
    """``metres`` in degrees of longitude and of latitude up to ``latitude``, and a tenth more for the projection."""
    north = 1.1 * metres / METRES_A_DEGREE
    return north / float(np.cos(np.radians(min(latitude + north, 89.0)))), north
