"""Floor 1: names to P-codes.

A place as published becomes areas, the country, a region, a count, or stays open with its candidates.

Nothing is guessed: a name that several areas bear stays ambiguous, an unknown one gets its nearest names as
candidates (rapidfuzz ratio of folded names, 75 of 100 or more) and no area.  A name that a province and a district
share means the province, unless a word for district or town stands with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Literal

from rapidfuzz import fuzz, process

from geo import pack
from geo.errors import shorten
from geo.fold import squeeze
from geo.gazetteer_prose import Mention, mentions
from geo.gazetteer_reading import Named, Reading, read
from geo.place_names import AreaName, all_areas, children, level, names, parent, population, province, tables

Kind = Literal["areas", "country", "region", "count", "ambiguous", "unknown", "empty"]
CLOSE = 75.0  # of 100: below it a name is not offered as the nearest
OFFERED = 5
SHOWN = 6  # unread parts in a note
UNITS = {"adm1": "provinces", "adm2": "districts"}
REGION_JOINT = "+"

__all__ = [
    "AreaName",
    "Kind",
    "Match",
    "Mention",
    "all_areas",
    "children",
    "describe",
    "label",
    "level",
    "match",
    "match_all",
    "match_each",
    "match_lines",
    "mentions",
    "names",
    "parent",
    "population",
    "province",
]


@dataclass(frozen=True, slots=True)
class Match:
    """What a place as published became.

    ``areas`` are P-codes, sorted, the finest known; ``candidates`` what an ambiguous name may be, or the nearest
    names of an unknown one; ``unread`` the parts that no name explains; ``count`` how many units of ``count_unit``
    ("adm1", "adm2") are spoken of; ``region`` the pack's region key (several joined by "+").
    """

    text: str
    kind: Kind
    areas: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    note: str = ""
    unread: tuple[str, ...] = ()
    count: int | None = None
    count_unit: str = ""
    region: str = ""


@lru_cache(maxsize=65_536)
def match(text: str) -> Match:
    """Return what a place means by itself.  Total and pure: any string gives a Match.

    Raises:
        PackError: when a table of the country pack is missing or wrong.
    """
    return _match(read(text), frozenset())


def match_each(texts: Iterable[str]) -> dict[str, Match]:
    """Return what each spelling of a column means by itself; a million rows cost little more than their spellings.

    Raises:
        PackError: when a table of the country pack is missing or wrong.
    """
    return {text: match(text) for text in dict.fromkeys(texts)}


@lru_cache(maxsize=16_384)
def _match_tuple(places: tuple[str, ...]) -> tuple[Match, ...]:
    alone = [match(place) for place in places]
    if all(map(_settled, alone)):
        return tuple(alone)
    speaking = Counter(code for found in alone for code in _provinces(found))
    out = []
    for place, found in zip(places, alone, strict=True):
        own = _provinces(found)
        around = frozenset(code for code, times in speaking.items() if times > (code in own))
        out.append(_noted(_match(read(place), around) if around else found, alone))
    return tuple(out)


def _settled(found: Match) -> bool:
    """Whether a place has its areas and nothing that places beside it could settle."""
    return bool(found.areas) and not found.candidates and not found.unread


def _provinces(found: Match) -> set[str]:
    return {province(code) for code in found.areas}


def match_all(places: Sequence[str]) -> tuple[Match, ...]:
    """Return what the places of one activity mean, each in the light of the others and in the order given.

    A district name that several provinces have is settled by a province named beside it, and a village falls to
    the province where the others name just one.  A name that the pack declares ambiguous stays so.

    Raises:
        PackError: when a table of the country pack is missing or wrong.
    """
    return _match_tuple(tuple(places))


def match_lines(text: str) -> list[Match]:
    """Return the matches of a text with one activity's places a line, ``;`` between places; blank ones are left out.

    Raises:
        PackError: when a table of the country pack is missing or wrong.
    """
    found: list[Match] = []
    for line in text.splitlines():
        found.extend(match_all([part.strip() for part in line.split(";") if part.strip()]))
    return found


def _match(reading: Reading, around: frozenset[str]) -> Match:
    """Turn a reading into a match; ``around`` are the provinces that other places of the same activity name."""
    named = [_in_context(item, around) for item in reading.named]
    areas = {item.codes[0] for item in named if len(item.codes) == 1}
    open_codes = {code for item in named if len(item.codes) > 1 for code in item.codes}
    if all(reading.clash):
        open_codes |= set(reading.clash)
        areas -= set(reading.clash)
    areas -= reading.containers if any(level(code) == "adm2" for code in areas) else set()
    if reading.villages and not areas and not open_codes and len(around) == 1:
        areas = set(around)
    kind = _kind(reading, areas, open_codes)
    candidates = tuple(sorted(open_codes))
    if kind == "unknown":
        candidates = _nearest(reading.pieces, around)
    unit = "adm1" if "adm1" in reading.counts else "adm2" if reading.counts else ""
    region = REGION_JOINT.join(reading.regions)
    found = Match(
        reading.text, kind, tuple(sorted(areas)), candidates, "", reading.unread, reading.counts.get(unit), unit, region
    )
    return replace(found, note=_note(found, reading, named, around))


def _in_context(item: Named, around: frozenset[str]) -> Named:
    """Settle a district name by the provinces around it, when exactly one of its areas lies in them."""
    if len(item.codes) < 2 or item.several:
        return item
    left = tuple(code for code in item.codes if province(code) in around)
    return replace(item, codes=left, note="by the province named beside it") if len(left) == 1 else item


def _kind(reading: Reading, areas: set[str], candidates: set[str]) -> Kind:
    if not reading.words:
        return "empty"
    if reading.whole:
        return "country"
    if areas:
        return "areas"
    if candidates:
        return "ambiguous"
    if reading.counts:
        return "count"
    if reading.regions:
        return "region"
    return "country" if reading.country and set(reading.unread) <= set(reading.abroad) else "unknown"


def _nearest(pieces: Sequence[tuple[str, str]], around: Set[str]) -> tuple[str, ...]:
    """Return the P-codes of the names nearest to unknown words, best first; only in provinces around, when known."""
    scores: dict[str, float] = {}
    if not pieces:
        return ()
    index = _keys_by_province()
    keys = [key for code in sorted(around) for key in index[code]] if around else list(tables().index)
    for piece, wanted in pieces:
        for key, score, _ in process.extract(
            squeeze(piece), keys, scorer=fuzz.ratio, score_cutoff=CLOSE, limit=OFFERED
        ):
            codes = tables().index[key].codes
            fitting = [code for code in codes if level(code) == wanted] or list(codes)
            for code in fitting:
                if not around or province(code) in around:
                    scores[code] = max(score, scores.get(code, 0.0))
    return tuple(sorted(scores, key=lambda code: (-scores[code], code))[:OFFERED])


@cache
def _keys_by_province() -> dict[str, list[str]]:
    keys: dict[str, list[str]] = {code: [] for code in all_areas("adm1")}
    for key, senses in tables().index.items():
        for code in {province(code) for code in senses.codes}:
            keys[code].append(key)
    return keys


def label(code: str) -> str:
    """Return an area's English name with its P-code, such that no reader takes it for another of that name."""
    name = names(code).name_en
    shared = name in {one for one, _codes in pack.settings().ambiguous} and level(code) == "adm1"
    return f"{name} Province ({code})" if shared else f"{name} ({code})"


def _note(found: Match, reading: Reading, named: Sequence[Named], around: frozenset[str]) -> str:
    """Say in one line of plain English how a place was read."""
    if found.kind == "empty":
        return "nothing to read"
    said = ["the country as a whole"] if found.kind == "country" else []
    if all(reading.clash):
        said.append(f"{label(reading.clash[0])} does not lie in {label(reading.clash[1])}")
    said.extend(_names_said(found, named))
    if found.areas and not named:
        said.append(f"a village, taken to lie in {label(found.areas[0])}, the one province named beside it")
    if found.count is not None:
        said.append(f"{found.count} {UNITS[found.count_unit]} counted")
    if found.region:
        said.append(f"region: {found.region}")
    if found.kind == "unknown":
        said.append("no known name")
    if found.unread:
        near = found.candidates
        if found.kind != "unknown":
            near = _nearest(reading.pieces, around | _provinces(found)) or _nearest(reading.pieces, frozenset())
        said.append("not placed: " + ", ".join(repr(shorten(part, 60)) for part in found.unread[:SHOWN]))
        said.extend([f"nearest: {', '.join(map(label, near))}"] if near else [])
    return "; ".join(dict.fromkeys(said))


def _names_said(found: Match, named: Sequence[Named]) -> list[str]:
    said: list[str] = []
    for item in named:
        if len(item.codes) > 1:
            said.append(f"{item.text!r} may be {' or '.join(map(label, item.codes))}")
        elif item.codes[0] in found.areas:
            said.append(f"{item.text!r} is {label(item.codes[0])}" + (f", {item.note}" if item.note else ""))
    return said


def _noted(found: Match, others: Sequence[Match]) -> Match:
    """Add to an open name the districts beside it that speak for one of its candidates."""
    if found.kind == "unknown":
        return found
    beside = sorted(
        {
            code
            for other in others
            for code in other.areas
            if level(code) == "adm2" and province(code) in found.candidates
        }
    )
    if not beside:
        return found
    hint = "; ".join(f"{label(code)} named beside it lies in {label(province(code))}" for code in beside)
    return replace(found, note=f"{found.note}; {hint}")


def describe(found: Match) -> str:
    """Return a match as one clear line: the text, what it became, and how it was read."""
    became = ", ".join(map(label, found.areas)) or found.kind
    if found.areas and found.kind != "areas":
        became = f"{found.kind}: {became}"
    open_ = f" [{' or '.join(map(label, found.candidates))}]" if found.candidates else ""
    return f"{shorten(found.text, 100)!r} -> {became}{open_}; {found.note}"
