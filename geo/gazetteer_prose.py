"""Floor 1: names of areas inside running prose, such as a title or a summary, with their exact places in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from geo.gazetteer_reading import resolve
from geo.gazetteer_roles import Parsed, after, before, parse
from geo.place_grammar import Item, scan, weak
from geo.place_names import tables

_SENTENCE = re.compile(r"[^\n.!?]+(?:[.!?](?!\s)[^\n.!?]*)*[.!?]*")


@dataclass(frozen=True, slots=True)
class Mention:
    """An area's name in running prose: ``text`` is ``prose[start:end]``.

    ``areas`` holds the one P-code that it means, or is empty when ``candidates`` holds those that it may mean.
    """

    text: str
    start: int
    end: int
    areas: tuple[str, ...]
    candidates: tuple[str, ...] = ()


@lru_cache(maxsize=8_192)
def mentions(text: str) -> tuple[Mention, ...]:
    """Return the area names in running prose in their order, the longest match at each place.  Total.

    Only names that are safe in prose count: one that is short or a common word needs a word for district or
    province beside it, a district's name a capital letter, and neither may be a part of a village's or river's name.

    Raises:
        PackError: when a table of the country pack is missing or wrong.
    """
    return tuple(
        mention for hit in _SENTENCE.finditer(text) for mention in _in_sentence(text, hit.start(), hit.group())
    )


def _in_sentence(text: str, offset: int, sentence: str) -> Iterator[Mention]:
    parsed = parse(scan(sentence), prose=True)
    last = 0  # a word between two names belongs to one of them
    for at, codes in resolve(parsed).items():
        item = parsed.items[at]
        if not _safe(parsed, at, item):
            continue
        start, end = _span(parsed, at, item, codes)
        start, last = max(start, last), end
        single = len(codes) == 1
        yield Mention(
            text[offset + start : offset + end],
            offset + start,
            offset + end,
            codes if single else (),
            () if single else codes,
        )


def _safe(parsed: Parsed, at: int, item: Item) -> bool:
    """Whether a name in prose is surely an area's."""
    assert item.name is not None
    if item.key.upper() in tables().areas:
        return False
    if weak(item):
        return at in parsed.wants and not item.text.islower()
    return bool(item.name.adm1) or not item.text.islower()


def _span(parsed: Parsed, at: int, item: Item, codes: tuple[str, ...]) -> tuple[int, int]:
    """Return the offsets of a name, with the word beside it where that word decided what it means."""
    assert item.name is not None
    bare = item.name.adm1 or item.name.adm2 or item.name.town
    if codes == bare and not weak(item):
        return item.start, item.end
    right, left = after(parsed.items, at), before(parsed.items, at)
    if right == at + 1 and parsed.items[right].is_word("level", "capital"):
        word = parsed.items[right].word
        if word and not word.before:
            return item.start, parsed.items[right].end
    if left == at - 1 and left >= 0 and parsed.items[left].is_word("level", "capital"):
        return parsed.items[left].start, item.end
    return item.start, item.end
