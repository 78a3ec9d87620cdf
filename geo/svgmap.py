"""Floor 5: areas as an SVG drawing, and the same areas in page coordinates for whoever places labels on them.

The writer is our own and short: same areas and fills, same bytes.  The drawing holds no text at all, for Lao text
inside an SVG is set wrongly by typesetters (sara am breaks); elements bear the areas' P-codes as ids.  Page
coordinates are points (1/72 inch) from the top left, y downwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo import boundaries, crs
from geo.colours import NO_DATA_COLOUR, PAPER, ZERO_COLOUR
from geo.errors import UnknownCodeError

DETAIL = 0.18  # points: simplification stays below the width of a hair line (0.25 pt)
PAGE_LAND, CONTEXT_LAND = "#F0F0EB", "#E3E2DA"
JOIN = 'stroke-linejoin="round"'
NATIONWIDE_COLOUR = "#8F7A3E"
CASING, BORDER, OUTLINE = "#D5D4CA", "#4A4A48", "#1C1C1C"
HATCH = (
    '<pattern id="no-data" width="3.2" height="3.2" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="3.2" height="3.2" fill="{ZERO_COLOUR}"/><rect width="1.1" height="3.2" fill="{NO_DATA_COLOUR}"/>'
    "</pattern>"
)
NATIONWIDE = (
    '<pattern id="nationwide" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="9" height="0.9" fill="{NATIONWIDE_COLOUR}"/></pattern>'
)


@dataclass(frozen=True, slots=True)
class Frame:
    """A window on the projected plane: its size in points, metres to a point, and its top left corner in metres."""

    width: float
    height: float
    metres: float
    left: float
    top: float

    def to_page(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a projected ``geometry`` (metres) in page coordinates."""
        origin = np.array([self.left, self.top])
        return shapely.transform(geometry, lambda xy: (xy - origin) / self.metres * (1, -1))


@dataclass(frozen=True, slots=True)
class Shape:
    """One area on the page: its P-code, its parent's, its names, and its geometry in page coordinates."""

    pcode: str
    parent: str
    name_en: str
    name_lo: str
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Drawing:
    """Areas ready to be coloured; ``context`` is the country's land around them, ``heavy`` their provinces' borders."""

    frame: Frame
    level: str
    areas: tuple[Shape, ...]
    heavy: tuple[Shape, ...]
    context: tuple[Shape, ...]
    outline: BaseGeometry


@lru_cache(maxsize=32)
def draw(level: str, within: str, width: float, height: float, padding: tuple[float, float, float, float]) -> Drawing:
    """Return the country by ``level``, or the province ``within`` it, drawn in ``width`` x ``height`` points.

    ``padding`` is the least space kept free at the left, top, right and bottom, in points.

    Raises:
        UnknownCodeError: when no province has the code ``within``.
    """
    land = _projected()
    if within and within not in set(land["parent"]):
        raise UnknownCodeError(f"No province has the P-code {within!r}. Expected one such as {land['parent'].min()}.")
    focus = land[land["parent"] == within] if within else land
    frame = _fit(tuple(focus.total_bounds), width, height, padding)
    fine = _shapes(frame)
    provinces = tuple(_dissolved(fine, code) for code in sorted({shape.parent for shape in fine}))
    window = shapely.box(0, 0, width, height)
    inside = [shape for shape in fine if not within or shape.parent == within]
    heavy = tuple(shape for shape in provinces if not within or shape.pcode == within)
    others = (shape for shape in provinces if within and shape.pcode != within)
    return Drawing(
        frame=frame,
        level=level,
        areas=tuple(inside) if level == "adm2" else heavy,
        heavy=heavy,
        context=tuple(shape for shape in others if shape.geometry.intersects(window)),
        outline=shapely.coverage_union_all([shape.geometry for shape in provinces]),
    )


def svg(
    drawing: Drawing,
    fills: Mapping[str, str | None],
    *,
    land: str = PAGE_LAND,
    prefix: str = "",
    fine: bool = False,
    small: bool = False,
    hatch: bool = False,
) -> str:
    """Return ``drawing`` as SVG; ``fills`` gives "#RRGGBB" by P-code, ``None`` (or none given) the hatch of "no data".

    ``prefix`` is put before every id, for a page with more than one drawing; ``fine`` draws thin white lines and no
    casing, for a locator; ``small`` thin grey ones, for one map of many; ``hatch`` lays the lines of nationwide work
    over all areas.
    """
    frame = drawing.frame
    thin = fine or small
    inner = 0.3 if small else _inner(drawing)
    wide, high = _number(frame.width), _number(frame.height)
    size = f'width="{wide}" height="{high}"'
    outline = [drawing.outline]
    layers = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {wide} {high}">',
        f"<defs>{_patterns(prefix, hatch=hatch)}</defs>",
        f'<rect {size} fill="{land}"/>' if land else "",
        "" if thin else _group("casing", outline, fill=CASING, stroke=CASING, width=5),
        _group("context", [one.geometry for one in drawing.context], fill=CONTEXT_LAND, stroke=PAPER, width=0.9),
        f'<g class="areas" stroke="{PAPER if fine else BORDER}" stroke-width="{inner}" {JOIN}>',
        *(_area(shape, fills.get(shape.pcode), prefix) for shape in drawing.areas),
        "</g>",
        f'<path class="nationwide" fill="url(#{prefix}nationwide)" d="{_path(drawing.outline)}"/>' if hatch else "",
        _group("borders", [shape.geometry for shape in drawing.heavy], stroke=OUTLINE, width=_heavy(drawing)),
        _group("outline", outline, stroke=BORDER if thin else OUTLINE, width=0.5 if small else 0.35 if fine else 1.1),
        "</svg>",
    )
    return "".join(layers)


def _patterns(prefix: str, *, hatch: bool) -> str:
    """Return the fills that are no colour, told apart by direction and weight: in black and white print too."""
    found = HATCH.replace("no-data", prefix + "no-data")
    return found + NATIONWIDE.replace("nationwide", prefix + "nationwide") if hatch else found


def _inner(drawing: Drawing) -> float:
    """Return the width of the areas' own borders: the finer the more there are."""
    if drawing.level == "adm1":
        return 0.55
    return 0.28 if len(drawing.areas) > 60 else 0.5


def _heavy(drawing: Drawing) -> float:
    """Return the width of the provinces' borders over their districts'; none where the provinces are the areas."""
    if drawing.level == "adm1" and len(drawing.heavy) > 1:
        return 0
    return 0.75 if len(drawing.heavy) > 1 else 1.3


def _area(shape: Shape, fill: str | None, prefix: str) -> str:
    paint = fill or f"url(#{prefix}no-data)"
    return f'<path id="{prefix}{shape.pcode}" fill="{paint}" d="{_path(shape.geometry)}"/>'


def _group(name: str, shapes: Sequence[BaseGeometry], *, stroke: str, width: float, fill: str = "none") -> str:
    if not shapes or not width:
        return ""
    paths = "".join(f'<path d="{_path(geometry)}"/>' for geometry in shapes)
    return f'<g class="{name}" fill="{fill}" stroke="{stroke}" stroke-width="{width}" {JOIN}>{paths}</g>'


@lru_cache(maxsize=4096)
def _path(geometry: BaseGeometry) -> str:
    """Return the rings of polygons as SVG path data, in hundredths of a point."""
    parts: list[str] = []
    for polygon in getattr(geometry, "geoms", [geometry]):
        for ring in (polygon.exterior, *polygon.interiors):
            points = np.round(shapely.get_coordinates(ring)[:-1], 2)
            parts.append("M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in points.tolist()) + "Z")
    return "".join(parts)


def _number(value: float) -> str:
    return f"{round(value, 2):g}"  # six digits: hundredths of a point up to 9,999


@cache
def _projected() -> gpd.GeoDataFrame:
    """Return the districts in the pack's projected CRS (metres), sorted by P-code."""
    return boundaries.load().adm2.sort_index().to_crs(crs.projected())


def _fit(bounds: tuple[float, ...], width: float, height: float, padding: tuple[float, float, float, float]) -> Frame:
    left, top, right, bottom = padding
    west, south, east, north = bounds
    metres = max((east - west) / (width - left - right), (north - south) / (height - top - bottom))
    spare_x = width - left - right - (east - west) / metres
    spare_y = height - top - bottom - (north - south) / metres
    return Frame(width, height, metres, west - (left + spare_x / 2) * metres, north + (top + spare_y / 2) * metres)


def _shapes(frame: Frame) -> list[Shape]:
    """Return all districts in page coordinates, simplified together so that neighbours keep one common border."""
    land = _projected()
    simple: NDArray[np.object_] = shapely.coverage_simplify(land.geometry.to_numpy(), DETAIL * frame.metres)
    columns = zip(land.index, land["parent"], land["name_en"], land["name_lo"], simple, strict=True)
    return [Shape(code, parent, en, lo, frame.to_page(geometry)) for code, parent, en, lo, geometry in columns]


def _dissolved(fine: list[Shape], pcode: str) -> Shape:
    names = boundaries.load().adm1.loc[pcode]
    geometry = shapely.coverage_union_all([shape.geometry for shape in fine if shape.parent == pcode])
    return Shape(pcode, "", names["name_en"], names["name_lo"], geometry)
