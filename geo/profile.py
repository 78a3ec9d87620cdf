"""Floor 5: an area's profile as a value: figures, rank, goals, who, years, neighbours, districts and history.

The area takes the place of the area filter: a profile's figures are those of the same view with ``--area`` set to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from geo import boundaries, gazetteer, pack, summary, tables
from geo.code_columns import Mask
from geo.dataset import Dataset
from geo.errors import PackError
from geo.fields import Activity, PartialDate
from geo.filters import Filters
from geo.summary import NATIONWIDE, Summary

Row = dict[str, Any]
HISTORY = "codes/area_history.csv"
PER = 100_000  # people
FIGURES = ("activities", "agencies", "people_reached", "budget_high", "per_100k")


@dataclass(frozen=True, slots=True)
class Rank:
    """A place among areas, the greatest first: ``place`` 1 to ``of``; ``ties`` other areas share it."""

    place: int
    of: int
    ties: int


@dataclass(frozen=True, slots=True)
class Change:
    """A change of an area's borders: the day (as precise as known), what happened, and who says so."""

    pcode: str
    since: PartialDate
    what_en: str
    what_lo: str
    source: str

    def what(self, language: str) -> str:
        """Return what happened in ``language``, in English where there is no text in it."""
        return self.what_lo if pack.is_local(language) and self.what_lo else self.what_en


@dataclass(frozen=True, slots=True)
class Money:
    """The budgets of one basis in an area, in hundredths: alone there, all that touch it, and how many."""

    basis: str
    low: int
    high: int
    budgets: int


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """An area under a view.  Rows are those of ``tables.area_rows`` with ``per_100k`` (None for districts).

    ``here`` are the activities in the area, ``nationwide`` those for the whole country under the same filters (never
    counted here); ``ranks`` are among ``among``: all provinces (the country's code) or a province's districts.
    ``older`` are those of ``here`` that began before the area's borders last changed.
    """

    pcode: str
    level: str
    row: Row
    ranks: Mapping[str, Rank]
    among: str
    here: Mask
    nationwide: Mask
    figures: Summary
    money: tuple[Money, ...]
    neighbours: tuple[Row, ...]
    inside: tuple[Row, ...]
    changes: tuple[Change, ...]
    older: Mask


def base(found: Filters) -> Filters:
    """Return the view without its area filter and what stands open, in one of the two views that count.

    The view of differences has no figures of its own here; the corrected ones stand for it.
    """
    view = "registered" if found.view == "registered" else "corrected"
    return replace(found, area=(), focus="", activity="", who="", view=view)


def rows(dataset: Dataset, found: Filters, level: str) -> list[Row]:
    """Return the figures of each area of a level without the area filter, with ``per_100k`` for provinces."""
    figures, _mask = tables.summarise(dataset, replace(base(found), level=level))
    return [
        {**row, "per_100k": per_100k(row["pcode"], row["activities"])} for row in tables.area_rows(dataset, figures)
    ]


def per_100k(pcode: str, count: int) -> float | None:
    """Return ``count`` per 100,000 people of the census; None for a district, whose people the table does not give."""
    return count * PER / gazetteer.population(pcode) if gazetteer.level(pcode) == "adm1" else None


def build(dataset: Dataset, found: Filters) -> Profile:
    """Return the profile of ``found.focus`` under the other filters of ``found``.

    Raises:
        UnknownCodeError: when ``focus`` is no province or district.
    """
    pcode, plain = found.focus, base(found)
    level = gazetteer.level(pcode)
    areas = {row["pcode"]: row for row in rows(dataset, found, level)}
    parent = gazetteer.parent(pcode)
    figures, here = tables.summarise(dataset, replace(plain, area=(pcode,)), level)
    _all, mask = tables.summarise(dataset, plain)
    inside = [row for row in rows(dataset, found, "adm2") if gazetteer.parent(row["pcode"]) == pcode]
    known = changes(pcode)
    return Profile(
        pcode=pcode,
        level=level,
        row=areas[pcode],
        ranks=ranks(areas[pcode], [areas[code] for code in gazetteer.children(parent)]),
        among=parent,
        here=here,
        nationwide=mask & (dataset.places(plain.view).scope == NATIONWIDE),
        figures=figures,
        money=_money(dataset, here, plain.view, level, pcode),
        neighbours=tuple(areas[code] for code in boundaries.neighbours(pcode)),
        inside=tuple(inside),
        changes=known,
        older=older(dataset, here, known),
    )


def ranks(row: Row, among: Sequence[Row]) -> dict[str, Rank]:
    """Return the rank of each figure of ``row`` that is stated and above zero, among the areas that state it."""
    found = {}
    for name in FIGURES:
        values = [other[name] for other in among if other[name] is not None]
        if row[name]:
            place = 1 + sum(value > row[name] for value in values)
            found[name] = Rank(place, len(values), sum(value == row[name] for value in values) - 1)
    return found


def _money(dataset: Dataset, here: Mask, view: str, level: str, pcode: str) -> tuple[Money, ...]:
    found = []
    for basis in dataset.basis.names:
        area = summary.partial(dataset, here, view=view, level=level, basis=basis).area
        at = area.pcodes.index(pcode)
        if area.budgets[at]:
            found.append(Money(basis, int(area.low[at]), int(area.high[at]), int(area.budgets[at])))
    return tuple(found)


@cache
def _changes() -> tuple[Change, ...]:
    if not (pack.folder() / HISTORY).exists():  # a country whose areas never changed has no such table
        return ()
    try:
        return tuple(
            Change(row["pcode"], PartialDate.parse(row["from_date"]), row["what_en"], row["what_lo"], row["source"])
            for row in pack.rows(HISTORY)
        )
    except (KeyError, ValueError) as error:
        raise PackError(f"{HISTORY} lacks or misspells {error}; expected pcode, from_date as YYYY-MM-DD.") from error


def changes(pcode: str) -> tuple[Change, ...]:
    """Return the known changes of an area's borders, the oldest first; a district's are those of its province.

    Raises:
        PackError: when the pack's table of changes cannot be read.
        UnknownCodeError: when the pack has no such P-code.
    """
    inside = gazetteer.province(pcode)
    return tuple(sorted((one for one in _changes() if one.pcode == inside), key=lambda one: one.since.first))


def peers(change: Change) -> tuple[str, ...]:
    """Return the other areas whose borders changed on the same day as ``change``."""
    return tuple(one.pcode for one in _changes() if one.since == change.since and one.pcode != change.pcode)


def older(dataset: Dataset, mask: Mask, known: Sequence[Change]) -> Mask:
    """Return the masked activities that are known to have begun before the last of the changes."""
    out = np.zeros(len(dataset), dtype=bool)
    if known:
        rows_ = np.flatnonzero(mask)
        out[rows_] = [bool(_before(dataset.activities[row], known)) for row in rows_]
    return out


def before(found: Activity, areas: Iterable[str]) -> tuple[Change, ...]:
    """Return, for an activity in ``areas``, the last change of each of their provinces that came after it began."""
    provinces = sorted({gazetteer.province(code) for code in areas})
    last = [known[-1:] for code in provinces if (known := _before(found, changes(code)))]
    return tuple(change for part in last for change in part)


def _before(found: Activity, known: Sequence[Change]) -> tuple[Change, ...]:
    if found.start is None:
        return ()
    return tuple(one for one in known if found.start.last < one.since.first)


def goals(found: Profile) -> list[tuple[int, int]]:
    """Return (goal, activities) of the area for the goals that it has, in their order."""
    counts = found.figures.goals
    return [(int(at) + 1, int(counts[at])) for at in np.flatnonzero(counts)]
