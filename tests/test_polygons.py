"""Polygons read from GeoJSON: what is none is refused with the reason."""

from __future__ import annotations

import json

import pytest
import shapely

from geo import polygons
from geo.errors import BoundaryError


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b'{"type":"FeatureCollection"}', b"\xff\xfe", b"[" * 100_000, b'{"a":NaN}']
)
def test_what_is_no_geojson_is_refused(data: bytes) -> None:
    with pytest.raises(BoundaryError, match="expected a GeoJSON FeatureCollection"):
        polygons.read_features(data, "x.geojson")


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {"type": "Point", "coordinates": [1, 2]},
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": [[["a", 1]]]},
        {"type": "Polygon", "coordinates": []},
        {"type": ["Polygon"]},
        {"type": "Polygon", "coordinates": [[[1, 2], [3, 4]]]},
    ],
)
def test_what_is_no_polygon_is_refused(geometry: object) -> None:
    data = json.dumps({"type": "FeatureCollection", "features": [{"geometry": geometry}]}).encode()
    with pytest.raises(BoundaryError, match="feature 1: got"):
        polygons.read_features(data, "x.geojson")


def test_polygons_are_read_without_heights_and_written_again() -> None:
    ring = [[102.0, 18.0, 5.0], [103.0, 18.0, 5.0], [103.0, 19.0, 5.0], [102.0, 18.0, 5.0]]
    other = [[104.0, 18.0], [105.0, 18.0], [105.0, 19.0], [104.0, 18.0]]
    geometry = {"type": "MultiPolygon", "coordinates": [[ring], [other]]}
    document = {"type": "FeatureCollection", "features": [{"properties": None, "geometry": geometry}]}
    properties, shapes, crs = polygons.read_features(json.dumps(document).encode("utf-8-sig"), "x.geojson")
    assert properties == [{}]
    assert crs is None
    assert not shapely.has_z(shapes[0])
    written = polygons.encode(["a"], shapes, 3)
    assert b'"id":"a","properties":{"pcode":"a"}' in written
    again = polygons.read_features(written, "again")[1][0]
    assert again.equals(shapes[0])


def test_only_pieces_of_border_make_neighbours() -> None:
    boxes = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(2, 1, 3, 2)]  # the third touches at a corner
    assert polygons.touching(boxes) == [(0, 1), (1, 0)]
