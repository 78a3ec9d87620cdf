"""Floor 0: polygon edges on a grid: which cells they cross, what they enclose, which edge is nearest to a point.

Coordinates are in cells of the grid unless a name says otherwise; row 0 is the lowest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

SLACK = 1e-6  # of a cell: what rounding may shift a border or a point by, and more
FINEST = 1024  # cells a side at most in the grid for the nearest edge

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def edges_of(shapes: NDArray[np.object_]) -> tuple[Floats, Ints]:
    """Return every edge (n x 4: x0, y0, x1, y1 in degrees) with its polygon on the left, and that polygon."""
    rings, part = shapely.get_rings(shapely.get_parts(shapely.orient_polygons(shapes)), return_index=True)
    _, polygon = shapely.get_parts(shapes, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    joined = ring[1:] == ring[:-1]
    return np.hstack([points[:-1], points[1:]])[joined], polygon[part[ring[1:][joined]]].astype(np.int64)


def ranges(first: Ints, count: Ints) -> tuple[Ints, Ints]:
    """Return for each i the whole numbers first[i] .. first[i] + count[i] - 1, as pairs (i, number)."""
    item = np.repeat(np.arange(len(first)), count)
    return item, np.arange(len(item)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(first, count)


def fill(edges: Floats, owner: Ints, size: int) -> NDArray[np.int16]:
    """Return the polygon at each cell's centre: it begins at its edges that run down, ends at those that run up."""
    x0, y0, x1, y1 = edges.T
    low, high = np.minimum(y0, y1), np.maximum(y0, y1)
    first = np.ceil(low - 0.5).astype(np.int64)  # centres are at row + 0.5; low <= centre < high
    edge, row = ranges(first, np.ceil(high - 0.5).astype(np.int64) - first)
    x = x0[edge] + (row + 0.5 - y0[edge]) * (x1 - x0)[edge] / (y1 - y0)[edge]
    column = np.ceil(x - 0.5).astype(np.int64)
    marks = np.zeros((size, size + 1), dtype=np.int32)
    np.add.at(marks, (row, column), np.where((y1 < y0)[edge], 1, -1) * (owner[edge] + 1))
    return (np.cumsum(marks[:, :size], axis=1) - 1).astype(np.int16)


def crossed(edges: Floats, owner: Ints, size: int) -> tuple[Ints, Ints]:
    """Return the ids of the cells that an edge passes or touches, sorted, with the edge's polygon; each pair once."""
    x0, y0, x1, y1 = edges.T
    low, high = np.minimum(y0, y1), np.maximum(y0, y1)
    first = np.floor(low - SLACK).astype(np.int64)
    edge, row = ranges(first, np.floor(high + SLACK).astype(np.int64) - first + 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where(y1 == y0, 0.0, (x1 - x0) / (y1 - y0))[edge]
    # The edge between the row's two lines; a level edge lies in its row from end to end.
    bottom = np.clip(row - SLACK, low[edge], high[edge])
    top = np.clip(row + 1 + SLACK, low[edge], high[edge])
    level = (y0 == y1)[edge]
    begin = np.where(level, x0[edge], x0[edge] + (bottom - y0[edge]) * slope)
    end = np.where(level, x1[edge], x0[edge] + (top - y0[edge]) * slope)
    start = np.floor(np.minimum(begin, end) - SLACK).astype(np.int64)
    item, column = ranges(start, np.floor(np.maximum(begin, end) + SLACK).astype(np.int64) - start + 1)
    pairs = np.unique(np.stack([row[item] * size + column, owner[edge[item]]]), axis=1)
    return pairs[0], pairs[1]


def widen(land: NDArray[np.bool_], columns: int, rows: int) -> NDArray[np.bool_]:
    """Return the cells that have a cell of ``land`` at most so many columns and rows away."""
    for axis, reach in ((1, columns), (0, rows)):
        width = [(0, 0), (0, 0)]
        width[axis] = (reach + 1, reach)
        total = np.cumsum(np.pad(land, width), axis=axis, dtype=np.int32)
        stop = total.shape[axis]
        land = np.take(total, range(2 * reach + 1, stop), axis) > np.take(total, range(stop - 2 * reach - 1), axis)
    return land


def outer(ends: Floats) -> NDArray[np.bool_]:
    """Return which edges (n x 4) of a coverage have no polygon on their right: no edge runs the other way."""
    back = set(map(tuple, ends[:, [2, 3, 0, 1]].tolist()))
    return np.array([tuple(edge) not in back for edge in ends.tolist()])


@dataclass(frozen=True, slots=True, eq=False)
class EdgeGrid:
    """Edges (n x 4, metres) with their polygons, found by the cells that lie within ``reach`` metres of them."""

    ends: Floats
    owner: Ints
    reach: float
    origin: Floats
    cell: float  # metres
    width: int
    cells: Ints  # sorted; beside each the index of an edge
    edge: Ints

    @classmethod
    def build(cls, ends: Floats, owner: Ints, reach: float) -> EdgeGrid:
        """Return the grid of ``ends``; ``reach`` is in metres and above zero."""
        corners = ends.reshape(-1, 2)
        low, high = corners.min(axis=0), corners.max(axis=0)
        cell = max(reach, float((high - low).max()) / FINEST)
        origin = low - 2 * cell
        width = int((high - origin).max() / cell) + 4
        cells, edge = crossed((ends - np.tile(origin, 2)) / cell, np.arange(len(ends)), width)
        around = np.array([row * width + column for row in (-1, 0, 1) for column in (-1, 0, 1)])
        pairs = np.unique(np.stack([(cells[:, None] + around).ravel(), np.repeat(edge, len(around))]), axis=1)
        return cls(ends, owner, reach, origin, cell, width, pairs[0], pairs[1])

    def nearest(self, x: Floats, y: Floats, none: int) -> Ints:
        """Return the polygon of the edge nearest to each point (metres), first of equals; ``none`` beyond reach."""
        column, row = np.floor((x - self.origin[0]) / self.cell), np.floor((y - self.origin[1]) / self.cell)
        on = (column >= 0) & (column < self.width) & (row >= 0) & (row < self.width)
        cell = np.where(on, row * self.width + column, -1).astype(np.int64)
        first = np.searchsorted(self.cells, cell, side="left")
        point, place = ranges(first, np.searchsorted(self.cells, cell, side="right") - first)
        edge = self.edge[place]
        away = _distance(self.ends[edge], x[point], y[point])
        least = np.full(len(x), np.inf)
        np.minimum.at(least, point, away)
        best = (away == least[point]) & (away <= self.reach)
        found = np.full(len(x), len(self.owner), dtype=np.int64)
        np.minimum.at(found, point[best], self.owner[edge[best]])
        return np.where(found == len(self.owner), none, found)


def _distance(ends: Floats, x: Floats, y: Floats) -> Floats:
    """The distance of each point from its edge."""
    x0, y0, x1, y1 = ends.T
    across, up = x1 - x0, y1 - y0
    along = np.clip(((x - x0) * across + (y - y0) * up) / (across**2 + up**2), 0.0, 1.0)
    return np.asarray(np.hypot(x - x0 - along * across, y - y0 - along * up))
