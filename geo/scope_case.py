"""Floor 2: one activity as the scope rule sees it: its places understood, its texts with the words that count."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from geo import gazetteer, pack, positions
from geo.fields import Activity, Fields
from geo.scope_words import CAPITAL_NAME, Hit, by_list, every, first, like_area_names

TITLE, SUMMARY, SOURCE_TITLE = str(Fields.TITLE), str(Fields.SUMMARY), str(Fields.SOURCE_TITLE)
PLACES, PARTNERS = str(Fields.LOCATIONS), str(Fields.IMPLEMENTING_PARTNERS)
PUBLISHED = str(Fields.SCOPE_AS_PUBLISHED)
CLAUSE_END = re.compile(r"[;:!?\n]|\.\s")
NEARLY_ALL = 2  # so many first-level units may be missing from a list that means the whole country


class Spot(NamedTuple):
    """Where evidence stands: the words it rests on, their column, and their position.

    ``position`` counts characters in a text and items in a list, from 0.
    """

    words: str
    field: str
    position: int


@dataclass(frozen=True, slots=True)
class Place:
    """One place as published and what it says of the capital.

    ``inside`` are P-codes in the capital, ``outside`` all others; ``open`` means that the name may be the capital or
    its namesake; ``row`` is the place's index in the activity's list.
    """

    row: int
    match: gazetteer.Match
    inside: tuple[str, ...]
    outside: tuple[str, ...]
    open: bool

    @property
    def spot(self) -> Spot:
        """The place as evidence."""
        return Spot(self.match.text, PLACES, self.row)

    @property
    def capital(self) -> bool:
        """Whether the place is, or may be, in the capital."""
        return self.open or bool(self.inside)

    @property
    def listed(self) -> bool:
        """Whether the capital stands in one list with other areas."""
        return self.capital and bool(self.outside)

    def has(self, *lists: str) -> bool:
        """Whether the place's text has a phrase of one of the lists."""
        return any(first(self.match.text, name) for name in lists)


@dataclass(frozen=True)
class Geography:
    """What the places of an activity say together, worked out once for each list of places.

    ``outside`` and ``inside`` are P-codes named outside and in the capital; ``registered`` those where the map as
    published shows the activity (the shared name alone counts as the capital); ``open`` says that a place bears the
    shared name, ``namesake`` that it is the capital's namesake, because that one or its districts are named beside it.
    """

    places: tuple[Place, ...]
    outside: tuple[str, ...]
    inside: tuple[str, ...]
    registered: tuple[str, ...]
    open: bool
    namesake: bool

    @classmethod
    def of(cls, places: tuple[Place, ...]) -> Geography:
        """Put places together."""
        country = pack.settings()
        outside = {code for place in places for code in place.outside}
        inside = {code for place in places for code in place.inside}
        shared = any(place.open for place in places)
        return cls(
            places,
            tuple(sorted(outside)),
            tuple(sorted(inside)),
            tuple(sorted({*outside, *inside, *((country.capital,) if shared else ())})),
            shared,
            any(gazetteer.province(code) == country.capital_namesake for code in outside),
        )

    @cached_property
    def pins(self) -> tuple[Place, ...]:
        """Places that name the capital and nothing finer in it, and not in a list with other areas."""
        finer = any(gazetteer.level(code) == "adm2" for code in self.inside)
        return () if finer else tuple(place for place in self.places if self._is_pin(place))

    def _is_pin(self, place: Place) -> bool:
        return place.capital and not place.listed and not (place.open and self.namesake)

    @cached_property
    def provinces(self) -> int:
        """How many first-level units the places name; the shared name counts as one."""
        return len({gazetteer.province(code) for code in self.registered})

    @cached_property
    def everywhere(self) -> bool:
        """Whether the places name all first-level units of the country but one or two."""
        return self.provinces >= max(2, pack.settings().adm1 - NEARLY_ALL)

    @cached_property
    def placed(self) -> bool:
        """Whether names say where the work is: an area, or the country."""
        return bool(self.outside or self.inside) or any(place.match.kind == "country" for place in self.places)

    @cached_property
    def choices(self) -> frozenset[str]:
        """P-codes of what the places may be, where all their names are shared by several areas and none is known."""
        kinds = {place.match.kind for place in self.places}
        shared = kinds <= {"ambiguous", "empty"}
        return frozenset(code for place in self.places for code in place.match.candidates) if shared else frozenset()

    @cached_property
    def spots(self) -> tuple[Place, ...]:
        """Places known to stand in the capital although no area is named with them."""
        return tuple(place for place in self.places if place.match.kind == "unknown" and place.has("capital_spot"))


@lru_cache(maxsize=16_384)
def geography(texts: tuple[str, ...]) -> Geography:
    """Return what the places as published say together; cached, since lists of places repeat."""
    capital = pack.settings().capital
    found = []
    for row, match in enumerate(gazetteer.match_all(texts)):
        inside = tuple(code for code in match.areas if gazetteer.province(code) == capital)
        outside = tuple(code for code in match.areas if code not in inside)
        open_ = match.kind in ("areas", "ambiguous") and capital in match.candidates
        found.append(Place(row, match, inside, outside, open_))
    return Geography.of(tuple(found))


class Case:
    """An activity with all that finders ask of it.  Nothing here changes after it is made.

    ``units`` are the districts of its points, "" for a point in none; they are looked up where they are not given.
    """

    __slots__ = ("activity", "map", "texts", "units")

    def __init__(self, activity: Activity, units: tuple[str, ...] | None = None) -> None:
        self.activity = activity
        self.units = positions.units((activity.points,))[0] if units is None else units
        self.map = geography(activity.places)
        self.texts = {TITLE: activity.title, SUMMARY: activity.summary, SOURCE_TITLE: activity.source_title}

    def lists(self) -> frozenset[str]:
        """Return the word lists that have a phrase in one of the running texts."""
        return frozenset().union(*[by_list(text) for text in self.texts.values() if text])


def areas_in(text: str) -> tuple[gazetteer.Mention, ...]:
    """Return area names in a title; the dear search is made only where some words are spelled like one."""
    hidden = not text.isascii()
    return gazetteer.mentions(text) if hidden or any(like_area_names(text)) else ()


def in_texts(case: Case, name: str, fields: tuple[str, ...] = (TITLE, SUMMARY)) -> list[Spot]:
    """Return the first phrase of a list in each of the given running texts."""
    found = []
    for field in fields:
        hit = first(case.texts[field], name)
        if hit:
            found.append(Spot(hit.words, field, hit.start))
    return found


def near(text: str, one: str, other: str, words: int) -> list[tuple[Hit, Hit]]:
    """Return phrases of list ``other`` at most ``words`` words after one of list ``one``, in the same clause."""
    pairs = []
    for hit in every(text, one):
        after = [far for far in every(text, other) if 0 <= far.word - hit.word - hit.size <= words]
        if hit.word >= 0 and after and not CLAUSE_END.search(text, hit.end, after[0].start):
            pairs.append((hit, after[0]))
    return pairs


__all__ = ["CAPITAL_NAME", "Case", "Geography", "Place", "Spot", "areas_in", "geography", "in_texts", "near"]
