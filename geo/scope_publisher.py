"""Floor 2: finders of what the publisher says of geography: scope, IATI codes of the location, and positions.

IATI codes come as ``Activity.iati``, pairs of an element's name and a code: ``activity-scope``, ``location-reach``,
``exactness``, ``location-class``, ``feature-designation`` and, of files before version 2.01, ``precision``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import cos, hypot, isfinite, radians
from typing import NamedTuple

from geo import gazetteer, pack, positions
from geo.scope_case import PUBLISHED, Case, Spot
from geo.scope_words import settings

Found = Iterator[Spot]
IATI, POINTS = "iati", "points"
KM_A_DEGREE = 111.2  # of latitude, on a sphere of 6,371 km
SCOPE, REACH, EXACTNESS, CLASS = "activity-scope", "location-reach", "exactness", "location-class"
DESIGNATION, PRECISION = "feature-designation", "precision"


def _iati(case: Case, element: str, codes: tuple[str, ...]) -> Found:
    for row, (name, code) in enumerate(case.activity.iati):
        if name == element and code.strip().upper() in codes:
            yield Spot(f"{element} {code.strip()}", IATI, row)


def published_national(case: Case) -> Found:
    """The publisher's own word: national."""
    if case.activity.scope_as_published.strip().casefold() == "national":
        yield Spot(case.activity.scope_as_published, PUBLISHED, 0)


def published_subnational(case: Case) -> Found:
    """The publisher's own word: subnational."""
    if case.activity.scope_as_published.strip().casefold() == "subnational":
        yield Spot(case.activity.scope_as_published, PUBLISHED, 0)


def iati_national(case: Case) -> Found:
    """Activity scope 1 global, 2 regional, 3 multi-national or 4 national: no part of the country is singled out."""
    return _iati(case, SCOPE, ("1", "2", "3", "4"))


def iati_subnational(case: Case) -> Found:
    """Activity scope 5 to 8: several or one first-level area, one second-level area, one location."""
    return _iati(case, SCOPE, ("5", "6", "7", "8"))


def iati_precision_country(case: Case) -> Found:
    """Legacy precision 6 country, 7 unclear (capital assumed), 8 seat of administration, 9 unclear (country)."""
    return _iati(case, PRECISION, ("6", "7", "8", "9"))


def iati_precision_local(case: Case) -> Found:
    """Legacy precision 1 exact, 2 near, 3 second-level area, 4 first-level area."""
    return _iati(case, PRECISION, ("1", "2", "3", "4"))


def iati_country_feature(case: Case) -> Found:
    """A location that is the political entity itself."""
    return _iati(case, DESIGNATION, ("PCL", "PCLI", "PCLD", "PCLF", "PCLS"))


def iati_capital_feature(case: Case) -> Found:
    """A location that is the capital's town point or a government building."""
    return _iati(case, DESIGNATION, ("PPLC", "ADMF", "GOVL", "DIP"))


def iati_area_feature(case: Case) -> Found:
    """A location that is an administrative area, the seat of one, or a place that is no capital."""
    return _iati(case, DESIGNATION, ("ADM1", "ADM2", "ADM3", "ADM4", "ADMD", "PPL", "PPLA", "PPLA2", "PPLA3", "PPLL"))


def iati_structure(case: Case) -> Found:
    """A location that is a structure, such as a school or a bridge."""
    return _iati(case, CLASS, ("3",))


def iati_exact(case: Case) -> Found:
    """Coordinates that the publisher calls exact."""
    return _iati(case, EXACTNESS, ("1",))


def iati_approximate(case: Case) -> Found:
    """Coordinates that the publisher calls approximate, on the capital's pin."""
    return _iati(case, EXACTNESS, ("2",)) if case.map.pins or _near_capital(case) else iter(())


def iati_beneficiaries(case: Case) -> Found:
    """Reach 2: the intended beneficiaries live there, so the location is no office."""
    return _iati(case, REACH, ("2",))


# --- positions


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance of two points (latitude, longitude in degrees, WGS 84), good to 1 % within a country."""
    middle = radians((one[0] + other[0]) / 2)
    return KM_A_DEGREE * hypot(one[0] - other[0], (one[1] - other[1]) * cos(middle))


def _points(case: Case) -> Iterator[tuple[int, tuple[float, float]]]:
    for row, (latitude, longitude) in enumerate(case.activity.points):
        if isfinite(latitude) and isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180:
            yield row, (latitude, longitude)


def _at(row: int, point: tuple[float, float]) -> Spot:
    return Spot(f"{point[0]:g}, {point[1]:g}", POINTS, row)


@cache
def capital_point() -> tuple[float, float]:
    """Return the capital's town point (latitude, longitude) of the table of first-level areas.

    Raises:
        PackError: when the pack lacks the table.
    """
    table = pack.rows(pack.settings().data["adm1_names"])
    row = next(row for row in table if row["pcode"] == pack.settings().capital)
    return float(row["capital_lat"]), float(row["capital_lon"])


@cache
def district_points() -> tuple[tuple[str, tuple[float, float]], ...]:
    """Return (P-code, a point inside it) of all second-level areas.

    Raises:
        PackError: when the pack lacks the table.
    """
    table = pack.rows(pack.settings().data["adm2_names"])
    return tuple((row["adm2_pcode"], (float(row["lat"]), float(row["lon"]))) for row in table)


def _near_capital(case: Case) -> bool:
    return any(_on_capital(point) for _, point in _points(case))


def _on_capital(point: tuple[float, float]) -> bool:
    return kilometres(point, capital_point()) <= float(settings()["positions"]["capital_km"])


def _on_country(point: tuple[float, float]) -> bool:
    limits = settings()["positions"]
    return any(kilometres(point, (lat, lon)) <= limits["country_km"] for lat, lon in limits["country_points"])


def capital_city_point(case: Case) -> Found:
    """A point on the capital's town point, where geocoders put what has no place of its own."""
    finer = case.map.inside and not case.map.pins
    for row, point in _points(case):
        if not finer and _on_capital(point):
            yield _at(row, point)


def country_point(case: Case) -> Found:
    """A point that stands for the country in gazetteers."""
    yield from (_at(row, point) for row, point in _points(case) if _on_country(point))


def point_outside(case: Case) -> Found:
    """A point in no first-level unit that the places name."""
    for row, point in _points(case):
        if positions.elsewhere(case.units[row], case.activity.places):
            yield _at(row, point)


def site_point(case: Case) -> Found:
    """A point in a district, where no name says where the work is and the point stands for nothing wider."""
    yield from (_at(row, case.activity.points[row]) for row in _sites(case))


def _sites(case: Case) -> Iterator[int]:
    if case.map.placed or _pinned(case):
        return
    for row, point in _points(case):
        if case.units[row] and _may_be(case, case.units[row]) and not _on_capital(point) and not _on_country(point):
            yield row


def _pinned(case: Case) -> bool:
    """Whether codes say that a position is the country's or an office's, and none that one is a place of work.

    Codes and positions come without a word on which belongs to which.
    """
    pins = (iati_country_feature, iati_capital_feature, iati_precision_country)
    sites = (iati_area_feature, iati_structure, iati_beneficiaries, iati_precision_local)
    return any(map(any, (one(case) for one in pins))) and not any(map(any, (one(case) for one in sites)))


def _may_be(case: Case, unit: str) -> bool:
    """Whether a district is in what shared names may be; one of the capital is left to what decides on its pin."""
    choices = case.map.choices
    province = gazetteer.province(unit)
    return not choices or unit in choices or (province in choices and province != pack.settings().capital)


class Pointed(NamedTuple):
    """Where points stand that no name places: ``sites`` are districts of work, ``capital`` says that one is its pin.

    ``shown`` are the areas where the map as published shows them, sorted; a point on the capital's pin is the capital.
    """

    sites: tuple[str, ...] = ()
    capital: bool = False
    shown: tuple[str, ...] = ()


NOWHERE = Pointed()


def pointed(case: Case) -> Pointed:
    """Return where the points of an activity stand; nowhere where names say it."""
    if not case.activity.points or case.map.placed:
        return NOWHERE
    capital = pack.settings().capital
    found = {row: capital if _on_capital(point) else case.units[row] for row, point in _points(case)}
    shown = () if case.map.registered else tuple(sorted({code for code in found.values() if code}))
    return Pointed(tuple(sorted({case.units[row] for row in _sites(case)})), _near_capital(case), shown)
