"""Floor 1.4: boundary files in their formats -> properties and polygons; what is no text is read in a child process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely

from geo import polygons
from geo.errors import BoundaryError, InputError
from geo.readers import vector

VECTOR = (b"PK\x03\x04", b"PK\x05\x06", b"SQLite format 3\x00", b"PAR1")  # zip, GeoPackage, Parquet


def features(data: bytes, name: str) -> tuple[Sequence[Mapping[str, Any]], list[Any], Any, str]:
    """Return properties, polygons, CRS and format; what is no text is read in a child process.

    Raises:
        BoundaryError: when it cannot be read, or a feature is no polygon.
    """
    if not data.startswith(VECTOR):
        return *polygons.read_features(data, name), "GeoJSON"
    try:
        properties, hexes, crs, kind = vector.polygons(data, name)
    except InputError as error:
        raise BoundaryError(str(error)) from error
    shapes = [shapely.from_wkb(text) if text else None for text in hexes]
    for number, shape in enumerate(shapes, 1):
        if shape is None or shape.geom_type not in polygons.POLYGONAL or shape.is_empty:
            got = (
                "no geometry" if shape is None else f"an empty {shape.geom_type}" if shape.is_empty else shape.geom_type
            )
            raise BoundaryError(
                f"{name}: feature {number}: got {got}; expected a Polygon or MultiPolygon. Remove or mend that feature."
            )
        if not np.isfinite(shapely.get_coordinates(shape)).all():
            raise BoundaryError(f"{name}: feature {number}: got an endless shape; expected finite numbers. Mend it.")
    return properties, shapes, crs or "none at all", kind
