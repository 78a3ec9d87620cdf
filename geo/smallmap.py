"""Floor 5: small maps of the provinces, eighteen of them in a few kilobytes, as addresses of pictures.

Same colours, same bytes.  The drawing holds no text but its title; it is far too coarse for anything but a glance.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from functools import cache, lru_cache
from urllib.parse import quote

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo import boundaries, colours, crs, polygons

SIZE = (104, 128)  # of a small map, in CSS pixels
UNITS = 5  # of the drawing to a pixel
DETAIL_M = 7_000  # below a pixel of a small map
BORDER = "#7C8790"


def picture(fills: Mapping[str, str | None], name: str = "", times: int = 1) -> str:
    """Return the provinces in the given colours, "#RRGGBB" by P-code, as the address of a picture (``data:``).

    A province without a colour has the hatch of "not stated".  ``name`` titles the picture for who saves it;
    ``times`` makes it larger than ``SIZE``, with more detail.
    """
    return _picture(tuple(sorted(fills.items())), name, times)


@lru_cache(maxsize=512)
def _picture(fills: tuple[tuple[str, str | None], ...], name: str, times: int) -> str:
    return _drawn(_outlines(times), dict(fills), name, times)


def picture_of(shapes: Mapping[str, BaseGeometry], fills: Mapping[str, str | None], times: int = 1) -> str:
    """Return other units (WGS 84, sharing their borders) in the given colours, as ``picture`` does the provinces."""
    thin = shapely.coverage_simplify(polygons.to_projected(list(shapes.values())).to_numpy(), DETAIL_M / times)
    land = gpd.GeoSeries(thin, index=list(shapes))
    return _drawn(_paths(land, times), fills, "", times)


def _drawn(outlines: Mapping[str, str], colour: Mapping[str, str | None], name: str, times: int) -> str:
    paths = "".join(f"<path fill='{colour.get(code) or 'url(#h)'}' d='{path}'/>" for code, path in outlines.items())
    hatch = (
        "<pattern id='h' width='24' height='24' patternUnits='userSpaceOnUse' patternTransform='rotate(45)'>"
        f"<path fill='{colours.NO_DATA_COLOUR}' d='M0 0h9v24h-9z'/></pattern>"
    )
    wide, high = (side * times for side in SIZE)
    size = f"width='{wide}' height='{high}' viewBox='0 0 {wide * UNITS} {high * UNITS}'"
    drawn = (
        f"<svg xmlns='http://www.w3.org/2000/svg' {size} stroke='{BORDER}' "
        f"stroke-width='3' stroke-linejoin='round'>"
        f"<title>{html.escape(name, quote=True)}</title>{hatch}{paths}</svg>"
    )
    return "data:image/svg+xml," + quote(drawn, safe=" '=:/,;-._()&?!*+$@")


@cache
def _outlines(times: int) -> Mapping[str, str]:
    """Return the SVG path of each province by P-code, coarse enough that eighteen maps weigh a few kilobytes.

    Steps are whole parts of a pixel (``UNITS``) from the corner before, so that paths are short.
    """
    return _paths(boundaries.simplified("adm1", DETAIL_M / times).to_crs(crs.projected()).geometry, times)


def _paths(land: gpd.GeoSeries, times: int) -> Mapping[str, str]:
    left, bottom, right, top = land.total_bounds
    wide, high = (side * times * UNITS - 2 * UNITS for side in SIZE)
    scale = min(wide / (right - left), high / (top - bottom))
    x, y = (wide - (right - left) * scale) / 2 + UNITS, (high - (top - bottom) * scale) / 2 + UNITS
    place = (x - left * scale, y + top * scale)
    return {code: _rings(shape, scale, place) for code, shape in zip(land.index, land, strict=True)}


def _rings(shape: BaseGeometry, scale: float, place: tuple[float, float]) -> str:
    drawn = ""
    for polygon in shapely.get_parts(shape):
        for ring in shapely.get_rings(polygon):
            points = np.rint(shapely.get_coordinates(ring) * (scale, -scale) + place).astype(int)
            steps = np.diff(points[:-1], axis=0)
            drawn += f"M{points[0][0]} {points[0][1]}l" + " ".join(f"{dx} {dy}" for dx, dy in steps.tolist()) + "z"
    return drawn
