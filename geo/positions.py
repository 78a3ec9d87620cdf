"""Floor 1.3: the positions of activities -> districts, all of a file in one call, and what is wrong with them.

A point in a district, or just outside the country beside it, has that district.  One that lies farther outside, one
whose latitude and longitude are exchanged, and one in another province than those that its row names are told.
Nothing is moved or turned round.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from geo import gazetteer
from geo.errors import Problem
from geo.fields import Activity, Fields

if TYPE_CHECKING:
    from geo.resolver import Resolved

Points: TypeAlias = tuple[tuple[float, float], ...]  # latitude, longitude in degrees, WGS 84
COLUMN = str(Fields.POINTS)
UNREAD, OUTSIDE, SWAPPED, ELSEWHERE = "bad_point", "point_outside", "point_swapped", "point_elsewhere"
STRAY = (OUTSIDE, SWAPPED, ELSEWHERE)
EVERYWHERE = ("country", "region", "count")  # places that stand for more areas than they name


def units(several: Sequence[Points]) -> list[tuple[str, ...]]:
    """Return the P-code of the district of each point, "" for none, in the shape in which the points were given.

    Raises:
        BoundaryError: when there are points and the boundaries cannot be used.
    """
    flat = tuple(chain.from_iterable(several))
    if not flat:
        return [()] * len(several)
    found = _resolved(flat)
    codes = iter([found.codes[at] if at >= 0 else "" for at in found.index.tolist()])
    return [tuple([next(codes) for _point in points]) for points in several]


def _resolved(points: Sequence[tuple[float, float]]) -> Resolved:
    from geo import boundaries  # takes a second and 60 MB to load, and most files have no point

    degrees = np.array(points, dtype=np.float64).reshape(-1, 2)
    return boundaries.resolver().resolve(degrees[:, 1], degrees[:, 0])


@lru_cache(maxsize=16_384)
def provinces(places: tuple[str, ...]) -> frozenset[str]:
    """Return the P-codes of the first-level units that places may mean; none where they stand for more than they name.

    Raises:
        PackError: when a table of the country pack is missing or wrong.
    """
    found = [one for one in gazetteer.match_all(places) if one.kind != "unknown"]
    if any(one.kind in EVERYWHERE for one in found):
        return frozenset()
    return frozenset(gazetteer.province(code) for one in found for code in (*one.areas, *one.candidates))


def elsewhere(unit: str, places: tuple[str, ...]) -> bool:
    """Tell whether a point in ``unit`` ("": in none) lies outside the first-level units that its places name."""
    named = provinces(places)
    return bool(named) and (not unit or gazetteer.province(unit) not in named)


def problems(activities: Iterable[Activity]) -> list[Problem]:
    """Return a problem for each point that lies outside the country, is turned round, or is not where its names are.

    Raises:
        BoundaryError: as ``units``.
    """
    pairs = [(activity, point) for activity in activities for point in activity.points]
    if not pairs:
        return []
    found = _resolved([point for _activity, point in pairs])
    told = (_problem(activity, point, found, at) for at, (activity, point) in enumerate(pairs))
    return [problem for problem in told if problem]


def _problem(activity: Activity, point: tuple[float, float], found: Resolved, at: int) -> Problem | None:
    latitude, longitude = point
    value = f"{latitude} {longitude}"
    if found.candidate[at] >= 0:
        return _swapped(Problem(SWAPPED, activity.row, COLUMN, value, "", ""), f"{longitude} {latitude}")
    unit = found.code(at)
    if not unit:
        expected = "a point inside the country, or within 2 km of it"  # NEAREST_M of geo/resolver.py
        fix = "Check the coordinates, or leave them out and name the place."
        return Problem(OUTSIDE, activity.row, COLUMN, value, expected, fix)
    if not elsewhere(unit, activity.places):
        return None
    named = " or ".join(map(gazetteer.label, sorted(provinces(activity.places))))
    expected = f"a point in {named}, as its places say; this one lies in {gazetteer.label(unit)}"
    fix = "Correct the point or the place; the names were followed until then."
    return Problem(ELSEWHERE, activity.row, COLUMN, value, expected, fix)


def _swapped(problem: Problem, turned: str) -> Problem:
    expected = "a point inside the country"
    fix = "Latitude and longitude seem to be exchanged: put them the other way round."
    return replace(problem, kind=SWAPPED, expected=expected, fix=fix, candidates=(turned,))


def recognise_swapped(found: Sequence[Problem]) -> list[Problem]:
    """Return problems with those told apart whose value is no position, but one in the country when turned round.

    Raises:
        BoundaryError: as ``units``.
    """
    turned = {at: pair for at, one in enumerate(found) if one.kind == UNREAD and (pair := _turned(one.value))}
    inside = units([((float(latitude), float(longitude)),) for latitude, longitude in turned.values()])
    told = list(found)
    for (at, pair), (unit,) in zip(turned.items(), inside, strict=True):
        if unit:
            told[at] = _swapped(told[at], " ".join(pair))
    return told


def _turned(text: str) -> tuple[str, str] | None:
    """Return the two numbers of a text in the other order, None when it has no two."""
    parts = text.replace(",", " ").split()
    try:
        return (parts[1], parts[0]) if len(list(map(float, parts))) == 2 else None
    except ValueError:
        return None
