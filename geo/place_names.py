"""Floor 0.5: the table of areas and of every name that a table of the country pack gives them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from geo import pack
from geo.errors import PackError, UnknownCodeError
from geo.fold import squeeze

Level = Literal["adm1", "adm2"]
COUNTRY = "country"
LOCAL_COLUMNS = ("name_lo_cod", "name_lo_b", "name_lo_c")


@dataclass(frozen=True, slots=True)
class AreaName:
    """An area with its names (``name_lo`` is "" where no table has one) and its parent's P-code ("" for none)."""

    pcode: str
    name_en: str
    name_lo: str
    parent: str


@dataclass(frozen=True, slots=True)
class Senses:
    """What one name may stand for: P-codes of level 1, of level 2, and of the district of a capital town so named.

    ``several`` says that the pack declares the name ambiguous: it is never resolved alone.
    """

    adm1: tuple[str, ...] = ()
    adm2: tuple[str, ...] = ()
    town: tuple[str, ...] = ()
    several: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """All P-codes that the name may stand for, sorted."""
        return tuple(sorted({*self.adm1, *self.adm2, *self.town}))


@dataclass(slots=True)
class _Draft:
    """Senses while the tables are read; ``official`` are the level-2 codes that bear the name in the first column."""

    adm1: set[str] = field(default_factory=set)
    adm2: set[str] = field(default_factory=set)
    official: set[str] = field(default_factory=set)
    town: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Tables:
    """The areas and the index of their names by folded key without spaces."""

    areas: dict[str, AreaName]
    children: dict[str, tuple[str, ...]]
    index: dict[str, Senses]
    namesakes: dict[str, str]  # level-1 P-code -> its district that bears the same name, or its capital's
    people: dict[str, int]  # level-1 P-code -> population of the pack's census
    levels: dict[str, str]  # P-code -> "country", "adm1" or "adm2"


@cache
def words() -> dict[str, Any]:
    """Return ``codes/place_words.toml``, the words of the place grammar.

    Raises:
        PackError: when the file is missing or is no TOML.
    """
    try:
        return tomllib.loads(pack.path("codes/place_words.toml").read_text(encoding="utf-8"))
    except ValueError as error:
        raise PackError(f"codes/place_words.toml cannot be read: {error}. Restore it from the repository.") from error


@cache
def tables() -> Tables:
    """Return the areas and names of the pack, read once.

    Raises:
        PackError: when a table is missing or lacks a column.
    """
    try:
        columns: dict[str, str] = words()["tables"]
        files = pack.settings().data
        provinces, districts = pack.rows(files["adm1_names"]), pack.rows(files["adm2_names"])
        areas = _areas(provinces, districts)
        drafts = _drafts(provinces, districts)
        index = {key: _senses(key, draft) for key, draft in drafts.items() if key}
        return Tables(
            areas=areas,
            children=_children(areas),
            index=index,
            namesakes=_namesakes(provinces, areas, drafts),
            people={row["pcode"]: int(row[columns["population_column"]]) for row in provinces},
            levels={code: _level_of(found, areas) for code, found in areas.items()},
        )
    except (KeyError, ValueError) as error:
        raise PackError(
            f"A table of names in codes/ lacks or misspells {error}; compare it with the repository's."
        ) from error


def _areas(provinces: list[dict[str, str]], districts: list[dict[str, str]]) -> dict[str, AreaName]:
    country = pack.settings()
    local = _fixes()
    areas = {country.pcode: AreaName(country.pcode, country.name_en, country.name_lo, "")}
    for row in provinces:
        code = row["pcode"]
        areas[code] = AreaName(code, row["name_cod"], local.get(code, row["name_lo"].strip()), country.pcode)
    for row in districts:
        code = row["adm2_pcode"]
        found = next((row[column].strip() for column in LOCAL_COLUMNS if row[column].strip()), "")
        areas[code] = AreaName(code, row["name_cod"], local.get(code, found), row["adm1_pcode"])
    return areas


def _fixes() -> dict[str, str]:
    """Return the local names that the pack puts right, by P-code."""
    name = words()["tables"].get("name_fixes", "")
    return {row["pcode"]: row["name_lo"] for row in pack.rows(name)} if name and (pack.folder() / name).exists() else {}


def _children(areas: dict[str, AreaName]) -> dict[str, tuple[str, ...]]:
    children: dict[str, list[str]] = {code: [] for code in areas}
    for area in areas.values():
        if area.parent:
            children[area.parent].append(area.pcode)
    return {code: tuple(sorted(inside)) for code, inside in children.items()}


def _drafts(provinces: list[dict[str, str]], districts: list[dict[str, str]]) -> dict[str, _Draft]:
    drafts: dict[str, _Draft] = {}

    def at(name: str) -> _Draft:
        return drafts.setdefault(squeeze(name), _Draft())

    for row in pack.rows(pack.settings().data["adm1_aliases"]):
        at(row["alias"]).adm1.add(row["pcode"])
    for row in provinces:
        at(row["pcode"]).adm1.add(row["pcode"])
        for town in _town_names(row["capital"]):
            at(town).town.add(row["capital_district"].split()[0])
    for row in districts:
        code = row["adm2_pcode"]
        at(code).official.add(code)
        at(row["name_cod"]).official.add(code)
        for column in ("name_en_alt", *LOCAL_COLUMNS):
            at(row[column]).adm2.add(code)
    level_1 = {row["pcode"] for row in provinces}
    for row in pack.rows(words()["tables"]["extra_aliases"]):
        draft = at(row["alias"])
        (draft.adm1 if row["pcode"] in level_1 else draft.adm2).add(row["pcode"])
    for name, codes in pack.settings().ambiguous:
        at(name).adm1.update(codes)
    return drafts


def _town_names(capital: str) -> list[str]:
    """Return both names of a capital written as ``Name (Other Name)``."""
    return [name.strip() for name in capital.replace(")", "").split("(") if name.strip()]


def _senses(key: str, draft: _Draft) -> Senses:
    """Settle a name: a district that officially bears it outranks one to which another column lends it."""
    several = {squeeze(name) for name, _ in pack.settings().ambiguous}
    adm2 = draft.official or draft.adm2
    return Senses(tuple(sorted(draft.adm1)), tuple(sorted(adm2)), tuple(sorted(draft.town - adm2)), key in several)


def _namesakes(
    provinces: list[dict[str, str]], areas: dict[str, AreaName], drafts: dict[str, _Draft]
) -> dict[str, str]:
    """Find the district that a district word before or after a province's name means."""
    found: dict[str, str] = {}
    aliases: dict[str, list[_Draft]] = {}
    several = {squeeze(name) for name, _ in pack.settings().ambiguous}
    for key, draft in drafts.items():
        for code in draft.adm1 if key not in several else ():
            aliases.setdefault(code, []).append(draft)
    for row in provinces:
        code = row["pcode"]
        own = aliases.get(code, [])
        inside = {district for draft in own for district in draft.official if areas[district].parent == code}
        capital = row["capital_district"].split()[0]
        first = {district for district in drafts[squeeze(row["name_cod"])].official if district in inside}
        if first:
            inside = first  # the district that bears the province's first name, before one that bears a by-name
        if len(inside) > 1 and capital in inside:
            inside = {capital}
        if not inside and any(capital in draft.town for draft in own):
            inside = {capital}
        if len(inside) == 1:
            found[code] = min(inside)
    return found


def names(pcode: str) -> AreaName:
    """Return an area's names and parent.

    Raises:
        UnknownCodeError: when the pack has no such P-code.
    """
    try:
        return tables().areas[pcode]
    except KeyError:
        raise UnknownCodeError(
            f"got P-code {pcode!r}; expected one of the pack's areas, such as {_example()}."
        ) from None


def level(pcode: str) -> str:
    """Return "country", "adm1" or "adm2".

    Raises:
        UnknownCodeError: when the pack has no such P-code.
    """
    return tables().levels.get(pcode) or _level_of(names(pcode), tables().areas)  # the second for its error


def _level_of(found: AreaName, areas: dict[str, AreaName]) -> str:
    if not found.parent:
        return COUNTRY
    return "adm2" if areas[found.parent].parent else "adm1"


def province(pcode: str) -> str:
    """Return the level-1 P-code that an area is or lies in; the country's own code for the country.

    Raises:
        UnknownCodeError: when the pack has no such P-code.
    """
    return names(pcode).parent if level(pcode) == "adm2" else pcode


def parent(pcode: str) -> str:
    """Return the P-code of the area that an area lies in, "" for the country.

    Raises:
        UnknownCodeError: when the pack has no such P-code.
    """
    return names(pcode).parent


def children(pcode: str) -> tuple[str, ...]:
    """Return the P-codes of the areas right inside an area, sorted; () for a district.

    Raises:
        UnknownCodeError: when the pack has no such P-code.
    """
    return tables().children[names(pcode).pcode]


@cache
def all_areas(level: Level) -> tuple[str, ...]:
    """Return the P-codes of all areas of a level, sorted."""
    return tuple(sorted(code for code, found in tables().levels.items() if found == level))


def population(pcode: str) -> int:
    """Return the population of a level-1 area at the census that ``pack.toml`` names.

    Raises:
        UnknownCodeError: when the code is no level-1 area.
    """
    try:
        return tables().people[pcode]
    except KeyError:
        raise UnknownCodeError(
            f"got {pcode!r}; expected the P-code of a province: the census table goes no lower."
        ) from None


def _example() -> str:
    return min(code for code, found in tables().areas.items() if found.parent)
