"""Floor 4: the one place that counts.  ``partial`` gives the figures of a selection, ``merge`` adds two of them up.

An activity in three provinces counts once in the country and once in each of the three.  Money by area is an
assumption and is therefore a range (sole to shared) or a method that is named; see ``shares``.
"""

from __future__ import annotations

import heapq
from functools import reduce
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from geo import dataset as columns
from geo.code_columns import Codes, Ints, Mask
from geo.dataset import SCOPES, Dataset, Places
from geo.figures import LOCATED, NAMED, NATIONWIDE, TOP, UNLOCATED, AreaFigures, Summary, by_size, distinct, merge
from geo.raster import ranges
from geo.shares import shares

PIECE = 2**15  # rows counted at a time
EXACT = 2**53  # whole numbers below it add up exactly as floats

__all__ = [
    "LOCATED",
    "NATIONWIDE",
    "TOP",
    "UNLOCATED",
    "AreaFigures",
    "Summary",
    "distinct",
    "empty",
    "merge",
    "partial",
    "shares",
]


def partial(
    dataset: Dataset,
    mask: Mask,
    *,
    view: str = "corrected",
    level: str = "adm1",
    basis: str = "",
    method: str = "equal",
) -> Summary:
    """Count the masked rows of a data set.

    ``basis`` limits money to one budget basis; "" adds all of them up, which the caller must say.
    ``method`` is ``equal`` or ``population`` (see ``shares``).
    """
    if dataset.elsewhere is not None:
        return cast(Summary, dataset.elsewhere.partial(mask, view, level, basis, method))
    chosen = np.flatnonzero(mask)
    share = shares(dataset, view, level, method)
    # In pieces, so that a million rows need no more memory than a few thousand.
    pieces = (chosen[start : start + PIECE] for start in range(0, max(1, len(chosen)), PIECE))
    return reduce(merge, (_piece(dataset, rows, view, level, basis, share) for rows in pieces))


def _piece(dataset: Dataset, rows: Ints, view: str, level: str, basis: str, share: Ints) -> Summary:
    """Count the rows, which stand in rising order."""
    places = dataset.places(view)
    column = places.codes(level)
    paid = dataset.cents[rows] >= 0
    if basis:
        paid &= dataset.basis.any_of([basis], rows)
    cents = np.where(paid, dataset.cents[rows], 0)
    own, pairs = column.of_rows(rows)
    area = _area_figures(dataset, rows, cents, paid, own, column, pairs, share, _alone(places, level, rows))
    money, scope = _add(places.scope[rows], cents, len(SCOPES)), places.scope[rows]
    by_scope = _table(scope, dataset.goals, rows, len(SCOPES))
    first = dataset.first_year[rows]
    return Summary(
        scopes=np.bincount(scope, minlength=len(SCOPES)).astype(np.int64),
        cents=money,
        cents_outside=int(money[LOCATED]) - int(area.share.sum()),
        placed=int((column.starts[rows + 1] > column.starts[rows]).sum()),
        area=area,
        goals=by_scope.sum(axis=0),
        goals_by_scope=by_scope,
        agencies=dataset.agencies.counts_of(rows),
        donors=dataset.donors.counts_of(rows),
        statuses=dataset.status.counts_of(rows),
        years=_years(first[first > 0].astype(int), dataset.last_year[rows[first > 0]].astype(int)),
        undated=int((first == 0).sum()),
        names={name: getattr(dataset, own).names for name, own in NAMED.items()},
        largest=_largest(dataset, rows[paid]),
    )


def _alone(places: Places, level: str, rows: Ints) -> Mask:
    """Tell which rows have one area only; a province without a known district counts beside other districts."""
    if level == "adm2":
        return np.asarray(places.named[rows] == 1)
    return np.asarray(places.adm1.starts[rows + 1] - places.adm1.starts[rows] == 1)


def _area_figures(
    dataset: Dataset,
    rows: Ints,
    cents: Ints,
    paid: Mask,
    own: Ints,
    column: Codes,
    pairs: Ints | slice,
    share: Ints,
    alone: Mask,
) -> AreaFigures:
    """Count by area; ``own`` are the positions in ``rows`` of the column's ``pairs``."""
    items, size = column.items[pairs], len(column.names)
    people = dataset.people[rows][own]
    alone, with_budget, stated = alone[own], paid[own], people >= 0
    return AreaFigures(
        pcodes=column.names,
        activities=np.bincount(items, minlength=size).astype(np.int64),
        agencies=_united(dataset.agencies.words[rows], own, items, size),
        goals=_table(items, dataset.goals, rows[own], size),
        people=_add(items[stated], people[stated], size),
        people_stated=np.bincount(items[stated], minlength=size).astype(np.int64),
        low=_add(items[alone], cents[own][alone], size),
        high=_add(items, cents[own], size),
        share=_add(items[with_budget], share[pairs][with_budget], size),
        budgets=np.bincount(items[with_budget], minlength=size).astype(np.int64),
    )


def _add(items: NDArray[Any], values: Ints, size: int) -> Ints:
    """Add whole numbers, none below zero, up by item, exactly."""
    if len(values) * int(values.max(initial=0)) < EXACT:
        return np.bincount(items, values, minlength=size).astype(np.int64)
    low = np.bincount(items, values & 0xFFFFFF, minlength=size).astype(np.int64)
    return low + (np.bincount(items, values >> 24, minlength=size).astype(np.int64) << 24)


def _united(words: NDArray[np.uint64], rows: Ints, items: Ints, size: int) -> NDArray[np.uint64]:
    """Return the union of the rows' bits by item, shape (size, words)."""
    out = np.zeros((size, words.shape[1]), dtype=np.uint64)
    order = np.argsort(items.astype(np.uint16 if size <= 2**16 else np.int64), kind="stable")
    starts = np.flatnonzero(np.diff(items[order], prepend=-1))
    if len(starts):
        out[items[order][starts]] = np.bitwise_or.reduceat(words[rows[order]], starts, axis=0)
    return out


def _table(items: NDArray[Any], codes: Codes, rows: Ints, size: int) -> Ints:
    """Count rows by item (one for each of ``rows``) and code, shape (size, codes)."""
    first, wide = codes.starts[rows], len(codes.names)
    at, pair = ranges(first, codes.starts[rows + 1] - first)
    found = np.bincount(items.astype(np.int64)[at] * wide + codes.items[pair], minlength=size * wide)
    return found.reshape(size, wide).astype(np.int64)


def _largest(dataset: Dataset, rows: Ints) -> tuple[tuple[int, str], ...]:
    if len(rows) > TOP:
        cents = dataset.cents[rows]
        rows = rows[cents >= np.partition(cents, len(rows) - TOP)[len(rows) - TOP]]
    found = ((int(dataset.cents[row]), dataset.activities[row].activity_id) for row in rows)
    return tuple(heapq.nsmallest(TOP, found, key=by_size))


def _years(first: Ints, last: Ints) -> dict[int, int]:
    """Return the activities active in each year, from the first to the last that any is active in."""
    if not len(first):
        return {}
    start, stop = int(first.min()), int(last.max())
    steps = np.bincount(first - start, minlength=stop - start + 2) - np.bincount(
        last - start + 1, minlength=stop - start + 2
    )
    return {start + offset: int(count) for offset, count in enumerate(np.cumsum(steps)[:-1])}


def empty(level: str = "adm1") -> Summary:
    """Return the figures of no activity: what every summary of the level can be merged with and stays as it is."""
    nothing = columns.build((), digest="")
    return partial(nothing, np.zeros(0, dtype=bool), level=level)
