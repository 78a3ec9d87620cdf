"""Floor 0: the country pack, the folder of data that makes the map one country's.

``LAO_SDG_PACK`` names another folder; nothing in ``geo/`` holds a name, code or number of one country.
"""

from __future__ import annotations

import csv
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from geo.errors import PackError

DEFAULT_FOLDER = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True, slots=True)
class Pack:
    """The settings of ``pack.toml``; ``bounds`` are west, south, east, north in degrees (WGS 84).

    ``local_language`` is the one that the tables' ``_lo`` columns are in, whichever it is; ``title_*`` name the map.
    ``data`` names the pack's files by role (activities, news, adm1_names ...), its date, source and credits.
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
        PackError: when ``pack.toml`` is missing or lacks an entry.
    """
    data = tomllib.loads(path("pack.toml").read_text(encoding="utf-8"))
    try:
        country, areas, crs = data["country"], data["areas"], data["crs"]
        west, south, east, north = map(float, crs["bounds"])
        return Pack(
            pcode=country["pcode"],
            iso3=country["iso3"],
            name_en=country["name_en"],
            name_lo=country["name_lo"],
            title_en=country["title_en"],
            title_lo=country["title_lo"],
            languages=tuple(country["languages"]),
            local_language=country["local_language"],
            adm1=areas["adm1"],
            adm2=areas["adm2"],
            ambiguous=tuple((name, tuple(codes)) for name, codes in areas["ambiguous"].items()),
            capital=areas["capital"],
            capital_namesake=areas["capital_namesake"],
            projected_crs=crs["projected"],
            bounds=(west, south, east, north),
            national_goals=tuple(data["goals"]["national"]),
            census_year=data["census"]["year"],
            census_source=data["census"]["source"],
            data=MappingProxyType({key: str(value) for key, value in data["data"].items()}),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise PackError(f"pack.toml lacks or misspells an entry: {error}. Compare it with the repository's.") from error


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
