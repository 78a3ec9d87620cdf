"""Where a printed map has letters, and where nothing but an area's own fill: for tests that read places and pixels."""

from __future__ import annotations

from typing import Any

import shapely

from geo import print_map
from geo.mapspec import MapSpec
from geo.print_text import width

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


def letters(label: dict[str, Any]) -> list[tuple[str, shapely.Polygon]]:
    """Return the lines of a label, each with the box of its letters as maps.typ stacks them, in points of the map."""
    found, y = [], label["y"] - label["height"] / 2
    for line in label["lines"]:
        size, half = line["size"], width(line["text"], line["size"], line["weight"]) / 2
        base = y + 0.95 * size
        found.append((line["text"], shapely.box(label["x"] - half, base - 0.72 * size, label["x"] + half, base)))
        y += 1.23 * size
    return found
