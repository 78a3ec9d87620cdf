"""Floor 5.6: the names of the countries around a map on paper, off the land and off what stands there already."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from geo import crs, pack
from geo.mapspec import MapSpec
from geo.print_labels import Box, Spot, off_land
from geo.print_text import width
from geo.svgmap import Drawing

ASIDE = (0.0, -8.0, 8.0, -16.0, 16.0, -26.0, 26.0)  # points that a name may move to stay off the land


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
        spots = off_land(drawing.outline, marks, meets, sizes, window, tuple(taken))
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
