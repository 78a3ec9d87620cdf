"""Floor 0: the administrative units of the pack's tables: names, what can mean them, where they lie."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Literal

import shapely

from geo import pack
from geo.fold import squeeze

Level = Literal["adm1", "adm2"]
FIXES = "boundaries/name_fixes.csv"  # pcode, name_lo, reason; a pack may have none
# Words for the kind of a unit that files put beside its name.
KINDS = ("province", "prefecture", "district")


@cache
def rows(level: Level) -> Mapping[str, Mapping[str, str]]:
    """Return pcode, name_en, name_lo and parent of each unit of ``level``, in the order of the P-codes.

    English is COD's name.  The local name is the first that the table has, COD's before the others', but for the units
    listed with their reasons in ``FIXES``.

    Raises:
        PackError: when the pack lacks the table.
    """
    country = pack.settings()
    fixes = {row["pcode"]: row["name_lo"] for row in pack.rows(FIXES)} if (pack.folder() / FIXES).exists() else {}
    own = "pcode" if level == "adm1" else "adm2_pcode"
    found = {}
    for row in sorted(pack.rows(country.data[f"{level}_names"]), key=lambda row: row[own]):
        code = row[own]
        local = (row[column].strip() for column in row if column.startswith("name_lo"))
        found[code] = {
            "pcode": code,
            "name_en": row["name_cod"].strip(),
            "name_lo": fixes.get(code) or next(filter(None, local), ""),
            "parent": country.pcode if level == "adm1" else row["adm1_pcode"],
        }
    return found


def meanings(level: Level, text: str) -> frozenset[str]:
    """Return the P-codes of ``level`` that ``text`` can mean, a code or a name; none when no table knows it."""
    return _index(level).get(_key(text), frozenset())


def _key(text: str) -> str:
    key = squeeze(text)
    for kind in KINDS:
        key = key.removesuffix(kind) or key
    return key


@cache
def _index(level: Level) -> Mapping[str, frozenset[str]]:
    country = pack.settings()
    own = "pcode" if level == "adm1" else "adm2_pcode"
    codes = (own, "iso3166_2", "hasc") if level == "adm1" else (own,)
    pairs = [
        (value, row[own])
        for row in pack.rows(country.data[f"{level}_names"])
        for column, value in row.items()
        if column in codes or column.startswith("name_")
    ]
    if level == "adm1":
        pairs += [(row["alias"], row["pcode"]) for row in pack.rows(country.data["adm1_aliases"])]
        pairs += [(text, code) for text, several in country.ambiguous for code in several]
    found: dict[str, set[str]] = {}
    for text, code in pairs:
        if key := _key(text):
            found.setdefault(key, set()).add(code)
    return {key: frozenset(several) for key, several in found.items()}


@cache
def reference_points(level: Level) -> tuple[Any, tuple[str, ...]]:
    """Return the points (WGS 84) of the districts' table, and the unit of ``level`` that each lies in."""
    table = pack.rows(pack.settings().data["adm2_names"])
    points = shapely.points([float(row["lon"]) for row in table], [float(row["lat"]) for row in table])
    return points, tuple(row[f"{level}_pcode"] for row in table)


def listed(level: Level, codes: Iterable[str], limit: int = 5) -> str:
    """Return the units as people read them, ``Name (code), Name (code) and 3 more``, in the order of their codes."""
    ordered = sorted(codes)
    more = f" and {len(ordered) - limit} more" if len(ordered) > limit else ""
    return (", ".join(f"{rows(level)[code]['name_en']} ({code})" for code in ordered[:limit]) + more) or "none"
