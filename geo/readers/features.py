"""Floor 1: features of a map (properties and points) -> raw text cells, whichever file they came in.

Positions are longitude and latitude in degrees, WGS 84.  One that cannot be meant is left out and asked for: (0, 0),
metres, no number.  Where the others lie is looked at later, with those of all kinds of files.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from geo.errors import InputError, Problem, shorten
from geo.fields import Fields
from geo.readers import RawRow, RawTable

BASIS = "point_basis"  # of our own exports: what the points of the geometry are
STATED = "stated"
SHEET = "features"  # a problem's row is the feature's number, counted from 1
MAX_COLUMNS = 500
POINTS = str(Fields.POINTS)
_UNKEPT = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature as its file has it: ``shape`` is the geometry's type or "", ``positions`` its points, unchecked."""

    number: int
    properties: Mapping[str, Any]
    shape: str = ""
    positions: Sequence[Any] = ()
    own_id: Any = None
    problems: tuple[Problem, ...] = field(default=())


def table(
    features: Iterable[Feature],
    kind: str,
    encoding: str,
    name: str,
    problems: Iterable[Problem] = (),
    declared: Iterable[str] = (),
) -> RawTable:
    """Return the rows of the features; a column is what the file declares or any feature has as a property.

    Raises:
        InputError: when there are more columns than a table of activities can have.
    """
    found = list(problems)
    columns = dict.fromkeys(map(clean, declared))
    rows = []
    for feature in features:
        cells, more = _cells(feature)
        found += [*feature.problems, *more]
        columns.update(dict.fromkeys(cells))
        if len(columns) > MAX_COLUMNS:
            raise InputError(
                f"{name}: got more than {MAX_COLUMNS} different properties; expected the columns of the template. "
                "Data may stand where names should: compare it with the template."
            )
        rows.append(RawRow(feature.number, cells))
    columns.pop(BASIS, None)
    return RawTable(tuple(columns), tuple(rows), kind, encoding, SHEET, len(rows), tuple(found))


def _cells(feature: Feature) -> tuple[dict[str, str], list[Problem]]:
    problems: list[Problem] = []
    cells = {clean(name).strip(): _cell(feature, name, value, problems) for name, value in feature.properties.items()}
    cells.pop("", None)
    key = str(Fields.ACTIVITY_ID)
    if not cells.get(key) and isinstance(feature.own_id, str | int) and not isinstance(feature.own_id, bool):
        cells[key] = clean(str(feature.own_id))
    points, more = _points(feature)
    problems += more
    basis = cells.pop(BASIS, None)
    drawn = basis is not None and basis != STATED  # our own export drew the areas: the column alone states positions
    if (points or POINTS not in cells) and not drawn:
        if cells.get(POINTS) and not _alike(cells[POINTS], points):
            fix = "Keep one of the two; neither was taken."
            problems.append(_problem(feature, "two_positions", cells[POINTS], f"the geometry's {points!r}", fix))
            points = ""
        cells[POINTS] = points
    return cells, problems


def _alike(left: str, right: str) -> bool:
    def numbers(text: str) -> list[str]:
        return text.replace(",", " ").replace(";", " ").split()

    try:
        return list(map(float, numbers(left))) == list(map(float, numbers(right)))
    except ValueError:
        return False


def _cell(feature: Feature, name: str, value: object, problems: list[Problem]) -> str:
    """Return a property as the text that the template would hold, with a problem where there is none."""
    if isinstance(value, list | tuple) and not any(isinstance(part, list | tuple | Mapping) for part in value):
        return ";".join(filter(None, (_cell(feature, name, part, problems) for part in value)))
    text = plain(value)
    if text is None:
        fix = "Write it as text; what belongs in a list is separated by ;."
        problems.append(_problem(feature, "unreadable_value", told(value), "a text or a number", fix, name))
        return ""
    if clean(text) != text:
        fix = "Type the text again; what cannot be read is shown as \ufffd."
        problems.append(_problem(feature, "bad_text", clean(text), "text in Unicode", fix, name))
    return clean(text)


def plain(value: object) -> str | None:
    """Return a scalar as text, None when it is none; a whole number has no fraction."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        if not value.is_finite() or abs(value.adjusted()) > 30:
            return str(value)
        whole = value.to_integral_value()
        return format(whole if value == whole else value, "f")
    return str(value) if isinstance(value, str | int) else None


def told(value: object) -> str:
    """Return what a value is, in words that are safe for one nested to any depth."""
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    return "nothing" if value is None else str(value)


def clean(text: str) -> str:
    """Return ``text`` with U+FFFD for halves of a letter and zero bytes, which no store can hold."""
    return _UNKEPT.sub("\ufffd", text)


def _points(feature: Feature) -> tuple[str, list[Problem]]:
    """Return the feature's positions as the column ``points`` has them, latitude first."""
    if feature.shape not in ("", "Point", "MultiPoint"):
        fix = "The row is kept without a position. Give it points, or name its areas."
        return "", [_problem(feature, "bad_geometry", feature.shape, "Point, MultiPoint or no geometry", fix)]
    kept, problems = [], []
    for position in feature.positions:
        problem = _wrong(feature, position)
        if problem is None:
            kept.append(f"{float(position[1])} {float(position[0])}")
        else:
            problems.append(problem)
    return ";".join(dict.fromkeys(kept)), problems


def _wrong(feature: Feature, position: Any) -> Problem | None:
    """Return what is wrong with a position, None when nothing is."""
    numbers = position[:2] if isinstance(position, list | tuple) else ()
    if len(numbers) < 2 or not all(
        isinstance(one, int | float | Decimal) and not isinstance(one, bool) for one in numbers
    ):
        return _point_problem(feature, position, "two numbers, longitude and latitude", "Write numbers without quotes.")
    longitude, latitude = map(_real, numbers)
    if not math.isfinite(longitude) or not math.isfinite(latitude):
        return _point_problem(feature, position, "finite numbers", "Correct the position, or leave the geometry out.")
    if longitude == 0 and latitude == 0:
        return _point_problem(
            feature, position, "a position of the activity", "Leave the geometry out where none is known."
        )
    swapped = abs(longitude) <= 90 < abs(latitude) <= 180  # told as such where it lies in the country
    if (abs(longitude) > 180 or abs(latitude) > 90) and not swapped:
        expected = "a longitude and a latitude in degrees"
        fix = "Give degrees in WGS 84 (EPSG:4326); these may be metres of a projection."
        return _point_problem(feature, position, expected, fix)
    return None


def _real(number: int | float | Decimal) -> float:
    try:
        return float(number)
    except OverflowError:  # a whole number of more than 308 digits
        return math.inf


def _point_problem(feature: Feature, position: Any, expected: str, fix: str) -> Problem:
    got = ", ".join(map(told, position)) if isinstance(position, list | tuple) else told(position)
    return _problem(feature, "bad_point", got, expected, fix)


def _problem(
    feature: Feature,
    kind: str,
    value: str,
    expected: str,
    fix: str,
    column: str = POINTS,
) -> Problem:
    return Problem(kind, feature.number, clean(column), shorten(clean(value), 200), expected, fix)
