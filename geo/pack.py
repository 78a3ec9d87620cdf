"""Floor 0: the country pack, the folder of data that makes the map one country's.

``LAO_SDG_PACK`` names another folder; nothing in ``geo/`` holds a name, code or number of one country.
"""

from __future__ import annotations

import csv
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from geo.errors import PackError

DEFAULT_FOLDER = Path(__file__).resolve().parent.parent / "data"
# What every pack says of its data: its files, then their date, source and credit.
FILES = ("activities", "news", "adm1_names", "adm1_aliases", "adm2_names")
FACTS = ("date", "source", "boundary_credit")


@dataclass(frozen=True, slots=True)
class Iati:
    """Who reports in the IATI files that we write: name, identifier and code of OrganisationType.

    ``goals_uri`` is the address that names the list of national goals (vocabulary 99), "" in a country without any.
    """

    reporter: str
    reporter_ref: str
    reporter_type: str
    goals_uri: str


@dataclass(frozen=True, slots=True)
class Pack:
    """The settings of ``pack.toml``; ``bounds`` are west, south, east, north in degrees (WGS 84).

    ``local_language`` is the one that the tables' ``_lo`` columns are in, whichever it is; ``title_*`` name the map.
    ``data`` names the pack's files by role (``FILES``), their date, source and credit (``FACTS``).
    """

    pcode: str
    iso3: str
    name_en: str
    name_lo: str
    title_en: str
    title_lo: str
    languages: tuple[str, ...]
    local_language: str
    adm1: int
    adm2: int
    ambiguous: tuple[tuple[str, tuple[str, ...]], ...]
    capital: str
    capital_namesake: str
    projected_crs: str
    bounds: tuple[float, float, float, float]
    national_goals: tuple[int, ...]
    census_year: int
    census_source: str
    data: Mapping[str, str]
    iati: Iati


def folder() -> Path:
    """Return the folder of the country pack."""
    return Path(os.environ.get("LAO_SDG_PACK", "") or DEFAULT_FOLDER)


def path(name: str) -> Path:
    """Return the path of the pack's file ``name``, such as ``codes/goals.csv``.

    Raises:
        PackError: when the pack has no such file.
    """
    found = folder() / name
    if not found.exists():
        raise PackError(f"The country pack lacks {name!r}; expected it in {folder()}. Restore it from the repository.")
    return found


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of the pack's UTF-8 CSV ``name`` as text cells by column.

    Raises:
        PackError: when the pack has no such file.
    """
    with path(name).open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


@cache
def settings() -> Pack:
    """Return the pack's settings.

    Raises:
        PackError: when ``pack.toml`` is missing, no TOML, or lacks or misspells an entry, which it names.
    """
    try:
        return _read(tomllib.loads(path("pack.toml").read_text(encoding="utf-8")))
    except (AttributeError, TypeError, ValueError) as error:
        raise PackError(f"{folder() / 'pack.toml'} is misspelt: {error}. Compare it with the repository's.") from error


def _read(told: Mapping[str, Any]) -> Pack:
    of = partial(_entry, told)
    west, south, east, north = map(float, of("crs", "bounds"))
    return Pack(
        pcode=of("country", "pcode"),
        iso3=of("country", "iso3"),
        name_en=of("country", "name_en"),
        name_lo=of("country", "name_lo"),
        title_en=of("country", "title_en"),
        title_lo=of("country", "title_lo"),
        languages=tuple(of("country", "languages")),
        local_language=of("country", "local_language"),
        adm1=of("areas", "adm1"),
        adm2=of("areas", "adm2"),
        ambiguous=tuple((name, tuple(codes)) for name, codes in of("areas", "ambiguous").items()),
        capital=of("areas", "capital"),
        capital_namesake=of("areas", "capital_namesake"),
        projected_crs=of("crs", "projected"),
        bounds=(west, south, east, north),
        national_goals=tuple(of("goals", "national")),
        census_year=of("census", "year"),
        census_source=of("census", "source"),
        data=MappingProxyType({name: str(of("data", name)) for name in (*FILES, *FACTS)}),
        iati=Iati(
            reporter=of("iati", "reporter"),
            reporter_ref=of("iati", "reporter_ref"),
            reporter_type=of("iati", "reporter_type"),
            goals_uri=of("iati", "goals_uri") if of("goals", "national") else "",
        ),
    )


def _entry(told: Mapping[str, Any], section: str, name: str) -> Any:
    """Return an entry of ``pack.toml``.

    Raises:
        PackError: when it is missing.
    """
    try:
        return told[section][name]
    except KeyError:
        where = folder() / "pack.toml"
        raise PackError(
            f"{where} lacks the entry {name!r} of [{section}]. Add it; the repository's data/pack.toml shows how."
        ) from None


def is_local(language: str) -> bool:
    """Tell whether a language is the one that the tables' local names are in.

    Raises:
        PackError: when ``pack.toml`` is missing or lacks an entry.
    """
    return language == settings().local_language


def title(language: str) -> str:
    """Return the name of the map, in English where the language is another than the local one.

    Raises:
        PackError: when ``pack.toml`` is missing or lacks an entry.
    """
    found = settings()
    return (found.title_lo if is_local(language) else "") or found.title_en
