"""Floor 0.6: a place as published cut into items: names of areas, words of the place grammar, numbers, separators.

The longest run of tokens that the lexicon knows wins, spaces and hyphens inside it or not.  Lao is written
without spaces, so its tokens are clusters (a consonant with its marks), and a Lao name counts only where it
begins and ends at a boundary: a space, the end, or something else that was understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple

from geo.errors import PackError
from geo.fold import COMBINING, LAO, LAO_MARKS, SARA_AM, squeeze
from geo.place_names import Senses, tables, words

LONGEST = 4_000  # characters of a place that are read; a place is a few words, a hostile one is not
OUT_OF = "out of"  # what a link says between a number and those it is a part of
_MANY_DIGITS = 7  # longer numbers count no provinces and are kept as words

_CLUSTER = f"\u0ec0+|[{LAO}][{LAO_MARKS}{SARA_AM}\u200c\u200d\u2060\ufeff]*"
_WORD = f"[^\\W\\d_{LAO}](?:[^\\W_{LAO}]|[{COMBINING}\u00ad\u200c\u200d\u2060\ufeff])*"
_NUMBER = r"\d{1,3}(?:[,.\u00a0]\d{3})+(?!\d)|\d+"
_TOKEN = re.compile(f"(?P<number>{_NUMBER})|(?P<lao>{_CLUSTER})|(?P<word>{_WORD})")
_SOFT = re.compile(r"(?:[\s\u200b\ufeff.'’ʼ`\[\]]|(?<!\s)[-‐‑](?!\s))*")
_PLAIN_GAPS = ("", " ")  # most of them: they need no expression
_APOSTROPHE = re.compile("['’ʼ`]")
_BREAK = re.compile(r"[,;:()/&+|\n\u2012-\u2015•·]|(?<=\s)-|-(?=\s)")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the grammar: its role, what it says in that role, and for level words where it stands."""

    role: str
    value: str = ""
    many: bool = False
    before: bool = False


@dataclass(slots=True)
class Item:
    """A piece of the text from ``start`` to ``end``: one of name, word and number is set, or none (unknown words).

    ``kind`` is "name", "word", "number", "other" or "sep" (``text`` is then the separating character).
    ``used`` says that the reading explained the piece.
    """

    kind: str
    start: int
    end: int
    text: str
    key: str = ""
    name: Senses | None = None
    word: Word | None = None
    number: int = 0
    used: bool = False

    def is_word(self, *roles: str) -> bool:
        """Whether the item is a word of one of the roles."""
        return self.word is not None and self.word.role in roles


class Token(NamedTuple):
    """One Latin word, number or Lao cluster.

    ``glued`` to the Lao cluster before it; ``joined`` by a soft gap to the token before.
    """

    start: int
    end: int
    key: str
    kind: str
    glued: bool
    joined: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Names and words by folded key; ``prefixes`` are all beginnings of all keys, so that a search stops early."""

    names: dict[str, Senses]
    words: dict[str, Word]
    numbers: dict[str, int]
    prefixes: frozenset[str]
    unsafe: frozenset[str]
    shortest: int


@cache
def lexicon() -> Lexicon:
    """Return the names of the pack's tables and the words of ``place_words.toml``, ready to look up.

    Raises:
        PackError: when a file of the pack is missing or wrong.
    """
    try:
        return _lexicon(words())
    except (KeyError, AttributeError, TypeError, ValueError) as error:
        raise PackError(
            f"codes/place_words.toml lacks or misspells {error}; compare it with the repository's."
        ) from error


def _lexicon(data: dict[str, Any]) -> Lexicon:
    names = tables().index
    known: dict[str, Word] = {}
    for text, word in _words(data):
        known.setdefault(squeeze(text), word)
    numbers = {squeeze(text): int(value) for value, texts in data["numbers"]["words"].items() for text in texts}
    keys = {*names, *known, *numbers}
    prefixes = frozenset(key[:end] for key in keys for end in range(1, len(key) + 1))
    unsafe = frozenset(squeeze(text) for text in data["prose"]["unsafe"])
    return Lexicon(names, known, numbers, prefixes, unsafe, int(data["prose"]["shortest"]))


def _words(data: dict[str, Any]) -> Iterator[tuple[str, Word]]:
    """Yield the words with their roles, the more telling roles first (the first role of a word stands)."""
    country = data["country"]
    yield from _each(data["not_places"]["words"], Word("noplace"))
    yield from _each(country["names"], Word("country", "name"))
    for role, texts in (
        ("apposed", data["capital"]["apposed"]),
        ("whole", country["whole"]),
        ("across", country["across"]),
    ):
        filled = [text.replace("{country}", name) for text in texts for name in _names_in(text, country["names"])]
        yield from _each(filled, Word(role))
    for level, forms in data["level"].items():
        yield from _each(forms["one"], Word("level", level))
        yield from _each(forms["many"], Word("level", level, many=True))
        yield from _each(forms["before"], Word("level", level, before=True))
    for key, texts in data["region"]["words"].items():
        yield from _each(texts, Word("region", key))
    yield from _each(data["numbers"]["all"], Word("all"))
    yield from _each(data["capital"]["beside"], Word("capital"))
    yield from _each(country["generic"], Word("country", "generic"))
    yield from _each(country["alone"], Word("alone"))
    yield from _each(country["abroad"], Word("abroad"))
    yield from _each(data["region"]["with"], Word("part"))
    yield from _each(data["nature"]["words"], Word("nature"))
    yield from _each(data["joints"]["out_of"], Word("link", OUT_OF))
    for role in ("link", "list", "filler", "except"):
        yield from _each(data["joints"][role], Word(role))


def _names_in(text: str, names: list[str]) -> list[str]:
    return names if "{country}" in text else [""]


def _each(texts: Iterable[str], word: Word) -> Iterator[tuple[str, Word]]:
    return ((text, word) for text in texts)


def tokens(text: str) -> list[Token]:
    """Return the words, numbers and Lao clusters of ``text`` with their offsets in it."""
    found: list[Token] = []
    last = 0
    for hit in _TOKEN.finditer(text):
        kind = str(hit.lastgroup)
        gap = text[last : hit.start()]
        glued = bool(found) and not gap and kind == found[-1].kind == "lao"
        joined = bool(found) and (gap in _PLAIN_GAPS or (_SOFT.fullmatch(gap) is not None and "\n" not in gap))
        word = hit.group()
        key = word.lower() if word.isascii() and word.isalnum() else squeeze(word)
        if key:
            found.append(Token(hit.start(), hit.end(), key, kind, glued, joined))
            last = hit.end()
    return found


def scan(text: str) -> list[Item]:
    """Cut ``text`` into items, longest known run first."""
    found = tokens(text)
    items: list[Item] = []
    position = last = 0
    explained = True  # whether the piece before was understood: only then may a Lao name begin without a space
    while position < len(found):
        items.extend(_separators(text, last, found[position].start))
        item, taken = _longest(text, found, position, explained or not found[position].glued)
        if item.kind == "other" and items and items[-1].kind == "other" and found[position].glued:
            items[-1].end, items[-1].text = item.end, text[items[-1].start : item.end]
            items[-1].key += item.key
        else:
            items.append(item)
        explained = item.kind != "other"
        position += taken
        last = item.end
    items.extend(_separators(text, last, len(text)))
    return items


def _separators(text: str, start: int, end: int) -> list[Item]:
    """Return the separators between two tokens; ``&``, ``+`` and ``/`` join a list as "and" does."""
    joins = {"&", "+", "/"}
    return [
        Item("word", hit.start(), hit.end(), hit.group(), word=Word("list"))
        if hit.group() in joins
        else Item("sep", hit.start(), hit.end(), hit.group())
        for hit in _BREAK.finditer(text, start, end)
    ]


def _longest(text: str, found: list[Token], position: int, begins: bool) -> tuple[Item, int]:
    """Return the longest known item that begins at a token, or that token as an unknown one, and the tokens taken."""
    lexis = lexicon()
    first = found[position]
    best: tuple[Item, int] | None = None
    key = ""
    for size, token in enumerate(found[position:], start=1):
        if size > 1 and not (token.joined or token.glued):
            break
        key += token.key
        if key not in lexis.prefixes:
            break
        item = _item(text, first.start, token.end, key)
        if item and (first.kind != "lao" or _bounded(item, found, position + size, begins)):
            best = (item, size)
    if best:
        return best
    if first.kind == "number" and len(first.key) < _MANY_DIGITS:
        return Item(
            "number", first.start, first.end, text[first.start : first.end], first.key, number=int(first.key)
        ), 1
    return Item("other", first.start, first.end, text[first.start : first.end], first.key), 1


def _item(text: str, start: int, end: int, key: str) -> Item | None:
    lexis = lexicon()
    if key in lexis.names:
        return Item("name", start, end, text[start:end], key, name=lexis.names[key])
    if word := lexis.words.get(key):
        if word.many and _APOSTROPHE.search(text, start, end):
            word = replace(word, many=False)  # "the province's districts" speaks of one province
        return Item("word", start, end, text[start:end], key, word=word)
    if key in lexis.numbers:
        return Item("number", start, end, text[start:end], key, number=lexis.numbers[key])
    return None


def _bounded(item: Item, found: list[Token], after: int, begins: bool) -> bool:
    """Whether a Lao item stands by itself: words of the grammar may stand anywhere, names and numbers at boundaries."""
    if item.is_word("level", "whole", "across", "country", "region", "capital"):
        return True
    ends = after >= len(found) or not found[after].glued
    return begins and (ends or _begins_known(found, after))


def _begins_known(found: list[Token], position: int) -> bool:
    """Whether a known word or name begins at the token (so that the Lao name before it ends there)."""
    lexis = lexicon()
    key = ""
    for token in found[position:]:
        key += token.key
        if key in lexis.words or key in lexis.names:
            return True
        if key not in lexis.prefixes or not token.glued:
            return False
    return False


def weak(item: Item) -> bool:
    """Whether a name is too short or too common to be one beside unknown words (``A`` in ``A Hill``).

    One that the pack declares ambiguous is never passed over.
    """
    lexis = lexicon()
    if item.name is not None and item.name.several:
        return False
    return len(item.key) <= lexis.shortest or item.key in lexis.unsafe


__all__ = ["Item", "Lexicon", "Token", "Word", "lexicon", "scan", "tokens", "weak"]
