"""Floor 3.6: the figures of a selection as a value, and how the figures of two selections add up."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from geo.code_columns import WORD, Ints
from geo.dataset import SCOPES

UNLOCATED, NATIONWIDE, LOCATED = range(len(SCOPES))
TOP = 20  # largest budgets that a summary names
NAMED = {"goals": "goals", "agencies": "agencies", "donors": "donors", "statuses": "status"}  # columns of the data set


@dataclass(frozen=True, eq=False)
class AreaFigures:
    """Figures by area, arrays of shape (areas,) in the order of ``pcodes``; money in hundredths of the currency.

    ``low`` adds the budgets of activities that are in this area alone, ``high`` those of all that touch it,
    ``share`` is by the method asked for.  ``goals`` has shape (areas, goals); ``agencies`` holds bits.
    ``people`` adds what activities state for all their areas together.
    """

    pcodes: tuple[str, ...]
    activities: Ints
    agencies: NDArray[np.uint64]
    goals: Ints
    people: Ints
    people_stated: Ints
    low: Ints
    high: Ints
    share: Ints
    budgets: Ints  # activities with a budget of the basis


@dataclass(frozen=True, eq=False)
class Summary:
    """Figures of a selection.  ``scopes``, ``cents`` and ``goals_by_scope`` follow the order of ``dataset.SCOPES``.

    ``cents`` is the money of the basis by scope, so that it adds up to the selection's total to the cent;
    ``cents_outside`` is located money that belongs to no area of this level (a district that is not known).
    ``names`` are the codes that ``goals``, ``agencies``, ``donors`` and ``statuses`` count, in their order;
    ``largest`` are the ``TOP`` largest budgets of the basis as (cents, activity id), the largest first.
    """

    scopes: Ints
    cents: Ints
    cents_outside: int
    placed: int  # located activities that have an area of this level
    area: AreaFigures
    goals: Ints
    goals_by_scope: Ints
    agencies: Ints
    donors: Ints
    statuses: Ints
    years: Mapping[int, int]
    undated: int
    names: Mapping[str, tuple[str, ...]]
    largest: tuple[tuple[int, str], ...]

    @property
    def total(self) -> int:
        """Activities of the selection, each counted once."""
        return int(self.scopes.sum())

    @property
    def located(self) -> int:
        """Activities with at least one area."""
        return int(self.scopes[LOCATED])

    @property
    def nationwide(self) -> int:
        """Activities for the whole country."""
        return int(self.scopes[NATIONWIDE])

    @property
    def unlocated(self) -> int:
        """Activities whose area is not known."""
        return int(self.scopes[UNLOCATED])


def distinct(words: NDArray[np.uint64]) -> Ints:
    """Return how many bits each row of ``words`` has: its distinct agencies."""
    return np.asarray(np.bitwise_count(words).sum(axis=-1), dtype=np.int64)


def merge(a: Summary, b: Summary) -> Summary:
    """Add two summaries of disjoint selections up; codes that only one of them knows are kept.

    It is associative, and ``empty`` is its identity, so that parts may be counted anywhere and added up in any order.

    Raises:
        ValueError: when the two were counted over different areas.
    """
    if a.area.pcodes != b.area.pcodes:
        raise ValueError("Two summaries of different areas cannot be merged; count both over the same level.")
    names = {name: _all(a.names[name], b.names[name]) for name in NAMED}
    by_scope = [_spread(one.goals_by_scope, one.names["goals"], names["goals"]) for one in (a, b)]
    counted = {
        name: _spread(getattr(a, name), a.names[name], names[name])
        + _spread(getattr(b, name), b.names[name], names[name])
        for name in NAMED
    }
    return Summary(
        scopes=a.scopes + b.scopes,
        cents=a.cents + b.cents,
        cents_outside=a.cents_outside + b.cents_outside,
        placed=a.placed + b.placed,
        undated=a.undated + b.undated,
        area=_merge_areas(a, b, names),
        goals_by_scope=by_scope[0] + by_scope[1],
        years=_both_years(a.years, b.years),
        names=names,
        largest=tuple(islice(heapq.merge(a.largest, b.largest, key=by_size), TOP)),
        **counted,
    )


def _all(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...]:
    """Return the codes of both: in the order that they share, else sorted."""
    return a if a == b else tuple(sorted({*a, *b}))


def _spread(values: Ints, names: tuple[str, ...], wanted: tuple[str, ...]) -> Ints:
    """Return counts by ``names`` (the last axis) as counts by ``wanted``, which holds them all."""
    if names == wanted:
        return values
    out = np.zeros((*values.shape[:-1], len(wanted)), dtype=values.dtype)
    out[..., _places_of(names, wanted)] = values
    return out


def _spread_bits(words: NDArray[np.uint64], names: tuple[str, ...], wanted: tuple[str, ...]) -> NDArray[np.uint64]:
    """Return bits by ``names`` as bits by ``wanted``."""
    if names == wanted:
        return words
    plain = np.unpackbits(words.astype("<u8").view(np.uint8), axis=1, bitorder="little")[:, : len(names)]
    out = np.zeros((len(words), max(1, -(-len(wanted) // WORD)) * WORD), dtype=np.uint8)
    out[:, _places_of(names, wanted)] = plain
    return np.packbits(out, axis=1, bitorder="little").view("<u8").astype(np.uint64)


def _places_of(names: Sequence[str], wanted: Sequence[str]) -> Ints:
    index = {name: position for position, name in enumerate(wanted)}
    return np.array([index[name] for name in names], dtype=np.int64)


def _merge_areas(a: Summary, b: Summary, names: Mapping[str, tuple[str, ...]]) -> AreaFigures:
    plain = {
        item.name: getattr(a.area, item.name) + getattr(b.area, item.name)
        for item in fields(AreaFigures)
        if item.name not in ("pcodes", "agencies", "goals")
    }
    goals = [_spread(one.area.goals, one.names["goals"], names["goals"]) for one in (a, b)]
    bits = [_spread_bits(one.area.agencies, one.names["agencies"], names["agencies"]) for one in (a, b)]
    return AreaFigures(pcodes=a.area.pcodes, agencies=bits[0] | bits[1], goals=goals[0] + goals[1], **plain)


def by_size(one: tuple[int, str]) -> tuple[int, str]:
    """Sort the largest first, the same amounts by their ids."""
    return -one[0], one[1]


def _both_years(a: Mapping[int, int], b: Mapping[int, int]) -> dict[int, int]:
    known = {*a, *b}
    every = range(min(known), max(known) + 1) if known else ()
    return {year: a.get(year, 0) + b.get(year, 0) for year in every}
