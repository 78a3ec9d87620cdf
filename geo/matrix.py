"""Floor 5: goals by provinces as one value whose margins are counted, not summed, and its gaps in words.

An activity with three goals in two provinces is in six cells; in the row of all goals, in the column of its scope and
in the total it counts once.  Each row adds up: total = in provinces + nationwide + unlocated.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from geo import classes, codes, filters, gazetteer, i18n, summary, words
from geo.classes import Break
from geo.code_columns import Ints, Mask
from geo.dataset import SCOPES, Dataset
from geo.filters import Filters
from geo.summary import LOCATED, NATIONWIDE, UNLOCATED

NO_GOAL, ALL = "none", "all"
MARGINS = ("total", "located", "nationwide", "unlocated")
FIGURES = ("activities", "agencies", "budget")
_SCOPE_COLUMNS = (LOCATED, NATIONWIDE, UNLOCATED)
Words = NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Matrix:
    """Figures of shape (rows, columns): ``ALL``, the goals' numbers, ``NO_GOAL`` by ``MARGINS`` and P-codes.

    ``agencies`` has bits in a third dimension.  Money is in hundredths of the currency and of one basis: ``low`` adds
    budgets of activities with this goal alone in this province alone, ``high`` those of all that touch both;
    ``share`` splits a budget equally over its goals and, over its provinces, by the method asked for, and so its
    cells, unlike counts, add up to the total to the cent.  ``budgets`` counts the activities behind ``high``.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    activities: Ints
    agencies: Words
    low: Ints
    high: Ints
    share: Ints
    budgets: Ints

    @property
    def agency_counts(self) -> Ints:
        """Distinct agencies, shape (rows, columns)."""
        return summary.distinct(self.agencies)

    def at(self, row: str, column: str) -> tuple[int, int]:
        """Return the position of a cell.

        Raises:
            ValueError: when the matrix has no such row or column.
        """
        return self.rows.index(row), self.columns.index(column)

    def cells(self) -> tuple[slice, slice]:
        """Return the part of the arrays that is goals by provinces, without any margin."""
        return slice(1, len(self.rows) - 1), slice(len(MARGINS), None)


def build(dataset: Dataset, mask: Mask, *, view: str = "corrected", basis: str = "", method: str = "equal") -> Matrix:
    """Count the masked rows of a data set by goal and province; arguments as of ``summary.partial``."""
    bits = _bits(dataset)
    rows = (ALL, *dataset.goals.names, NO_GOAL)
    several = bits.sum(axis=1)
    parts = [_row(dataset, mask, mask, None, view, basis, method)]
    for at in range(bits.shape[1]):
        chosen = mask & bits[:, at]
        split = (several, bits[:, :at].sum(axis=1))
        parts.append(_row(dataset, chosen, chosen & (several == 1), split, view, basis, method))
    without = mask & (several == 0)
    parts.append(_row(dataset, without, without, None, view, basis, method))
    stacked = {name: np.stack([part[name] for part in parts]) for name in parts[0]}
    return Matrix(rows, (*MARGINS, *dataset.places(view).adm1.names), **stacked)  # type: ignore[arg-type]


def of(dataset: Dataset, found: Filters) -> Matrix:
    """Return the matrix of a view."""
    view = "registered" if found.view == "registered" else "corrected"
    method = "population" if found.method == "population" else "equal"
    return build(dataset, filters.apply(dataset, found), view=view, basis=found.basis, method=method)


def merge(a: Matrix, b: Matrix) -> Matrix:
    """Add two matrices of disjoint selections up.

    Raises:
        ValueError: when the two were counted over different goals or areas.
    """
    if (a.rows, a.columns) != (b.rows, b.columns):
        raise ValueError("Two matrices of different goals or areas cannot be merged; count both over the same codes.")
    added = {
        item.name: getattr(a, item.name) + getattr(b, item.name)
        for item in fields(Matrix)
        if item.name not in ("rows", "columns", "agencies")
    }
    return replace(a, agencies=a.agencies | b.agencies, **added)


def _bits(dataset: Dataset) -> Mask:
    """Return whether an activity has a goal, shape (activities, goals)."""
    found = np.zeros((len(dataset), len(dataset.goals.names)), dtype=bool)
    found[dataset.goals.rows, dataset.goals.items] = True
    return found


def _row(
    dataset: Dataset,
    mask: Mask,
    alone: Mask,
    split: tuple[Ints, Ints] | None,
    view: str,
    basis: str,
    method: str,
) -> dict[str, NDArray[np.int64] | Words]:
    """Return one row's arrays; ``split`` gives each activity's number of goals and how many stand before this one."""
    figures = summary.partial(dataset, mask, view=view, basis=basis, method=method)
    single = summary.partial(dataset, alone, view=view, basis=basis, method=method)
    scope = dataset.places(view).scope
    by_scope = [mask & (scope == at) for at in _SCOPE_COLUMNS]
    paid = dataset.cents >= 0
    if basis:
        paid = paid & dataset.basis.any_of([basis])
    bits = dataset.agencies.words
    margins = np.stack([np.bitwise_or.reduce(bits[part], axis=0) for part in (mask, *by_scope)])
    counted = [int((part & paid).sum()) for part in (mask, *by_scope)]
    return {
        "activities": _with_margins(figures.scopes, figures.area.activities),
        "agencies": np.concatenate([margins, figures.area.agencies]),
        "low": _with_margins(single.cents, single.area.low),
        "high": _with_margins(figures.cents, figures.area.high),
        "share": _shares(dataset, mask & paid, split, view, method),
        "budgets": np.array([*counted, *figures.area.budgets], dtype=np.int64),
    }


def _with_margins(scopes: Ints, areas: Ints) -> Ints:
    return np.array([scopes.sum(), *(scopes[at] for at in _SCOPE_COLUMNS), *areas], dtype=np.int64)


def _shares(dataset: Dataset, paid: Mask, split: tuple[Ints, Ints] | None, view: str, method: str) -> Ints:
    places = dataset.places(view)
    column = places.adm1
    on = paid[column.rows]
    rows = column.rows[on]
    areas = np.zeros(len(column.names), dtype=np.int64)
    np.add.at(areas, column.items[on], _part(summary.shares(dataset, view, "adm1", method)[on], rows, split))
    scopes = np.zeros(len(SCOPES), dtype=np.int64)
    scopes[LOCATED] = areas.sum()
    for at in (NATIONWIDE, UNLOCATED):
        found = np.flatnonzero(paid & (places.scope == at))
        scopes[at] = _part(dataset.cents[found], found, split).sum()
    return _with_margins(scopes, areas)


def _part(cents: Ints, rows: Ints, split: tuple[Ints, Ints] | None) -> Ints:
    """Return the part of one goal in amounts of the given rows: equal, the earlier goals taking what is left over."""
    if split is None:
        return cents
    several, before = split[0][rows], split[1][rows]
    parts: Ints = cents // several + (before < cents % several)
    return parts


def figure(found: Filters) -> str:
    """Return the figure of a view that a matrix can show: people reached are stated for whole activities alone."""
    return found.metric if found.metric in FIGURES else FIGURES[0]


def values(matrix: Matrix, found: Filters) -> Ints:
    """Return what is shaded, shape (rows, columns): counts, or hundredths (the high end of a range)."""
    if figure(found) == "activities":
        return matrix.activities
    if figure(found) == "agencies":
        return matrix.agency_counts
    return matrix.high if found.method == "range" else matrix.share


def breaks(matrix: Matrix, found: Filters) -> tuple[Break, ...]:
    """Return the one set of classes of all cells, and so of all goals' maps."""
    return classes.breaks(int(value) for value in values(matrix, found)[matrix.cells()].ravel())


def text(matrix: Matrix, row: int, column: int, found: Filters) -> str:
    """Return a cell in words: "0" for none recorded, "–" where no budget is stated, money with its currency."""
    low, high = _amounts(matrix, row, column, found)
    if figure(found) != "budget":
        return i18n.number(high, found.lang)
    return words.money_range(low, high, found.lang) if matrix.budgets[row, column] else "–"


def lines(matrix: Matrix, row: int, column: int, found: Filters) -> tuple[str, ...]:
    """Return a cell as it is printed in a narrow column: money without its currency, a range on two lines."""
    low, high = _amounts(matrix, row, column, found)
    if figure(found) != "budget" or not matrix.budgets[row, column]:
        return (text(matrix, row, column, found),)
    ends = [i18n.compact(cents / 100, found.lang) for cents in (low, high)]
    return (ends[0],) if low == high else (f"{ends[0]} –", ends[1])


def _amounts(matrix: Matrix, row: int, column: int, found: Filters) -> tuple[int, int]:
    value = int(values(matrix, found)[row, column])
    ranged = figure(found) == "budget" and found.method == "range"
    return (int(matrix.low[row, column]) if ranged else value), value


@dataclass(frozen=True, slots=True)
class Gap:
    """A goal without recorded activity in some of the provinces asked about; ``asked`` is how many those are."""

    goal: int
    provinces: tuple[str, ...]
    asked: int
    nationwide: int
    unlocated: int


def without_places(found: Filters) -> Filters:
    """Return the view whose gaps are told: goals and areas say what is asked about, not what is counted."""
    return replace(found, sdg=(), target=(), area=(), scope=())


def gaps(matrix: Matrix, found: Filters) -> tuple[Gap, ...]:
    """Return the goals with gaps, the most severe first; ``matrix`` is that of ``without_places(found)``."""
    asked = sorted({gazetteer.province(code) for code in found.area}) or list(matrix.columns[len(MARGINS) :])
    goals = found.sdg or matrix.rows[1:-1]
    told = []
    for goal in goals:
        counts = matrix.activities[matrix.rows.index(goal)]
        empty = tuple(code for code in asked if not counts[matrix.columns.index(code)])
        if empty:
            nationwide, unlocated = (int(counts[MARGINS.index(name)]) for name in ("nationwide", "unlocated"))
            told.append(Gap(int(goal), empty, len(asked), nationwide, unlocated))
    return tuple(sorted(told, key=lambda gap: (-len(gap.provinces), gap.nationwide, gap.goal)))


def gap_words(gap: Gap, language: str) -> str:
    """Return a gap in words: recorded, which is not to say happening."""
    _, plural = i18n.translator(language), i18n.plural(language)
    count = len(gap.provinces)
    if count == gap.asked and gap.asked > 1:
        where = _("No recorded activity for goal {goal} in any of {count} provinces")
    else:
        where = plural(
            "No recorded activity for goal {goal} in {count} province",
            "No recorded activity for goal {goal} in {count} provinces",
            count,
        )
    return where.format(goal=gap.goal, count=i18n.number(count, language))


def beside_words(gap: Gap, language: str) -> str:
    """Return what else is recorded for the goal, beside the provinces; "" for nothing."""
    plural = i18n.plural(language)
    nationwide = plural(
        "{count} nationwide activity serves it", "{count} nationwide activities serve it", gap.nationwide
    )
    unlocated = plural("{count} activity has no known place", "{count} activities have no known place", gap.unlocated)
    pairs = ((nationwide, gap.nationwide), (unlocated, gap.unlocated))
    return "; ".join(text.format(count=i18n.number(count, language)) for text, count in pairs if count)


def as_csv(matrix: Matrix, found: Filters) -> str:
    """Return the matrix as CSV: one line for each cell that is not zero, margins among them."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ("sdg", "goal", "column", "name", "activities", "agencies", "budget_low", "budget_high", "budget_share")
    )
    writer.writerows(_lines(matrix, found))
    return out.getvalue()


def _lines(matrix: Matrix, found: Filters) -> Iterator[tuple[str | int | float, ...]]:
    agencies = matrix.agency_counts
    for at, row in enumerate(matrix.rows):
        for to, column in enumerate(matrix.columns):
            if not matrix.activities[at, to]:
                continue
            money = (int(part[at, to]) / 100 for part in (matrix.low, matrix.high, matrix.share))
            name = column if column in MARGINS else words.area_name(column, found.lang)
            goal = codes.goal(int(row)).name(found.lang) if row not in (ALL, NO_GOAL) else row
            yield (row, goal, column, name, int(matrix.activities[at, to]), int(agencies[at, to]), *money)
