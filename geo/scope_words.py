"""Floor 1.7: the word lists of the scope rule, and where their words stand in a text.

The lists are data (``codes/scope_words.toml``).  A text is cut into words once, whatever the number of lists; at each
word the longest phrase of any list wins, so that a list can take a phrase away from another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from geo import pack
from geo.errors import PackError
from geo.place_names import tables, words

FILE = "codes/scope_words.toml"
LONGEST = 20_000  # characters of a text that are read, as many as intake lets through
CACHED = 2_048  # texts: names of places and partners repeat, titles and summaries hardly do
MANY = 6  # digits: longer numbers count no sites
CAPITAL_NAME = "capital_name"
NUMBER = "number"
Phrase = tuple[tuple[str, ...], frozenset[str]]  # its words, and the lists that it is in
_DIGITS: tuple[Phrase, ...] = (((), frozenset({NUMBER})),)  # any number in digits
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ASCII_WORD = re.compile("[a-z0-9]+(?:'[a-z0-9]+)*")  # the same in small ASCII letters, and faster
_OTHER_SCRIPT = re.compile("[\u0e80-\u0eff]")


class Hit(NamedTuple):
    """A phrase of one or more lists: ``text[start:end]``; ``word`` is the index of its first word (-1 in Lao)."""

    lists: frozenset[str]
    words: str
    start: int
    end: int
    word: int
    size: int


@dataclass(frozen=True, slots=True)
class Lexicon:
    """``latin``: first word -> (all words, lists), longest first; ``script``: one expression for all Lao phrases."""

    latin: Mapping[str, tuple[Phrase, ...]]
    script: re.Pattern[str]
    script_lists: Mapping[str, frozenset[str]]


@cache
def settings() -> Mapping[str, Any]:
    """Return ``scope_words.toml`` as it stands.

    Raises:
        PackError: when the file is missing, is no TOML, or lacks a section.
    """
    import tomllib

    try:
        found = tomllib.loads(pack.path(FILE).read_text(encoding="utf-8"))
    except ValueError as error:
        raise PackError(f"{FILE} cannot be read: {error}. Restore it from the repository.") from error
    missing = [section for section in ("lists", "numbers", "partners", "positions") if section not in found]
    if missing:
        raise PackError(f"{FILE} lacks [{']['.join(missing)}]. Restore it from the repository.")
    return MappingProxyType(found)


@cache
def lexicon() -> Lexicon:
    """Return all lists, ready to look up.

    Raises:
        PackError: when a file of the pack is missing or wrong.
    """
    lists: dict[str, set[str]] = {name: set(phrases) for name, phrases in settings()["lists"].items()}
    lists["countrywide"] |= set(_country_phrases())
    lists["partner"] = set(settings()["partners"]["national"])
    lists[NUMBER] = {text for texts in words()["numbers"]["words"].values() for text in texts} | set(
        settings()["numbers"]["words"]
    )
    lists[CAPITAL_NAME] = set(_capital_names())
    found: dict[tuple[str, ...], set[str]] = {}
    script: dict[str, set[str]] = {}
    for name, phrases in lists.items():
        for phrase in phrases:
            if _OTHER_SCRIPT.search(phrase):
                script.setdefault(phrase, set()).add(name)
            elif cut := _cut(phrase):
                found.setdefault(cut, set()).add(name)
    latin: dict[str, list[Phrase]] = {}
    for cut, names in sorted(found.items(), key=lambda item: (-len(item[0]), item[0])):
        latin.setdefault(cut[0], []).append((cut, frozenset(names)))
    longest_first = sorted(script, key=lambda phrase: (-len(phrase), phrase))
    return Lexicon(
        MappingProxyType({first: tuple(rest) for first, rest in latin.items()}),
        re.compile("|".join(map(re.escape, longest_first)) or r"(?!)"),
        MappingProxyType({phrase: frozenset(names) for phrase, names in script.items()}),
    )


def _country_phrases() -> Iterable[str]:
    country = words()["country"]
    for phrase in (*country["whole"], *country["across"]):
        yield from (phrase.replace("{country}", name) for name in country["names"] if "{country}" in phrase)
        if "{country}" not in phrase:
            yield phrase


def _capital_names() -> Iterable[str]:
    """Yield the names that the pack declares ambiguous with the capital: the city itself, in prose.

    One that is too short to be an area's name in prose ("VTE") says nothing there.
    """
    capital, shortest = pack.settings().capital, words()["prose"]["shortest"]
    yield from (name for name, codes in pack.settings().ambiguous if capital in codes and len(name) > shortest)
    yield tables().areas[capital].name_en
    yield tables().areas[capital].name_lo


def like_area_names(text: str) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """Yield (words, position, P-codes) of one to three words that spell a name of an area, the longest at each place.

    A quick look, not a reading: a common word may be spelled like a name (``gazetteer.mentions`` tells them apart).

    Raises:
        PackError: when a file of the pack is missing or wrong.
    """
    index, begins = tables().index, _beginnings()
    cut, found = _tokens(text)
    for at, word in enumerate(cut):
        for size in (3, 2, 1) if word in begins else ():
            key = "".join(cut[at : at + size])
            if at + size <= len(cut) and key in index:
                start, end = found[at].start(), found[at + size - 1].end()
                yield text[start:end], start, index[key].codes
                break


@cache
def _beginnings() -> frozenset[str]:
    """Return what names of areas begin with: most words of a text are none of it."""
    return frozenset(key[:end] for key in tables().index for end in range(1, len(key) + 1))


def _small(text: str) -> str:
    """Return ``text`` in small letters, each in the place that it had."""
    small = text.casefold()
    if len(small) != len(text):  # some letters fold into several: those stay as they are
        small = "".join(letter if len(letter.casefold()) > 1 else letter.casefold() for letter in text)
    return small.replace("’", "'")


def _cut(text: str) -> tuple[str, ...]:
    return _tokens(text)[0]


@lru_cache(maxsize=16)
def _tokens(text: str) -> tuple[tuple[str, ...], tuple[re.Match[str], ...]]:
    """Return the words of a text in small letters and where each stands; a title is asked for twice in a row."""
    small = _small(text)
    found = tuple((_ASCII_WORD if small.isascii() else _WORD).finditer(small))
    return tuple([one.group() for one in found]), found


def hits(text: str) -> tuple[Hit, ...]:
    """Return the phrases of all lists in ``text``, left to right; digits count as ``number``.  Total.

    Raises:
        PackError: when a file of the pack is missing or wrong.
    """
    text = text[:LONGEST]
    found = list(_latin(text))
    if not text.isascii() and _OTHER_SCRIPT.search(text):
        lexis = lexicon()
        found += [
            Hit(lexis.script_lists[hit.group()], hit.group(), hit.start(), hit.end(), -1, 1)
            for hit in lexis.script.finditer(text)
        ]
    return tuple(found)


def _latin(text: str) -> Iterator[Hit]:
    latin = lexicon().latin
    cut, found = _tokens(text)
    free = 0  # the first word that no phrase has taken
    for index in [at for at, word in enumerate(cut) if word in latin or word.isdecimal()]:
        word = cut[index]
        phrases = latin.get(word) or (_DIGITS if len(word) <= MANY else ())
        for phrase, lists in phrases if index >= free else ():
            size = len(phrase)
            if size <= 1 or cut[index : index + size] == phrase:
                free = index + max(size, 1)
                start, end = found[index].start(), found[free - 1].end()
                yield Hit(lists, text[start:end], start, end, index, free - index)
                break


@lru_cache(maxsize=CACHED)
def by_list(text: str) -> Mapping[str, Sequence[Hit]]:
    """Return the phrases in ``text``, left to right, by the list that they belong to.  Total.

    Raises:
        PackError: when a file of the pack is missing or wrong.
    """
    found: dict[str, list[Hit]] = {}
    for hit in hits(text):
        for name in hit.lists:
            found.setdefault(name, []).append(hit)
    return found


def first(text: str, name: str) -> Hit | None:
    """Return the first phrase of the list ``name`` in ``text``."""
    found = by_list(text).get(name)
    return found[0] if found else None


def every(text: str, name: str) -> Sequence[Hit]:
    """Return all phrases of the list ``name`` in ``text``."""
    return by_list(text).get(name, ())


__all__ = ["CAPITAL_NAME", "NUMBER", "Hit", "by_list", "every", "first", "hits", "like_area_names", "settings"]
