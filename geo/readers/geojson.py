"""Floor 1: GeoJSON (RFC 7946) of activities -> raw text cells: properties by the template's names, points as given."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import Any

from geo.errors import InputError, Problem, shorten
from geo.readers import RawTable, features
from geo.readers.features import Feature, told

EXPECTED = "Expected GeoJSON: a FeatureCollection with a feature for each activity."
MAX_DIGITS = 100  # of a whole number; one with more is kept as text
WGS84 = ("CRS84", "4326")


class _Object(dict[str, Any]):
    """A JSON object that remembers which of its names stood in it twice with different values."""

    twice: tuple[str, ...] = ()


def read(data: bytes, name: str = "") -> RawTable:
    """Read a FeatureCollection, or one Feature; a feature that is none costs no other.

    Raises:
        InputError: when the bytes are not JSON in UTF-8, are nested beyond reason, or hold no features.
    """
    document, problems = _parse(data, name or "The file")
    members = _members(document, name or "The file")
    known_crs = _crs_problem(document)
    found = [*problems, *known_crs]
    read_rows = 0
    good = []
    for number, member in enumerate(members, 1):
        read_rows += 1
        if problem := _no_feature(member, number):
            found.append(problem)
        else:
            good.append(_feature(member, number, placed=not known_crs))
    made = features.table(good, "geojson", "utf-8", name, found, _declared(document))
    return RawTable(made.columns, made.rows, made.kind, made.encoding, made.sheet, read_rows, made.problems)


def _parse(data: bytes, name: str) -> tuple[Any, list[Problem]]:
    """Return the document and a problem for what JSON has not, such as NaN."""
    constants: Counter[str] = Counter()

    def constant(text: str) -> float:
        constants[text] += 1
        return float(text)

    try:
        document = json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_constant=constant,
            parse_float=Decimal,
            parse_int=lambda text: int(text) if len(text) <= MAX_DIGITS else text,
        )
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not UTF-8 (byte {error.start}). {EXPECTED} Save it again as UTF-8.") from error
    except RecursionError as error:
        raise InputError(f"{name} is nested too deeply to be read. {EXPECTED} Export it again.") from error
    except (ValueError, ArithmeticError) as error:
        raise InputError(f"{name} is no whole JSON: {error}. {EXPECTED} Export or download it again.") from error
    fix = "It is taken as no value; write null."
    found = [Problem("not_json", 0, "", text, "JSON, which has no such number", fix) for text in sorted(constants)]
    return document, found


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    made = _Object(pairs)
    if len(made) < len(pairs):
        first: dict[str, Any] = {}
        odd = [key for key, value in pairs if first.setdefault(key, value) != value]
        made.twice = tuple(dict.fromkeys(odd))
    return made


def _members(document: Any, name: str) -> list[Any]:
    if not isinstance(document, dict):
        raise InputError(f"{name} is JSON, but {shorten(told(document), 40)} and no object. {EXPECTED}")
    kind = document.get("type")
    if kind == "Feature":
        return [document]
    members = document.get("features")
    if kind == "FeatureCollection" and isinstance(members, list):
        return members
    if kind == "FeatureCollection":
        raise InputError(f"{name} has a FeatureCollection whose features are {shorten(told(members), 40)}. {EXPECTED}")
    got = f"of type {shorten(told(kind), 40)!r}" if kind is not None else "without a type"
    raise InputError(f"{name} is JSON {got}. {EXPECTED} The type is spelled exactly so.")


def _declared(document: dict[str, Any]) -> list[str]:
    """Return the columns that a file of ours names beside its features, which an empty selection needs."""
    told = document.get("columns")
    names = [one.get("column") for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    return [name for name in names if isinstance(name, str)][: features.MAX_COLUMNS]


def _crs_problem(document: dict[str, Any]) -> list[Problem]:
    """Return a problem when the old member ``crs`` names another system than WGS 84: no position is then taken."""
    crs = document.get("crs")
    if crs is None:
        return []
    own = crs.get("properties") if isinstance(crs, dict) else None
    got = told(own.get("name") if isinstance(own, dict) else crs)
    if got.endswith(WGS84):
        return []
    fix = "No position of this file was taken. Export it again with the CRS EPSG:4326."
    return [Problem("bad_crs", 0, "crs", features.clean(shorten(got)), "WGS 84 longitude and latitude", fix)]


def _no_feature(member: Any, number: int) -> Problem | None:
    """Return why a member cannot be a row, None when it can."""
    got = ""
    if not isinstance(member, dict):
        got = shorten(told(member), 40) or "an empty text"
    elif member.get("type") != "Feature":
        got = f"type {shorten(told(member.get('type')), 40)!r}"
    elif not isinstance(member.get("properties"), dict | None):
        got = f"properties that are {shorten(told(member['properties']), 40)}"
    elif {"type", "properties"} & set(getattr(member, "twice", ())):
        got = "its type or properties twice"
    if not got:
        return None
    fix = "Correct this feature; the others were read."
    return Problem(
        "bad_feature", number, "", features.clean(got), "a Feature with an object of properties", fix, "error"
    )


def _feature(member: _Object, number: int, *, placed: bool) -> Feature:
    """Return a member as a feature; a value that stands twice is left out, since no one can say which is meant."""
    properties = member.get("properties") or _Object()
    problems = [_twice(number, key) for key in properties.twice]
    kept = {key: value for key, value in properties.items() if key not in properties.twice}
    shape, positions = "", ()
    geometry = member.get("geometry")
    if "geometry" in member.twice or set(getattr(geometry, "twice", ())) & {"type", "coordinates"}:
        problems.append(_twice(number, "geometry"))
    elif placed and geometry is not None:
        shape, positions = _geometry(geometry)
    own_id = None if "id" in member.twice else member.get("id")
    return Feature(number, kept, shape, positions, own_id, tuple(problems))


def _geometry(geometry: Any) -> tuple[str, Any]:
    if not isinstance(geometry, dict):
        return shorten(told(geometry), 40), ()
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "Point":
        return kind, (coordinates,)
    if kind == "MultiPoint":
        return kind, coordinates if isinstance(coordinates, list) else (coordinates,)
    return f"a geometry of type {shorten(told(kind), 40)}", ()


def _twice(number: int, key: str) -> Problem:
    fix = "It was left out: which of the two is meant? Remove the other."
    return Problem("duplicate_key", number, features.clean(key), key[:80], "each name once", fix)
