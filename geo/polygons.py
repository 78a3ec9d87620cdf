"""Floor 0: polygons that share borders (a coverage): read, check, measure, simplify, label, write.  No country's facts.

Coordinates are WGS 84 longitude and latitude unless a name says ``projected``; lengths and areas are taken in the
pack's projected CRS, in metres.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import GEOGRAPHIC, projected
from geo.errors import BoundaryError, shorten

NEXT = "Check the file, or go back to the one that came with the repository."
POLYGONAL = frozenset({"Polygon", "MultiPolygon"})
LABEL_TOLERANCE = 100.0  # metres; a label's point need not be nearer to the pole of inaccessibility


def read_features(data: bytes, name: str) -> tuple[list[Mapping[str, Any]], list[Any], Any]:
    """Return properties and polygon of each feature of a GeoJSON FeatureCollection, and its ``crs`` member.

    Raises:
        BoundaryError: when ``data`` is not UTF-8 JSON, no FeatureCollection, or a feature is no polygon.
    """
    try:
        document = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BoundaryError(
            f"{name}: no readable JSON ({error}); expected a GeoJSON FeatureCollection. {NEXT}"
        ) from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
        kind = document.get("type") if isinstance(document, dict) else type(document).__name__
        got = shorten(str(kind))
        raise BoundaryError(f"{name}: got JSON of type {got}; expected a GeoJSON FeatureCollection. {NEXT}")
    properties: list[Mapping[str, Any]] = []
    shapes = []
    for number, feature in enumerate(features, 1):
        own = feature.get("properties")
        properties.append(own if isinstance(own, dict) else {})
        shapes.append(_shape(feature.get("geometry"), f"{name}: feature {number}"))
    return properties, shapes, document.get("crs")


def _refuse_constant(text: str) -> float:
    raise ValueError(f"{text} is no number of JSON")


def _shape(geometry: object, where: str) -> Any:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(kind, str) or kind not in POLYGONAL:
        raise BoundaryError(f"{where}: got geometry {shorten(str(kind))}; expected a Polygon or MultiPolygon. {NEXT}")
    try:
        shape = shapely.from_geojson(json.dumps(geometry))
    except (shapely.errors.GEOSException, ValueError) as error:
        raise BoundaryError(
            f"{where}: got unreadable coordinates ({error}); expected rings of numbers. {NEXT}"
        ) from error
    if shape.is_empty or not np.isfinite(shapely.get_coordinates(shape)).all():
        raise BoundaryError(f"{where}: got an empty or endless shape; expected rings of finite numbers. {NEXT}")
    return shapely.force_2d(shape)


def check_valid(codes: Sequence[str], shapes: Sequence[Any], name: str) -> None:
    """Raise when a polygon crosses itself or the like.

    Raises:
        BoundaryError: with the first three such polygons and their reasons.
    """
    reasons = [
        f"{code} ({shapely.is_valid_reason(shape)})"
        for code, shape in zip(codes, shapes, strict=True)
        if not shapely.is_valid(shape)
    ]
    if reasons:
        more = f" and {len(reasons) - 3} more" if len(reasons) > 3 else ""
        raise BoundaryError(
            f"{name}: got invalid polygons {'; '.join(reasons[:3])}{more}; expected valid ones. "
            'Mend them, in QGIS with "Fix geometries".'
        )


def check_coverage(codes: Sequence[str], shapes: Sequence[Any], name: str) -> None:
    """Raise when polygons overlap or their shared borders differ.

    Raises:
        BoundaryError: with the polygons concerned.
    """
    edges = shapely.coverage_invalid_edges(list(shapes))
    bad = [code for code, edge in zip(codes, edges, strict=True) if not shapely.is_empty(edge)]
    if bad:
        raise BoundaryError(
            f"{name}: the borders of {shorten(', '.join(bad))} overlap their neighbours' or leave slivers; "
            "expected a coverage, where neighbours share every vertex of their border. "
            'Mend it, in QGIS with "Snap geometries to layer", or give the file as its publisher has it.'
        )


def to_projected(shapes: Any) -> gpd.GeoSeries:
    """Return ``shapes`` (WGS 84) in the projected CRS, in metres."""
    return gpd.GeoSeries(np.asarray(shapes, dtype=object), crs=GEOGRAPHIC).to_crs(projected())


def area_km2(shapes: Any) -> NDArray[np.float64]:
    """Return the area of each of ``shapes`` (WGS 84) in square kilometres, in the projected CRS."""
    return np.asarray(to_projected(shapes).area.to_numpy() / 1e6, dtype=np.float64)


def dissolve(shapes: Sequence[Any], parents: Sequence[str]) -> dict[str, Any]:
    """Return the union of ``shapes`` by parent, ordered by parent; the shapes must form a coverage."""
    groups: dict[str, list[Any]] = {}
    for shape, parent in zip(shapes, parents, strict=True):
        groups.setdefault(parent, []).append(shape)
    return {parent: shapely.normalize(shapely.coverage_union_all(groups[parent])) for parent in sorted(groups)}


def simplify(shapes: Sequence[Any], tolerance_m: float) -> list[Any]:
    """Return ``shapes`` with fewer vertices; no gap opens, no shape vanishes.

    ``tolerance_m`` is GEOS's: the square root of the area, in square metres, of the triangles that may go.
    """
    if not tolerance_m:
        return list(shapes)
    thin = shapely.coverage_simplify(to_projected(shapes).to_numpy(), tolerance_m)
    # One vertex has one image under the projection, so that shared borders stay shared on the way back.
    return list(gpd.GeoSeries(thin, crs=projected()).to_crs(GEOGRAPHIC).to_numpy())


def inner_centres(shapes: Any) -> NDArray[np.float64]:
    """Return the centre (n x 2, WGS 84) of the largest circle inside each of ``shapes``."""
    circles = shapely.maximum_inscribed_circle(to_projected(shapes).to_numpy(), tolerance=LABEL_TOLERANCE)
    centres = gpd.GeoSeries(shapely.get_point(circles, 0), crs=projected()).to_crs(GEOGRAPHIC)
    return np.asarray(shapely.get_coordinates(centres.to_numpy()))


def touching(shapes: Sequence[Any]) -> list[tuple[int, int]]:
    """Return the pairs (i, j), both ways round and in order, of ``shapes`` that share a piece of border.

    A single shared point makes no neighbours.
    """
    tree = shapely.STRtree(list(shapes))
    left, right = tree.query(np.asarray(shapes, dtype=object), predicate="intersects")
    pieces = shapely.intersection(tree.geometries[left], tree.geometries[right])
    shared = (left != right) & (shapely.length(pieces) > 0)
    return sorted(zip(left[shared].tolist(), right[shared].tolist(), strict=True))


def encode(codes: Sequence[str], shapes: Sequence[Any], digits: int) -> bytes:
    """Return compact GeoJSON whose feature ids and only property are ``codes``: the same input gives the same bytes.

    Raises:
        BoundaryError: when rounding to ``digits`` decimals of a degree breaks a shape.
    """
    features = []
    for code, shape in zip(codes, shapes, strict=True):
        parts = [_rings(part, digits) for part in shapely.get_parts(shapely.orient_polygons(shape))]
        if not _sound(parts):
            raise BoundaryError(
                f"{code}: {digits} decimals of a degree are too few for its border; expected more. Use {digits + 1}."
            )
        kind, coordinates = ("Polygon", parts[0]) if len(parts) == 1 else ("MultiPolygon", parts)
        features.append(
            {
                "type": "Feature",
                "id": code,
                "properties": {"pcode": code},
                "geometry": {"type": kind, "coordinates": coordinates},
            }
        )
    return json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":")).encode()


def _sound(parts: list[list[list[tuple[float, float]]]]) -> bool:
    """Whether the rounded rings still bound valid polygons (a ring needs four points, the last being the first)."""
    if min(len(ring) for part in parts for ring in part) < 4:
        return False
    return bool(shapely.is_valid(shapely.MultiPolygon([shapely.Polygon(part[0], part[1:]) for part in parts])))


def _rings(polygon: Any, digits: int) -> list[list[tuple[float, float]]]:
    """Rounded rings without repeated vertices, the outer one counter-clockwise (RFC 7946)."""
    rings = []
    for ring in shapely.get_rings(polygon):
        points = [(x, y) for x, y in np.round(shapely.get_coordinates(ring), digits).tolist()]
        rings.append([point for index, point in enumerate(points) if index == 0 or point != points[index - 1]])
    return rings
