"""Floor 1: one place as published, read by itself: its areas, what it may mean, what it counts, what stays unread."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from geo import pack
from geo.gazetteer_roles import DISTRICT, OTHER, PROVINCE, TOWN, VILLAGE, Parsed, Want, after, before, parse
from geo.place_grammar import LONGEST, Item, lexicon, scan, tokens
from geo.place_names import province, tables

_EDGES = re.compile(r"^[\s\-–—.'’\[\]]+|[\s\-–—.'’\[\]]+$")


@dataclass(frozen=True, slots=True)
class Named:
    """A name in the place with the areas that it may stand for there (one when it was settled)."""

    text: str
    codes: tuple[str, ...]
    several: bool = False  # declared ambiguous by the pack
    note: str = ""


@dataclass(slots=True)
class Reading:
    """What a place says; ``containers`` are provinces that only say where a named district lies."""

    text: str
    named: list[Named] = field(default_factory=list)
    containers: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)
    regions: tuple[str, ...] = ()
    whole: bool = False  # says that the country as a whole is meant
    country: bool = False  # names the country
    abroad: tuple[str, ...] = ()  # other countries named
    villages: bool = False
    unread: tuple[str, ...] = ()
    pieces: tuple[
        tuple[str, str], ...
    ] = ()  # unread words that may be a misspelt name, with the level that is said of them
    clash: tuple[str, str] = ("", "")  # a district and the province that it is said to lie in and does not
    words: bool = False  # there is anything to read


def read(text: str) -> Reading:
    """Read one place by itself.  Total: any text gives a reading."""
    parsed = parse(scan(text[:LONGEST]))
    reading = Reading(text, words=any(item.kind != "sep" for item in parsed.items))
    codes = resolve(parsed)
    _hold(parsed, codes, reading)
    reading.named = [_named(parsed, at, codes[at]) for at in sorted(codes)]
    reading.counts, reading.villages = parsed.counts, parsed.villages
    for at in codes:
        parsed.items[at].used = True
    _country(parsed, reading)
    _unread(parsed, reading)
    return reading


def resolve(parsed: Parsed) -> dict[int, tuple[str, ...]]:
    """Return the areas that each name may stand for, by its position, in the light of the others."""
    codes = {at: _codes(parsed, at) for at, item in enumerate(parsed.items) if item.kind == "name"}
    if len(codes) > 1:  # one name has no other to be settled by
        _as_district_of(parsed, codes)
        _narrow(parsed, codes)
    return codes


def _codes(parsed: Parsed, at: int) -> tuple[str, ...]:
    """Return the areas that a name may stand for, by the level wanted of it; a bare name is a province's first."""
    name = parsed.items[at].name
    assert name is not None
    want = parsed.wants.get(at, Want(""))
    if name.several:
        return _settle(parsed, at, want) or name.adm1
    borrowed = tuple(tables().namesakes[code] for code in name.adm1 if code in tables().namesakes)
    if want.level in {DISTRICT, TOWN}:
        return name.adm2 or name.town or borrowed or name.adm1
    return name.adm1 or name.adm2 or name.town


def _settle(parsed: Parsed, at: int, want: Want) -> tuple[str, ...]:
    """Settle a name that the pack declares ambiguous by the word beside it; () when none does."""
    items, country = parsed.items, pack.settings()
    if want.level == TOWN:
        return (country.capital,)
    if want.level == PROVINCE and want.direct:
        return (country.capital_namesake,)
    for step in (before, after):
        side = step(items, at)
        if side >= 0 and items[side].text in {",", "("}:
            apposed = ("apposed",) if items[side].text == "," else ("capital", "apposed")
            side = step(items, side)
            if side < 0 or not items[side].is_word(*apposed):
                continue
        if side >= 0 and items[side].is_word("capital", "apposed"):
            items[side].used = True
            return (country.capital,)
    return ()


def _as_district_of(parsed: Parsed, codes: dict[int, tuple[str, ...]]) -> None:
    """Read "A, B Province", where A names both B and a town in it, as the town's district."""
    held = {found[0]: at for at, found in codes.items() if len(found) == 1 and _said(parsed, at, PROVINCE)}
    for at, found in codes.items():
        name = parsed.items[at].name
        if name is None or at in parsed.wants or len(found) != 1 or found[0] not in held or held[found[0]] != at + 2:
            continue
        inside = [code for code in (*name.adm2, *name.town) if province(code) == found[0]]
        if len(inside) == 1 and (parsed.items[at + 1].text == "," or parsed.items[at + 1].is_word("link")):
            codes[at] = (inside[0],)


def _said(parsed: Parsed, at: int, level: str) -> bool:
    """Whether a word in the singular beside (or inside) the name says that it is one of the level."""
    item, want = parsed.items[at], parsed.wants.get(at, Want(""))
    inside = level == PROVINCE and item.name is not None and not item.name.adm2 and len(tokens(item.text)) > 1
    return (want.level == level and want.direct) or (inside and _has_level_word(item))


def _has_level_word(item: Item) -> bool:
    known = lexicon().words
    return any((word := known.get(token.key)) and word.role in {"level", "capital"} for token in tokens(item.text))


def _narrow(parsed: Parsed, codes: dict[int, tuple[str, ...]]) -> None:
    """Settle a district name that several provinces have by the provinces that the same text names."""
    for at, found in codes.items():
        name = parsed.items[at].name
        if len(found) < 2 or name is None or name.several:
            continue
        around = {
            province(code)
            for other, others in codes.items()
            if other != at
            for code in others
            if not _open(parsed, codes, other)
        }
        left = tuple(code for code in found if province(code) in around)
        if len(left) == 1:
            codes[at] = left


def _open(parsed: Parsed, codes: dict[int, tuple[str, ...]], at: int) -> bool:
    """Whether a name is an unsettled district name (which is no context for another one)."""
    name = parsed.items[at].name
    return len(codes[at]) > 1 and name is not None and not name.several


def _hold(parsed: Parsed, codes: dict[int, tuple[str, ...]], reading: Reading) -> None:
    """Find the provinces that only say where a named district lies, and those that contradict it."""
    items = parsed.items
    for at, found in codes.items():
        if len(found) != 1 or province(found[0]) == found[0]:
            continue
        inside = province(found[0])
        reading.containers.add(inside)
        holder = _holder(parsed, at)
        if holder not in codes:
            continue
        if (
            len(codes[holder]) > 1
            and inside in codes[holder]
            and items[holder].name is not None
            and _ends(items, holder)
        ):
            codes[holder] = (inside,)
        elif _said(parsed, at, DISTRICT) and _province_of_others(parsed, holder) and inside not in codes[holder]:
            reading.clash = (found[0], codes[holder][0])


def _province_of_others(parsed: Parsed, holder: int) -> bool:
    return _said(parsed, holder, PROVINCE) and _ends(parsed.items, holder)


def _holder(parsed: Parsed, at: int) -> int:
    """Return the position of the name that an address puts after one ("A district, B" or "A (B)"), or -1."""
    items = parsed.items
    step = after(items, at)
    while step >= 0 and items[step].is_word("level"):
        step = after(items, step)
    if step < 0 or not (items[step].text in {",", "("} or items[step].is_word("link")):
        return -1
    step = after(items, step)
    return step if step >= 0 and items[step].kind == "name" else -1


def _ends(items: list[Item], at: int) -> bool:
    """Whether no name follows: the name closes an address and is no member of a list."""
    return all(item.kind != "name" for item in items[at + 1 :])


def _named(parsed: Parsed, at: int, codes: tuple[str, ...]) -> Named:
    item, want = parsed.items[at], parsed.wants.get(at, Want(""))
    note = ""
    if len(codes) == 1 and item.name is not None:
        if codes[0] in item.name.town or (codes[0] not in item.name.codes):
            note = "the district of the town so named"
        elif want.level in {DISTRICT, TOWN} and codes[0] in item.name.adm1:
            note = "no district or town is so named, so the province"
    return Named(item.text, codes, bool(item.name and item.name.several), note)


def _country(parsed: Parsed, reading: Reading) -> None:
    """Read the words for the whole country and for its regions."""
    items = parsed.items
    regions: list[str] = []
    for at, item in enumerate(items):
        if not item.word:
            continue
        if item.is_word("alone"):
            item.used = _stands_alone(items, at)
            reading.whole |= item.used
        elif item.is_word("whole", "across"):
            item.used = True
            reading.whole |= item.is_word("whole") or not parsed.counts
        elif item.word.role == "country":
            item.used = True
            reading.country |= item.word.value == "name"
        elif item.word.role == "region" and (part := _region_part(items, at)):
            item.used = True
            regions.append(item.word.value)
            for other in part:
                items[other].used = True
    reading.abroad = tuple(item.text for item in items if item.is_word("abroad"))
    reading.regions = tuple(dict.fromkeys(regions))
    reading.whole |= parsed.whole or _counts_all(parsed.counts, reading)


def _stands_alone(items: list[Item], at: int) -> bool:
    side = after(items, at)
    return side < 0 or items[side].kind in {"sep", "number"} or items[side].is_word("list", "link")


def _region_part(items: list[Item], at: int) -> list[int]:
    """Return the positions of the words that make a region word count ("northern areas"), or [].

    A region word that stands alone, or was counted, carries itself.
    """
    for step in range(at + 1, len(items)):
        item = items[step]
        if item.is_word("part", "level", "country"):
            return [step]
        if item.used or not (item.is_word("region", "list", "filler")):
            return [at] if item.used and item.is_word("level") else []
    return [at] if all(item.is_word("region", "list", "filler", "part") for item in items) else []


def _counts_all(counts: dict[str, int], reading: Reading) -> bool:
    """Whether as many provinces (or districts) are counted as there are, the capital named apart or not."""
    country = pack.settings()
    apart = len(reading.named) == 1 and country.capital in reading.named[0].codes
    return (
        counts.get(PROVINCE) == country.adm1
        or (counts.get(PROVINCE) == country.adm1 - 1 and apart)
        or (counts.get(DISTRICT) == country.adm2)
    )


def _unread(parsed: Parsed, reading: Reading) -> None:
    """Collect the runs of words that nothing explained, as they stand in the text."""
    runs: list[list[Item]] = [[]]
    for item in parsed.items:
        if item.kind == "sep" or item.used:
            runs.append([])
        elif item.word and item.word.role in {"link", "list", "filler"} and not runs[-1]:
            continue
        else:
            runs[-1].append(item)
    unread: list[str] = []
    pieces: list[tuple[str, str]] = []
    for run in runs:
        while run and run[-1].kind == "word" and run[-1].is_word("link", "list", "filler"):
            run.pop()
        if run:
            unread.append(_EDGES.sub("", reading.text[run[0].start : run[-1].end]))
            pieces.extend(_pieces(reading.text, run))
    reading.unread, reading.pieces = tuple(unread), tuple(pieces)


def _pieces(text: str, run: list[Item]) -> list[tuple[str, str]]:
    """Return the words of an unread run that may be misspelt names: none in a village's or river's, or around "of"."""
    if any(item.kind == VILLAGE or item.is_word("link", "nature") for item in run):
        return []
    level = next((item.word.value for item in run if item.word and item.word.role == "level"), "")
    found: list[list[Item]] = [[]]
    for item in run:
        if item.kind == OTHER:
            found[-1].append(item)
        else:
            found.append([])
    return [(text[part[0].start : part[-1].end], level) for part in found if part]
