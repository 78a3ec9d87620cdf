"""Floor 1: GeoPackage and GeoParquet of activities -> raw text cells; the bytes are read in a child process."""

from __future__ import annotations

from typing import Any

from geo.errors import Problem
from geo.readers import RawTable, confined, features
from geo.readers.features import Feature

CHILD = "geo.readers.vector_child:read"
KINDS = {"GeoPackage": "geopackage", "GeoParquet": "geoparquet", "zipped shapefile": "shapefile"}
WGS84 = "EPSG:4326"


def layer(data: bytes, name: str, wanted: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return what a vector file is and its features, as ``vector_child.read`` yields them.

    Raises:
        InputError: when the file cannot be read, has several layers, or asks for more than a file may take.
    """
    head, *found = confined.run(CHILD, data, name, wanted, name=name)
    return head, found


def read(data: bytes, name: str = "The file") -> RawTable:
    """Read a GeoPackage or GeoParquet of activities as our exports write them: points with the template's columns.

    Raises:
        InputError: as ``layer``.
    """
    head, found = layer(data, name, "points")
    problems = []
    placed = head["crs"] == WGS84 or not any(one["s"] for one in found)
    if not placed:
        fix = "No position of this file was taken. Export it again with the CRS EPSG:4326."
        got = head["crs"] or "no system"
        problems.append(Problem("bad_crs", 0, "crs", got, "WGS 84 longitude and latitude", fix))
    made = (
        Feature(number, one["p"], one["s"] if placed else "", one["g"] if placed else ())
        for number, one in enumerate(found, 1)
    )
    return features.table(made, KINDS[head["kind"]], head["encoding"], name, problems, head["columns"])


def polygons(data: bytes, name: str) -> tuple[list[dict[str, Any]], list[str | None], str, str]:
    """Return properties and WKB (hexadecimal) of each feature of a boundary file, its CRS and its kind.

    Raises:
        InputError: as ``layer``.
    """
    head, found = layer(data, name, "polygons")
    return [one["p"] for one in found], [one["g"] for one in found], head["crs"], head["kind"]
