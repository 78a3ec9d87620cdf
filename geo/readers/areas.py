"""Floor 1: what readers of codes must know of areas: which code is whose, and whether a name and a code agree."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from geo import pack, place_names
from geo.fold import squeeze


@cache
def codes() -> dict[str, str]:
    """Return P-codes by every code that our tables know, in capitals: themselves, ISO 3166-2 and HASC."""
    table = pack.rows(pack.settings().data["adm1_names"])
    found = {row[column].upper(): row["pcode"] for row in table for column in ("iso3166_2", "hasc") if row.get(column)}
    return found | {one: one for level in ("adm1", "adm2") for one in place_names.all_areas(level)}


def named(text: str) -> set[str]:
    """Return what a name means by itself: the province, where a district shares its name."""
    senses = place_names.tables().index.get(squeeze(text))
    return set(senses.adm1 or senses.adm2) if senses else set()


def contradict(names: Iterable[str], pcodes: Iterable[str]) -> bool:
    """Tell whether areas that are named and areas that are coded have nothing to do with each other."""
    known, coded = set(names), tuple(pcodes)
    return bool(known) and not any(one.startswith(other) or other.startswith(one) for one in known for other in coded)


def label(pcode: str) -> str:
    """Return an area's name and P-code for a message."""
    return f"{place_names.names(pcode).name_en} ({pcode})"


@cache
def country_words() -> frozenset[str]:
    """Return every name and code of the country, squeezed."""
    country = pack.settings()
    spellings = (country.pcode, country.iso3, country.name_en, country.name_lo)
    return frozenset(map(squeeze, (*spellings, *place_names.words()["country"]["names"])))
