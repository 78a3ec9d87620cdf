"""Floor 1.6: what there is to say about a user's boundary file: the checks in words, how far it is from the present.

The report is made of the file that was taken; one that was refused has its reason instead.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geo import boundaries, boundary_file, boundary_formats, i18n, pack, polygons, units
from geo.boundary_file import UserFile
from geo.errors import BoundaryError

KEPT = ("pcode", "name_en", "name_lo", "parent")
ALIKE = 0.90  # of a unit's area shared with the present one; below it the unit is named
SHARED = 0.99  # from here on the two are the same to the eye
MOST = 2_000  # polygons that are drawn of a file that was refused
SAME, NEAR, FAR = "#8FB8A0", "#E8C95C", "#C8553D"


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, in the reader's language: the verdict, then the lines of the checks.

    ``stands`` says whether the map can be drawn from the file.  ``shares`` is, by P-code, how much of a unit both files
    have: the area of the overlap by that of the union, 0 to 1.
    """

    verdict: str
    stands: bool
    lines: tuple[str, ...]
    shares: dict[str, float]


def colour(share: float) -> str:
    """Return the colour of a unit on the map of the checks, by how much of it both files have."""
    return SAME if share >= SHARED else NEAR if share >= ALIKE else FAR


def canonical(found: UserFile) -> bytes:
    """Return districts as the app's own boundary file has them: GeoJSON with pcode, names and parent, always alike.

    Raises:
        BoundaryError: when the file has provinces alone, from which no district can be drawn.
    """
    if found.level != "adm2":
        number = pack.settings().adm2
        raise BoundaryError(
            f"Got {len(found.rows)} provinces; expected {number} districts: the map draws its provinces from them. "
            "Install a file of districts, such as COD-AB's level 2."
        )
    features = [
        {
            "type": "Feature",
            "properties": {column: row[column] for column in KEPT},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for row, shape in zip(found.rows, found.shapes, strict=True)
    ]
    whole = {"type": "FeatureCollection", "features": features}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def sketch(data: bytes, name: str) -> tuple[dict[str, Any], dict[str, str | None]]:
    """Return the polygons of a file that was refused, by their number, and the colour of each; none where none can be.

    Red is a polygon that is not valid, yellow one that no table knows or that is there twice.
    """
    try:
        properties, shapes, _crs, _kind = boundary_formats.features(data, name)
        west, south, east, north = pack.settings().bounds
        box = shapely.box(west, south, east, north)
        if not shapes or len(shapes) > MOST or not shapely.intersects(box, shapely.box(*shapely.total_bounds(shapes))):
            return {}, {}
        meant = boundary_file.recognise(properties, name)[2]
    except BoundaryError:
        return {}, {}
    times = Counter(meant)
    drawn: dict[str, Any] = {}
    fills: dict[str, str | None] = {}
    for number, (shape, codes) in enumerate(zip(shapes, meant, strict=True), 1):
        area = shapely.intersection(shapely.buffer(shape, 0), box)
        if area.is_empty:
            continue
        sound = bool(shapely.is_valid(shape))
        drawn[str(number)] = area
        fills[str(number)] = FAR if not sound else SAME if codes and times[codes] == 1 else NEAR
    return drawn, fills


def build(found: UserFile, language: str = i18n.SOURCE_LANGUAGE) -> Report:
    """Return the report on a file that ``boundary_file.read_user_file`` took."""
    _ = i18n.translator(language)
    shares = _shares(found)
    area = float(polygons.area_km2(list(found.shapes)).sum())
    present = float(boundaries.load().adm1["area_km2"].sum())
    kind = _("districts") if found.level == "adm2" else _("provinces")
    lines = [
        _("{format} with {count} {units}, recognised by the column {column}.").format(
            format=found.kind, count=len(found.rows), units=kind, column=found.matched_by
        ),
        _("Each unit is there once and none is missing; each lies where its reference point is."),
        _("Coordinates are longitude and latitude in WGS 84; every polygon is valid; there is no gap and no overlap."),
        _("Area {area} km²; the present boundaries have {present} km².").format(
            area=i18n.number(round(area), language), present=i18n.number(round(present), language)
        ),
    ]
    far = [code for code, share in shares.items() if share < ALIKE]
    if far:
        text = _("{count} units share less than {percent} % of their area with the present ones: {units}.")
        listed = units.listed(found.level, far)
        lines.append(text.format(count=len(far), percent=round(ALIKE * 100), units=listed))
    else:
        text = _("Every unit shares at least {percent} % of its area with the present one.")
        lines.append(text.format(percent=int(min(shares.values()) * 100)))
    lines += map(_, found.notes)
    return Report(_verdict(found, _), found.level == "adm2", tuple(lines), shares)


def _verdict(found: UserFile, _: i18n.Translate) -> str:
    if found.level == "adm2":
        return _("This file can stand for the country.")
    text = _(
        "This file cannot stand for the country yet: its {count} provinces are sound, but the {number} districts are "
        "missing, from which the map draws provinces too. Bring a file of districts, such as COD-AB's level 2."
    )
    return text.format(count=len(found.rows), number=pack.settings().adm2)


def _shares(found: UserFile) -> dict[str, float]:
    mine = boundaries.load().at(found.level)
    codes = [row["pcode"] for row in found.rows]
    theirs, ours = np.asarray(found.shapes, dtype=object), mine.geometry.loc[codes].to_numpy()
    both, either = shapely.area(shapely.intersection(theirs, ours)), shapely.area(shapely.union(theirs, ours))
    return dict(zip(codes, (both / either).tolist(), strict=True))
