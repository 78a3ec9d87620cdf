"""Where a printed map has nothing but an area's own fill: for tests that read its pixels."""

from __future__ import annotations

from typing import Any

import shapely

from geo import print_map
from geo.mapspec import MapSpec

MARGIN = 1.5  # points from an area's border


def spots(spec: MapSpec, part: dict[str, Any]) -> dict[str, tuple[float, float, float]]:
    """Return for each area a place of the page and how far around it is free, in points: x, y, radius."""
    drawing = print_map.drawn(spec, part["width"], part["height"])
    boxes = [(x["x"], x["y"], x["width"] + 6, x["height"] + 6) for x in part["labels"]]
    boxes += [(i["x"] + i["width"] / 2, i["y"] + i["height"] / 2, i["width"], i["height"]) for i in part["insets"]]
    taken = [shapely.box(x - w / 2, y - h / 2, x + w / 2, y + h / 2) for x, y, w, h in boxes]
    leaders = [shapely.LineString(x["leader"]).buffer(2.5) for x in part["labels"] if x["leader"]]
    over = shapely.union_all([*taken, *leaders])
    found = {}
    for shape in drawing.areas:
        circle = shapely.maximum_inscribed_circle(shape.geometry.buffer(-MARGIN).difference(over))
        x, y = circle.coords[0]
        found[shape.pcode] = (part["x"] + x, part["y"] + y, circle.length)
    return found
