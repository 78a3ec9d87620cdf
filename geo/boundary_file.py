"""Floor 1.5: a boundary file that a user brings (COD-AB, GADM, geoBoundaries, OSM): taken, or refused with the reason.

Units are recognised by P-code, by another code of the pack's tables, or by name; the tables' reference points inside
the districts then confirm that each lies where its name says.  Those points alone settle a name of two units.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj.exceptions import ProjError

from geo import boundary_formats, pack, polygons, units
from geo.crs import GEOGRAPHIC
from geo.errors import BoundaryError, shorten
from geo.units import Level

MAX_BYTES = 60_000_000
GAP_DEGREES = 0.01  # about 1 km: narrower slivers between units are closed
MAX_CHANGE = 0.05  # of a unit's area; closing slivers may change no more
APART_DEGREES = 0.001  # about 100 m: neighbours no farther apart than this were meant to share their border
MAX_APART = 0.10  # of a unit's border; a bay as narrow as that takes up less (2.5 % in the embedded file)
EPSG = re.compile(r"(?:urn:ogc:def:crs:)?EPSG:(?:[0-9.]{0,9}:)?([0-9]{4,6})", re.IGNORECASE)
EXPECTED = "GeoJSON, GeoPackage, GeoParquet or a zipped shapefile"
CONVERT = (
    "Convert it to GeoJSON in WGS 84: in QGIS with Export, or with ogr2ogr -f GeoJSON -t_srs EPSG:4326 OUT.geojson IN."
)
FORMATS = (
    (b"\x00\x00\x27\x0a", "a bare shapefile"),
    (b"fgb", "a FlatGeobuf file"),
    (b"<", "XML (KML, GML or OSM)"),
)


@dataclass(frozen=True, slots=True, eq=False)
class UserFile:
    """A file that can stand for the country's units of ``level``, in the order of their P-codes, WGS 84.

    ``rows`` have pcode, name_en, name_lo and parent from the pack's tables; ``boundaries.assemble`` takes them and
    ``shapes`` where ``level`` is adm2.  ``matched_by`` is the column that named the units; ``notes`` say what was
    mended or turned into degrees; ``kind`` is the file's format.
    """

    level: Level
    rows: tuple[Mapping[str, str], ...]
    shapes: tuple[Any, ...]
    matched_by: str
    notes: tuple[str, ...]
    digest: str
    kind: str = "GeoJSON"

    @property
    def areas(self) -> gpd.GeoDataFrame:
        """The units as a frame indexed by P-code."""
        frame = gpd.GeoDataFrame([dict(row) for row in self.rows], geometry=list(self.shapes), crs=GEOGRAPHIC)
        return frame.set_index("pcode")


def read_user_file(source: Path | bytes, name: str = "") -> UserFile:
    """Read a file of provinces or of districts that a user brings, by its content; ``name`` is what messages call it.

    Raises:
        BoundaryError: another format or country, a CRS without an EPSG code, axes swapped, units missing, unknown or
            twice, invalid polygons, overlaps or gaps too large to close: got, expected, next step.
    """
    called = name or (source.name if isinstance(source, Path) else "the file")
    data = _bytes(source, called)
    properties, shapes, crs, kind = boundary_formats.features(data, called)
    if not shapes:
        raise BoundaryError(f"{called}: got no feature; expected provinces or districts. Export the layer again.")
    shapes, turned = _in_degrees(shapes, crs, called)
    _check_extent(shapes, called)
    level, column, candidates = recognise(properties, called)
    codes = _settle(level, candidates, shapes, properties, column, called)
    _check_complete(level, codes, called)
    labels = [f"{code} {units.rows(level)[code]['name_en']}" for code in codes]
    polygons.check_valid(labels, shapes, called)
    _check_places(level, codes, shapes, called)
    order = sorted(range(len(codes)), key=lambda index: codes[index])
    shapes, notes = _close([labels[index] for index in order], [shapes[index] for index in order], called)
    rows = tuple(units.rows(level)[code] for code in sorted(codes))
    return UserFile(level, rows, tuple(shapes), column, turned + notes, hashlib.sha256(data).hexdigest(), kind)


def _bytes(source: Path | bytes, name: str) -> bytes:
    if isinstance(source, Path):
        try:
            size = source.stat().st_size
            data = source.read_bytes() if size <= MAX_BYTES else b""
        except OSError as error:
            raise BoundaryError(
                f"{name}: cannot be read ({error.strerror}); expected {EXPECTED}. Check its path."
            ) from error
    else:
        size, data = len(source), source
    if size > MAX_BYTES:
        raise BoundaryError(
            f"{name}: got {size / 1e6:.0f} MB; expected at most {MAX_BYTES / 1e6:.0f} MB. Simplify it first."
        )
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    for mark, kind in FORMATS:
        if start.startswith(mark):
            raise BoundaryError(f"{name}: got {kind}; expected {EXPECTED}. {CONVERT}")
    if start.startswith(b"{") and b'"Topology"' in start[:200]:
        raise BoundaryError(f"{name}: got TopoJSON; expected {EXPECTED}. {CONVERT}")
    return data


def _in_degrees(shapes: list[Any], crs: object, name: str) -> tuple[list[Any], tuple[str, ...]]:
    """Return polygons in WGS 84, and a note where they came in another system that is known by its EPSG code."""
    own = crs.get("properties") if isinstance(crs, dict) else None
    got = str(own.get("name")) if isinstance(own, dict) else str(crs)
    if crs is None or got.endswith(("CRS84", "4326")):
        return shapes, ()
    refused = f"{name}: got CRS {shorten(got)}; expected WGS 84 (EPSG:4326)"
    known = EPSG.fullmatch(got)
    if not known:
        raise BoundaryError(f"{refused}, or another with its EPSG code. {CONVERT}")
    system = f"EPSG:{known.group(1)}"
    try:
        made = gpd.GeoSeries(shapes, crs=system).to_crs(GEOGRAPHIC)
    except ProjError as error:
        raise BoundaryError(f"{refused}; {system} is not known here. {CONVERT}") from error
    if not np.isfinite(made.total_bounds).all():
        raise BoundaryError(f"{refused}; its coordinates lie outside {system}. Check which system they are in.")
    note = f"Coordinates in {system} were turned into longitude and latitude in WGS 84."
    return list(made), (note,)


def _check_extent(shapes: Sequence[Any], name: str) -> None:
    west, south, east, north = pack.settings().bounds
    x0, y0, x1, y1 = (float(value) for value in shapely.total_bounds(list(shapes)))
    if west <= x0 and south <= y0 and x1 <= east and y1 <= north:
        return
    got = f"{name}: got bounds {x0:.6g}, {y0:.6g}, {x1:.6g}, {y1:.6g}"
    wanted = f"expected them within {west:g}, {south:g}, {east:g}, {north:g} (west, south, east, north in degrees)."
    if west <= y0 and south <= x0 and y1 <= east and x1 <= north:
        raise BoundaryError(f"{got}; {wanted} Latitude and longitude are swapped: write longitude first.")
    if max(abs(x0), abs(x1)) > 180 or max(abs(y0), abs(y1)) > 90:
        raise BoundaryError(f"{got}; {wanted} They are no degrees but a projection's metres. {CONVERT}")
    country = pack.settings().name_en
    raise BoundaryError(f"{got}; {wanted} The file goes beyond {country}: keep this country's units alone.")


def recognise(properties: Sequence[Mapping[str, Any]], name: str) -> tuple[Level, str, list[frozenset[str]]]:
    """Return the level and the column that name most units, and for each feature the P-codes that its value can mean.

    Raises:
        BoundaryError: when no column names half of the features or more.
    """
    columns = list(
        dict.fromkeys(column for row in properties for column, value in row.items() if isinstance(value, str))
    )
    best: tuple[int, Level, str, list[frozenset[str]]] = (0, "adm1", "", [])
    for column in columns:
        for level in ("adm1", "adm2"):
            found = [units.meanings(level, str(row.get(column, ""))) for row in properties]
            named = min(len(frozenset().union(*found)), sum(1 for codes in found if codes))
            if named > best[0]:  # the first column wins among equals: publishers put codes and English names first
                best = (named, level, column, found)
    if 2 * best[0] < len(properties):
        raise BoundaryError(
            f"{name}: got {len(properties)} features with columns {shorten(', '.join(columns)) or 'none'}; "
            "none of them names the country's units; expected P-codes, ISO or HASC codes, or names. Add P-codes."
        )
    return best[1], best[2], best[3]


def _held(level: Level, shapes: Sequence[Any]) -> list[Counter[str]]:
    """For each shape, how many reference points of which unit it holds."""
    points, owners = units.reference_points(level)
    counts: list[Counter[str]] = [Counter() for _ in shapes]
    # Not prepared and not through a tree: an invalid polygon is reported later, by name.
    valid = shapely.make_valid(np.asarray(shapes, dtype=object))
    for point, shape in zip(*shapely.STRtree(valid).query(points, predicate="intersects"), strict=True):
        counts[shape][owners[point]] += 1
    return counts


def _settle(
    level: Level,
    candidates: Sequence[frozenset[str]],
    shapes: Sequence[Any],
    properties: Sequence[Mapping[str, Any]],
    column: str,
    name: str,
) -> list[str]:
    """The one P-code of each feature; a name of several units is settled by the reference points in the polygon."""
    held = _held(level, shapes) if any(len(codes) > 1 for codes in candidates) else [Counter()] * len(shapes)
    settled, unknown = [], []
    for number, (codes, counts) in enumerate(zip(candidates, held, strict=True), 1):
        inside = [code for code in sorted(codes) if counts[code]] if len(codes) > 1 else list(codes)
        if len(inside) == 1:
            settled.append(inside[0])
        else:
            value = shorten(str(properties[number - 1].get(column, "")), 30)
            may_be = f", which may be {' or '.join(sorted(codes))}" if codes else ""
            unknown.append(f"{value!r} (feature {number}{may_be})")
    if unknown:
        lacking = units.listed(level, set(units.rows(level)) - set(settled))
        raise BoundaryError(
            f"{name}: got {len(unknown)} units in column {column} that are not known: {'; '.join(unknown[:5])}; "
            f"expected the country's units; not found are {lacking}. Correct the names or add a column with P-codes."
        )
    return settled


def _check_complete(level: Level, codes: Sequence[str], name: str) -> None:
    kind = "provinces" if level == "adm1" else "districts"
    expected = set(units.rows(level))
    if twice := [code for code, times in Counter(codes).items() if times > 1]:
        raise BoundaryError(
            f"{name}: got {units.listed(level, twice)} more than once; expected each once. Dissolve by that unit."
        )
    if missing := expected - set(codes):
        raise BoundaryError(
            f"{name}: got {len(codes)} {kind}; expected {len(expected)}: missing are {units.listed(level, missing)}. "
            "The file may be older than the unit. Take a newer release, such as COD-AB."
        )


def _check_places(level: Level, codes: Sequence[str], shapes: Sequence[Any], name: str) -> None:
    """Raise when a polygon lies where another unit is: codes or names swapped."""
    wrong = []
    for code, counts in zip(codes, _held(level, shapes), strict=True):
        other, times = counts.most_common(1)[0] if counts else (code, 0)
        if other != code and times > counts[code]:
            wrong.append(f"{units.listed(level, [code])} lies where {units.listed(level, [other])} is")
    if wrong:
        raise BoundaryError(
            f"{name}: {'; '.join(wrong[:3])}; expected each unit in its place. "
            "Codes or names seem to be swapped: correct them."
        )


def _close(labels: Sequence[str], shapes: Sequence[Any], name: str) -> tuple[list[Any], tuple[str, ...]]:
    """The shapes as a coverage without gaps, and a note where slivers were closed."""
    whole, notes = list(shapes), []
    if not shapely.coverage_is_valid(whole, gap_width=APART_DEGREES):
        with np.errstate(invalid="ignore"):  # GEOS raises the flag while it nodes
            clean = shapely.coverage_clean  # type: ignore[attr-defined, unused-ignore]  # newer than the stubs
            whole = list(clean(whole, gap_width=GAP_DEGREES))
        change = shapely.area(shapely.symmetric_difference(shapes, whole)) / shapely.area(shapes)
        if change.max() > MAX_CHANGE:
            raise _unclean(name, labels[int(np.argmax(change))])
        # What opens to the outside is no gap to the cleaning.
        apart = shapely.length(shapely.coverage_invalid_edges(whole, gap_width=APART_DEGREES)) / shapely.length(whole)
        if apart.max() > MAX_APART:
            raise _unclean(name, labels[int(np.argmax(apart))])
        if change.max() > 0:
            most = labels[int(np.argmax(change))]
            notes.append(f"Slivers and overlaps between units were closed; the unit most changed is {most}.")
    holes = [ring for part in shapely.get_parts(shapely.union_all(whole)) for ring in shapely.get_rings(part)[1:]]
    if holes:
        x, y = shapely.get_coordinates(shapely.point_on_surface(shapely.polygons(holes[0])))[0]
        raise BoundaryError(
            f"{name}: got {len(holes)} gaps that no unit covers, the first at longitude {x:.3f}, latitude {y:.3f}; "
            "expected none. Give each gap to a unit."
        )
    return whole, tuple(notes)


def _unclean(name: str, worst: str) -> BoundaryError:
    return BoundaryError(
        f"{name}: got units that overlap or stand apart, {worst} most of all; expected shared borders. "
        "They are too far off to be mended unasked. Take a topologically clean release, such as COD-AB."
    )
