"""Floor 2.9: a column of codes (goals, agencies, areas ...), kept twice, both derived at load.

As words of 64 bits a row, for "any of" and "distinct" questions, and as (row, code) pairs, for counts.  Any number of
codes fits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from geo.raster import ranges

Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]
WORD = 64


@dataclass(frozen=True, eq=False)
class Codes:
    """A column of code lists: ``words`` has shape (rows, ceil(codes / 64)); ``rows`` and ``items`` are pairs."""

    names: tuple[str, ...]
    words: NDArray[np.uint64]
    rows: Ints
    items: Ints

    @classmethod
    def of(cls, lists: Sequence[Iterable[str]], names: Sequence[str] | None = None) -> Codes:
        """Build the column; ``names`` fixes the codes and their order, else they are those found, sorted.

        Raises:
            KeyError: when a list holds a code that ``names`` lacks.
        """
        given = [found if isinstance(found, (tuple, list)) else tuple(found) for found in lists]
        kept = tuple(names) if names is not None else tuple(sorted(set(chain.from_iterable(given))))
        index = {code: position for position, code in enumerate(kept)}
        sizes = np.fromiter(map(len, given), dtype=np.int64, count=len(given))
        items = np.fromiter(map(index.__getitem__, chain.from_iterable(given)), dtype=np.int64, count=int(sizes.sum()))
        return cls.of_pairs(np.repeat(np.arange(len(given)), sizes), items, kept, len(given))

    @classmethod
    def of_pairs(cls, rows: Ints, items: Ints, names: tuple[str, ...], size: int) -> Codes:
        """Build the column of ``size`` rows from (row, position in ``names``) pairs, in any order."""
        # Nearly in order as a rule, so that sorting costs little; np.unique makes a hash table: twenty times slower.
        pairs = np.sort(rows * max(1, len(names)) + items, kind="stable")
        pairs = pairs[np.diff(pairs, prepend=-1) != 0]
        rows, items = np.divmod(pairs, max(1, len(names)))
        words = np.zeros((size, max(1, -(-len(names) // WORD))), dtype=np.uint64)
        bits = np.uint64(1) << (items % WORD).astype(np.uint64)
        for word in range(words.shape[1]):
            inside = items // WORD == word
            at = np.flatnonzero(np.diff(rows[inside], prepend=-1))
            if len(at):
                words[rows[inside][at], word] = np.bitwise_or.reduceat(bits[inside], at)
        return cls(names, words, rows, items)

    @cached_property
    def starts(self) -> Ints:
        """Where the pairs of each row begin, and behind the last one where they end."""
        return np.searchsorted(self.rows, np.arange(len(self.words) + 1)).astype(np.int64)

    def of_rows(self, rows: Ints) -> tuple[Ints, Ints | slice]:
        """Return the pairs of ``rows``, which rise: for each its row's position in ``rows``, and its own position."""
        if len(rows) and rows[-1] - rows[0] + 1 == len(rows):
            span = slice(int(self.starts[rows[0]]), int(self.starts[rows[-1] + 1]))
            return self.rows[span] - rows[0], span
        first = self.starts[rows]
        return ranges(first, self.starts[rows + 1] - first)

    def counts_of(self, rows: Ints) -> Ints:
        """Return, for each code, how many of ``rows``, which rise, have it."""
        return np.bincount(self.items[self.of_rows(rows)[1]], minlength=len(self.names)).astype(np.int64)

    def pattern(self, wanted: Iterable[str]) -> NDArray[np.uint64]:
        """Return the words whose bits are the wanted codes; codes that no row has are ignored."""
        index = {code: position for position, code in enumerate(self.names)}
        words = np.zeros(self.words.shape[1], dtype=np.uint64)
        for position in (index[code] for code in wanted if code in index):
            words[position // WORD] |= np.uint64(1) << np.uint64(position % WORD)
        return words

    def any_of(self, wanted: Iterable[str], rows: Ints | None = None) -> Mask:
        """Return which rows (of ``rows``, where given) have at least one of the wanted codes."""
        words = self.words if rows is None else self.words[rows]
        found = np.zeros(len(words), dtype=np.bool_)
        for place, word in enumerate(self.pattern(wanted)):
            if word:
                found |= (words[:, place] & word) != 0
        return found

    def counts(self, mask: Mask) -> Ints:
        """Return, for each code, how many of the masked rows have it."""
        return self.counts_of(np.flatnonzero(mask))
