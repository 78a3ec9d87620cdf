"""Floor 2: finders: each returns where one kind of evidence stands in an activity's places, texts and partners."""

from __future__ import annotations

import re
from collections.abc import Iterator

from geo import gazetteer, pack
from geo.scope_case import (
    CAPITAL_NAME,
    PARTNERS,
    SOURCE_TITLE,
    SUMMARY,
    TITLE,
    Case,
    Place,
    Spot,
    areas_in,
    in_texts,
    near,
)
from geo.scope_words import NUMBER, every, first, like_area_names

Found = Iterator[Spot]
NAME_REACH = 3  # words inside a proper name such as that of a national park
KINDS = ("unnamed", "region", "counted", "rural")  # lists whose words tell what kind of place it is
YEAR = re.compile("(?:19|20)[0-9]{2}")
COUNT_REACH = 3  # words between a number and what it counts: "eight existing community radio stations"


# --- the country and its institutions


def countrywide_place(case: Case) -> Found:
    """A place that says "the whole country" in so many words, or counts all its units."""
    for place in case.map.places:
        if place.match.kind == "country" and (place.has("countrywide", "national") or place.match.count):
            yield place.spot


def country_name(case: Case) -> Found:
    """A place that is the country's bare name."""
    for place in case.map.places:
        if place.match.kind == "country" and not (place.has("countrywide", "national") or place.match.count):
            yield place.spot


def all_units(case: Case) -> Found:
    """A list of places that names nearly every first-level unit."""
    if case.map.everywhere:
        yield Spot(f"{case.map.provinces} of {pack.settings().adm1}", case.map.places[0].spot.field, 0)


def countrywide_text(case: Case) -> Found:
    """Words for the whole country in title or summary."""
    yield from in_texts(case, "countrywide")


def _national(case: Case, field: str) -> Found:
    text = case.texts[field]
    # "National ... Sanctuary" is the name of one spot, not a word for the nation.
    names = {hit.start for hit, _ in near(text, "national", "landscape", NAME_REACH)}
    found = [hit for name in ("national", "institution", "instrument") for hit in every(text, name)]
    found = [hit for hit in found if hit.start not in names]
    if found:
        best = min(found, key=lambda hit: (hit.start, -hit.size))
        yield Spot(best.words, field, best.start)


def national_title(case: Case) -> Found:
    """A title that names a national institution, plan, law, system or service."""
    yield from _national(case, TITLE)


def national_summary(case: Case) -> Found:
    """A summary that names one."""
    yield from _national(case, SUMMARY)


def national_partner(case: Case) -> Found:
    """An implementing partner whose duty is the whole country."""
    for row, name in enumerate(case.activity.implementers):
        if first(name, "partner") and not first(name, "site"):
            yield Spot(name, PARTNERS, row)


# --- pins and venues


def bare_capital(case: Case) -> Found:
    """The name that the capital shares with a province, alone: how datelines and offices are written."""
    yield from (place.spot for place in case.map.pins if place.open)


def capital_seat(case: Case) -> Found:
    """The capital by its full name, alone: the seat of government and of the agencies."""
    yield from (place.spot for place in case.map.pins if place.inside)


def venue(case: Case) -> Found:
    """A place that is an office, a hall or a monument."""
    for place in case.map.places:
        if place.has("venue", "institution") and not place.outside:
            yield place.spot


def event(case: Case) -> Found:
    """Words of an event or a signature."""
    yield from in_texts(case, "event", (TITLE, SUMMARY, SOURCE_TITLE))


# --- areas named


def _named_units(case: Case) -> list[Place]:
    """Return the first place of each first-level unit named outside the capital."""
    units: dict[str, Place] = {}
    for place in () if case.map.everywhere else case.map.places:
        for code in place.outside:
            units.setdefault(gazetteer.province(code), place)
    return list(units.values())


def area_named(case: Case) -> Found:
    """A province or district outside the capital among the places."""
    yield from (place.spot for place in _named_units(case)[:1])


def more_areas(case: Case) -> Found:
    """Each further province among the places."""
    yield from (place.spot for place in _named_units(case)[1:])


def area_in_title(case: Case) -> Found:
    """A title that names one of the areas again; its place has said what the name means."""
    units = {gazetteer.province(code) for code in case.map.outside}
    if units:
        title = case.texts[TITLE]
        names = like_area_names(title) if title.isascii() else _mentioned(title)
        for words, start, codes in names:
            if any(gazetteer.province(code) in units for code in codes):
                yield Spot(words, TITLE, start)


def _mentioned(text: str) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    return ((one.text, one.start, one.areas) for one in areas_in(text))


def other_area_in_title(case: Case) -> Found:
    """A title that names an area, where no place names one but perhaps the capital."""
    capital = pack.settings().capital
    if not case.map.outside:
        for words, start, codes in _mentioned(case.texts[TITLE]):
            if codes and not any(gazetteer.province(code) == capital for code in codes):
                yield Spot(words, TITLE, start)


# --- work outside the capital whose areas are not named


def counted_areas(case: Case) -> Found:
    """Provinces or districts counted, or a region, instead of named."""
    for place in case.map.places:
        match = place.match
        if match.kind in ("count", "region") or (place.capital and not place.outside and _wider(match)):
            yield place.spot


def _wider(match: gazetteer.Match) -> bool:
    return bool(match.region) or (match.count_unit == "adm1" and (match.count or 0) > len(match.areas) + 1)


def _unread(case: Case) -> list[Place]:
    """Return the places that no table explains and that are no site, venue or institution."""
    known = ("site", "venue", "institution", "capital_spot", CAPITAL_NAME)
    return [
        place
        for place in case.map.places
        if place.match.kind == "unknown" and place.match.text.strip() and not place.has(*known)
    ]


def unknown_name(case: Case) -> Found:
    """A name that no table knows, or that several areas bear: one spot, wherever it is."""
    for place in case.map.places:
        if place.match.kind == "ambiguous" and not place.open:
            yield place.spot
    yield from (place.spot for place in _unread(case) if not place.has(*KINDS))


def unnamed_kind(case: Case) -> Found:
    """Places told by their kind, such as schools or target provinces, alone or beside the capital."""
    yield from (place.spot for place in _unread(case) if place.has(*KINDS))
    for place in case.map.places:
        if place.capital and not place.outside and any(first(part, "wider") for part in place.match.unread):
            yield place.spot


def _unplaced(case: Case, name: str, fields: tuple[str, ...] = (TITLE, SUMMARY)) -> Found:
    """Return words for sites, but only where no area is named in full that would explain them."""
    return iter(()) if case.map.outside or case.map.inside else iter(in_texts(case, name, fields))


def region_text(case: Case) -> Found:
    """One part of the country in title or summary."""
    yield from _unplaced(case, "region")


def landscape_text(case: Case) -> Found:
    """A forest, wetland or basin as the thing worked on."""
    yield from _unplaced(case, "landscape")


def counted_text(case: Case) -> Found:
    """Sites counted in title or summary."""
    for field in () if case.map.outside or case.map.inside else (TITLE, SUMMARY):
        text = case.texts[field]
        for number, sites in near(text, NUMBER, "counted", COUNT_REACH):
            if not YEAR.fullmatch(number.words):
                yield Spot(text[number.start : sites.end], field, number.start)


def rural_title(case: Case) -> Found:
    """Villages, districts or the countryside in the title."""
    yield from _unplaced(case, "rural", (TITLE,))


def rural_summary(case: Case) -> Found:
    """Villages, districts or the countryside in the summary."""
    yield from _unplaced(case, "rural", (SUMMARY,))


# --- work in the capital


def capital_named(case: Case) -> Found:
    """The capital by its full name, which is not the way of datelines."""
    yield from (place.spot for place in case.map.places if pack.settings().capital in place.inside and not place.listed)


def capital_listed(case: Case) -> Found:
    """The capital by its full name in one list with other areas."""
    yield from (place.spot for place in case.map.places if place.inside and place.listed)


def capital_part(case: Case) -> Found:
    """A district of the capital."""
    for place in case.map.places:
        if any(gazetteer.level(code) == "adm2" for code in place.inside):
            yield place.spot


def capital_site(case: Case) -> Found:
    """A campus, market or hospital in the capital, or a spot that only the capital has."""
    for place in case.map.places:
        town = case.map.pins and not place.outside and place.has("site")
        if place in case.map.spots or (town and not place.has("venue")):
            yield place.spot
    if case.map.pins:
        yield from in_texts(case, "site", (TITLE,))


def urban_text(case: Case) -> Found:
    """A city as the thing worked on."""
    alone = case.map.pins and not case.map.outside
    if alone or any(place.open and place.listed for place in case.map.places):
        yield from in_texts(case, "urban")


def capital_in_title(case: Case) -> Found:
    """A title that names the capital."""
    yield from in_texts(case, CAPITAL_NAME, (TITLE,))


def capital_partner(case: Case) -> Found:
    """An implementing partner that bears the capital's name."""
    for row, name in enumerate(case.activity.implementers):
        if first(name, CAPITAL_NAME):
            yield Spot(name, PARTNERS, row)


def public_gathering(case: Case) -> Found:
    """Students, volunteers or young people at a gathering: the event is the activity."""
    people, gatherings = in_texts(case, "participants"), in_texts(case, "gathering")
    if people and gatherings:
        yield gatherings[0]


def fieldwork(case: Case) -> Found:
    """A trial or study on the ground, at the capital named in full."""
    if any(place.inside for place in case.map.pins):
        yield from in_texts(case, "fieldwork")


def areas_beside(case: Case) -> Found:
    """Areas named in other places than the capital: the capital is the office."""
    if any(place.capital and not place.listed for place in case.map.places) and not case.map.namesake:
        yield from (place.spot for place in case.map.places if place.outside and not place.listed)
