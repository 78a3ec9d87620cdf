"""Floor 3.5: what each area gets of an activity's budget, to the cent, for all activities at once.

Money by area is an assumption: a source gives one amount for all areas of an activity, and a method splits it.
"""

from __future__ import annotations

import numpy as np

from geo import gazetteer
from geo.code_columns import Codes, Ints
from geo.dataset import Dataset
from geo.money import split_cents

SAFE = 2**62  # products at or above it are left to Python's whole numbers


def shares(dataset: Dataset, view: str, level: str, method: str) -> Ints:
    """Return the cents that each (row, area) pair of the level gets of its activity's budget.

    ``equal`` splits a budget equally over the provinces of the activity, ``population`` by their census population;
    within a province it is split equally over the districts that are named.  The part of a province whose
    district is not known belongs to no pair of level 2.  Parts add up to the budget to the cent.
    """
    store: dict[tuple[str, str, str], Ints] = dataset.__dict__.setdefault("_shares", {})
    key = (view, level, method)
    if key not in store:
        places = dataset.places(view)
        provinces = _over_provinces(places.adm1, np.maximum(dataset.cents, 0), method)
        store[key] = provinces if level == "adm1" else _over_districts(places.adm1, provinces, places.adm2)
    return store[key]


def _over_provinces(column: Codes, cents: Ints, method: str) -> Ints:
    """Split the cents of each row over its areas; the parts that are a cent larger are those of the largest rest."""
    weights = np.ones(len(column.names), dtype=np.int64)
    if method == "population":
        weights = np.array([gazetteer.population(code) for code in column.names], dtype=np.int64)
    rows, weight = column.rows, weights[column.items]
    whole = np.bincount(rows, weight, minlength=len(cents)).astype(np.int64)
    weight = np.where(whole[rows] == 0, 1, weight)  # no weight above zero: equal parts
    whole = np.where(whole == 0, np.diff(column.starts), whole)
    if len(weight) and int(cents.max(initial=0)) * int(weight.max()) >= SAFE:
        return _one_by_one(column, cents, weight)
    parts, rest = np.divmod(cents[rows] * weight, whole[rows])
    left = cents - np.bincount(rows, parts & 0xFFFFFFFF, minlength=len(cents)).astype(np.int64)
    left -= np.bincount(rows, parts >> 32, minlength=len(cents)).astype(np.int64) << 32
    order = np.lexsort((column.items, -rest, rows))
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return np.asarray(parts + (rank - column.starts[rows] < left[rows]), dtype=np.int64)


def _one_by_one(column: Codes, cents: Ints, weight: Ints) -> Ints:
    """Split without any bound on the amounts."""
    out = np.zeros(len(column.rows), dtype=np.int64)
    for row in np.flatnonzero((cents > 0) & (np.diff(column.starts) > 0)):
        span = slice(column.starts[row], column.starts[row + 1])
        out[span] = split_cents(int(cents[row]), weight[span].tolist())
    return out


def _over_districts(provinces: Codes, share: Ints, districts: Codes) -> Ints:
    """Split each province's share of a row equally over the districts of it that the row names."""
    index = {code: position for position, code in enumerate(provinces.names)}
    above = np.array([index[gazetteer.province(code)] for code in districts.names], dtype=np.int64)
    size = len(provinces.names)
    pair = districts.rows * size + above[districts.items]
    at = np.searchsorted(provinces.rows * size + provinces.items, pair)
    _, group, count = np.unique(pair, return_inverse=True, return_counts=True)
    order = np.argsort(group, kind="stable")
    first = np.cumsum(count) - count
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order)) - first[group[order]]
    parts, rest = np.divmod(share[at], count[group])
    return np.asarray(parts + (rank < rest), dtype=np.int64)
