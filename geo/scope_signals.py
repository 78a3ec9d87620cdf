"""Floor 2: the table of signals of the scope rule: what counts as evidence, how much, for what, and on whose practice.

A signal is a row: add one, change one, or switch one off by its name.  Weights are few and say how a thing is known:
1 a hint, 2 a fair sign, 3 a clear statement, 4 an area or site named outright.  None was fitted to a case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Any, Literal

from geo import scope_finders as find
from geo import scope_publisher as publisher
from geo.fields import Activity
from geo.scope_case import CAPITAL_NAME, Case, Spot

Direction = Literal["nationwide", "named areas", "capital", "elsewhere", "subnational", "office", "check"]
HINT, FAIR, CLEAR, OUTRIGHT = 1, 2, 3, 4
SHARED = ("places", "implementers", "scope_as_published")  # fields with values that many activities have
PARTS = (*SHARED, "iati", "points")
SITE_POINT = "site_point"  # the signal without which no point gives an area


@dataclass(frozen=True, slots=True, eq=False)  # compared by identity: tables of signals are keys of caches
class Signal:
    """One kind of evidence.

    At most ``limit`` of its findings count; of the signals of one ``group`` the heaviest that is found counts alone,
    since they read the same fact.  ``publisher`` marks what ``use_published_scope=False`` leaves out.  ``reads`` names
    the field of the activity without which the finder finds nothing; it looks at no other if that is of ``SHARED``.
    ``needs`` are word lists of which the texts must have one, or the finder finds nothing and is not asked.
    ``reason`` is a clause of a sentence.
    """

    name: str
    finder: Callable[[Case], Iterator[Spot]]
    weight: int
    points_to: Direction
    reason: str
    source: str
    group: str = ""
    limit: int = 1
    publisher: bool = False
    reads: Literal["", "places", "implementers", "scope_as_published", "iati", "points"] = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One piece of evidence: ``words`` in ``field`` at ``position`` (characters of a text, items of a list, from 0)."""

    signal: str
    words: str
    field: str
    position: int
    weight: int
    points_to: str
    reason: str
    source: str


IATI_SCOPE = "IATI Standard 2.03, codelist ActivityScope"
IATI_LOCATION = "IATI Standard 2.03, location and its codelists"
IATI_PRECISION = "IATI Standard 1.0x, codelist GeographicalPrecision, after the UCDP/AidData geocoding codebook"
GEONAMES = "GeoNames feature codes, as in IATI codelist LocationType"
_AIDDATA = "UCDP/AidData codebook on georeferencing aid"
CODEBOOK = f"{_AIDDATA}: code 8 marks aid that is pinned to a seat of government for want of a place of its own"
NATIONAL = f"{_AIDDATA}: code 6 is for work that concerns the country as a whole"
NEWS = "Journalism: a dateline names where a report was filed, not what it is about"
NAMES = "Common operational dataset (OCHA, COD-AB): names and P-codes of administrative areas"
REACH = "IATI Standard 2.03, codelist GeographicLocationReach: where the work is done, or where its beneficiaries are"
OWN = "Practice of this project, see the method page"

NATION = ("national", "institution", "instrument")  # word lists

SIGNALS: tuple[Signal, ...] = (
    # what the publisher says
    Signal("published_national", publisher.published_national, CLEAR, "nationwide",
           "its publisher calls it national", IATI_SCOPE, group="published", publisher=True,
           reads="scope_as_published"),
    Signal("published_subnational", publisher.published_subnational, CLEAR, "subnational",
           "its publisher calls it subnational", IATI_SCOPE, group="published local", publisher=True,
           reads="scope_as_published"),
    Signal("iati_national", publisher.iati_national, CLEAR, "nationwide",
           "its IATI activity scope is national or wider", IATI_SCOPE, group="published", publisher=True, reads="iati"),
    Signal("iati_subnational", publisher.iati_subnational, CLEAR, "subnational",
           "its IATI activity scope is subnational", IATI_SCOPE, group="published local", publisher=True,
           reads="iati"),
    Signal("iati_precision_country", publisher.iati_precision_country, CLEAR, "nationwide",
           "its location was geocoded to the country or its seat of government", IATI_PRECISION,
           group="pin", reads="iati"),
    Signal("iati_precision_local", publisher.iati_precision_local, FAIR, "subnational",
           "its location was geocoded to an area or a site", IATI_PRECISION, group="feature", reads="iati"),
    Signal("iati_country_feature", publisher.iati_country_feature, CLEAR, "nationwide",
           "its location is the country itself", GEONAMES, group="pin", reads="iati"),
    Signal("iati_capital_feature", publisher.iati_capital_feature, FAIR, "nationwide",
           "its location is the capital's town point or a government building", GEONAMES, group="pin", reads="iati"),
    Signal("iati_area_feature", publisher.iati_area_feature, FAIR, "subnational",
           "its location is an administrative area or a town", GEONAMES, group="feature", reads="iati"),
    Signal("iati_structure", publisher.iati_structure, FAIR, "subnational",
           "its location is a structure", IATI_LOCATION, group="feature", reads="iati"),
    Signal("iati_exact", publisher.iati_exact, HINT, "subnational",
           "its publisher calls the coordinates exact", IATI_LOCATION, group="feature", reads="iati"),
    Signal("iati_approximate", publisher.iati_approximate, HINT, "nationwide",
           "its publisher calls the capital's coordinates approximate", IATI_LOCATION, reads="iati"),
    Signal("iati_beneficiaries", publisher.iati_beneficiaries, FAIR, "subnational",
           "its beneficiaries are said to be at the location", IATI_LOCATION, group="feature", reads="iati"),
    # positions
    Signal("capital_city_point", publisher.capital_city_point, FAIR, "nationwide",
           "its point is the capital's town point, where geocoders put what has no place of its own",
           CODEBOOK, group="pin", reads="points"),
    Signal("country_point", publisher.country_point, FAIR, "nationwide",
           "its point is the one that gazetteers give to the country", GEONAMES, group="pin", reads="points"),
    Signal("point_outside", publisher.point_outside, 0, "check",
           "its point lies outside the areas named", NAMES, reads="points"),
    Signal(SITE_POINT, publisher.site_point, FAIR, "named areas",
           "its point lies in one district, or just outside the country beside it", IATI_LOCATION, reads="points"),
    # the country and its institutions
    Signal("countrywide_place", find.countrywide_place, CLEAR, "nationwide",
           "a place says that it covers the whole country", REACH, reads="places"),
    Signal("country_name", find.country_name, FAIR, "nationwide",
           "a place is the country's name", REACH, group="pin", reads="places"),
    Signal("all_units", find.all_units, OUTRIGHT, "nationwide",
           "nearly all provinces are listed", OWN, reads="places"),
    Signal("countrywide_text", find.countrywide_text, CLEAR, "nationwide",
           "the text says that it covers the whole country", REACH, needs=("countrywide",)),
    Signal("national_title", find.national_title, CLEAR, "nationwide",
           "the title names a national institution, plan, law or system", NATIONAL, needs=NATION),
    Signal("national_summary", find.national_summary, HINT, "nationwide",
           "the summary names a national institution, plan, law or system", NATIONAL, needs=NATION),
    Signal("national_partner", find.national_partner, HINT, "nationwide",
           "it is carried out by an institution of the whole country", NATIONAL, reads="implementers"),
    # pins and venues
    Signal("bare_capital", find.bare_capital, FAIR, "nationwide",
           "the place is the bare name of the seat of government, as in datelines and office addresses",
           CODEBOOK, group="pin", reads="places"),
    Signal("capital_seat", find.capital_seat, HINT, "nationwide",
           "the place is the seat of government and of the agencies", CODEBOOK, group="pin", reads="places"),
    Signal("venue", find.venue, FAIR, "nationwide",
           "the place is an office, a hall or a monument", REACH, reads="places"),
    Signal("event", find.event, HINT, "nationwide",
           "words of an event or a signature say where a thing was said, not done", NEWS, needs=("event",)),
    # areas named
    Signal("area_named", find.area_named, OUTRIGHT, "named areas",
           "a province or district is named as its place", NAMES, reads="places"),
    Signal("more_areas", find.more_areas, HINT, "named areas",
           "more provinces are named", NAMES, limit=4, reads="places"),
    Signal("area_in_title", find.area_in_title, FAIR, "named areas",
           "the title names the area too", NAMES),
    Signal("areas_beside", find.areas_beside, OUTRIGHT, "office",
           "areas are named beside the capital, which is then the office", REACH, reads="places"),
    # work whose areas are not named
    Signal("counted_areas", find.counted_areas, OUTRIGHT, "elsewhere",
           "provinces, districts or a region are given without their names", REACH, reads="places"),
    Signal("unknown_name", find.unknown_name, CLEAR, "elsewhere",
           "a place bears a name that no table knows, or that several areas share", NAMES, reads="places"),
    Signal("unnamed_kind", find.unnamed_kind, FAIR, "elsewhere",
           "its places are told by their kind, not by name", REACH, group="kind", reads="places"),
    Signal("other_area_in_title", find.other_area_in_title, CLEAR, "elsewhere",
           "the title names an area that is not among its places", NAMES),
    Signal("region_text", find.region_text, CLEAR, "elsewhere",
           "the text names one part of the country", REACH, needs=("region",)),
    Signal("landscape_text", find.landscape_text, CLEAR, "elsewhere",
           "the work is on a landscape, which lies somewhere", REACH, needs=("landscape",)),
    Signal("counted_text", find.counted_text, CLEAR, "elsewhere",
           "the text counts sites without naming them", REACH, needs=("counted",)),
    Signal("rural_title", find.rural_title, FAIR, "elsewhere",
           "the title speaks of villages, districts or the countryside", REACH, group="kind", needs=("rural",)),
    Signal("rural_summary", find.rural_summary, HINT, "elsewhere",
           "the summary speaks of villages, districts or the countryside", REACH, needs=("rural",)),
    # work in the capital
    Signal("capital_named", find.capital_named, HINT, "capital",
           "the capital is named in full, as a unit", NAMES, reads="places"),
    Signal("capital_listed", find.capital_listed, OUTRIGHT, "capital",
           "the capital is named in full in one list with other areas", NAMES, reads="places"),
    Signal("capital_part", find.capital_part, OUTRIGHT, "capital",
           "a district of the capital is named", NAMES, reads="places"),
    Signal("capital_site", find.capital_site, CLEAR, "capital",
           "a campus, market, hospital or other spot of the city is named", REACH),
    Signal("capital_in_title", find.capital_in_title, CLEAR, "capital",
           "the title names the capital", REACH, needs=(CAPITAL_NAME,)),
    Signal("capital_partner", find.capital_partner, FAIR, "capital",
           "it is carried out by an institution of the city", REACH, reads="implementers"),
    Signal("urban_text", find.urban_text, CLEAR, "capital",
           "the text is about a city and its services", REACH, needs=("urban",)),
    Signal("public_gathering", find.public_gathering, CLEAR, "capital",
           "the activity is itself a gathering of students, volunteers or young people", OWN, needs=("gathering",)),
    Signal("fieldwork", find.fieldwork, FAIR, "capital",
           "a trial or study on the ground is done at the place named", REACH, needs=("fieldwork",)),
)  # fmt: skip

NAMES_OF_SIGNALS = frozenset(signal.name for signal in SIGNALS)
Found = tuple[Signal, tuple[Finding, ...]]
_BLANK = Activity(activity_id="", title="")


@lru_cache(maxsize=1_024)
def _in_use(
    signals: tuple[Signal, ...], off: frozenset[str], use_published_scope: bool, has: tuple[bool, ...]
) -> tuple[tuple[tuple[str, tuple[Signal, ...]], ...], tuple[Signal, ...]]:
    """Return the signals that are on and have something to read: those of each shared field, and the others."""
    empty = [name for name, full in zip(PARTS, has, strict=True) if not full]
    on = [
        one
        for one in signals
        if one.name not in off and one.reads not in empty and (use_published_scope or not one.publisher)
    ]
    shared = ((name, tuple(one for one in on if one.reads == name)) for name in SHARED)
    return tuple(one for one in shared if one[1]), tuple(one for one in on if one.reads not in SHARED)


@lru_cache(maxsize=8_192)
def _asked(signals: tuple[Signal, ...], lists: frozenset[str]) -> tuple[Signal, ...]:
    """Return the signals that may find something where the texts have words of these lists."""
    return tuple(one for one in signals if not one.needs or not lists.isdisjoint(one.needs))


def _found(case: Case, signals: tuple[Signal, ...]) -> list[Found]:
    found = []
    for signal in _asked(signals, case.lists()):
        spots = list(islice(signal.finder(case), signal.limit))
        if spots:
            found.append((signal, tuple(_finding(signal, spot) for spot in spots)))
    return found


def _finding(one: Signal, spot: Spot) -> Finding:
    return Finding(one.name, spot.words, spot.field, spot.position, one.weight, one.points_to, one.reason, one.source)


@lru_cache(maxsize=16_384)
def _from(name: str, value: Any, signals: tuple[Signal, ...]) -> tuple[Found, ...]:
    """Return the evidence of the value of one shared field, worked out once for all activities that have it."""
    return tuple(_found(Case(replace(_BLANK, **{name: value})), signals))


def findings(
    case: Case,
    *,
    use_published_scope: bool = True,
    off: frozenset[str] = frozenset(),
    signals: tuple[Signal, ...] = SIGNALS,
) -> tuple[Finding, ...]:
    """Return all evidence that counts, heaviest first; independent of the order of ``signals``."""
    activity = case.activity
    has = tuple([bool(getattr(activity, name)) for name in PARTS])
    shared, own = _in_use(signals, off, use_published_scope, has)
    found = _found(case, own)
    for name, ones in shared:
        found += _from(name, getattr(activity, name), ones)
    best: dict[str, tuple[int, str]] = {}
    for signal, _ in found:
        if signal.group:
            key = (-signal.weight, signal.name)
            best[signal.group] = min(best.get(signal.group, key), key)
    kept = [
        one
        for signal, several in found
        if not signal.group or best[signal.group] == (-signal.weight, signal.name)
        for one in several
    ]
    return tuple(sorted(kept, key=lambda one: (-one.weight, one.signal, one.field, one.position)))
