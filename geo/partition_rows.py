"""Floor 3.7: the table of a partition -> activities and decisions.

A million rows have few agencies, places, dates and reasons that differ: each value is made once and shared, which
takes a third of the time and of the memory that a value for each row would.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import fields
from decimal import Decimal
from itertools import pairwise, starmap
from typing import Any

import pyarrow as pa

from geo.fields import Activity, PartialDate
from geo.money import Money
from geo.scope import Finding, ScopeDecision

EXACT, ROW, DROPPED, REASON, EVIDENCE, BEFORE = (
    "budget_exact",
    "source_row",
    "areas_dropped",
    "scope_reason",
    "scope_evidence",
    "registered_reason",
)
Decisions = tuple[list[ScopeDecision], list[ScopeDecision]]


class Pool:
    """Values by column and by what they are made from; kept while a folder is opened."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[Any, Any]] = {}

    def made(self, name: str, cells: Iterable[Any], make: Callable[[Any], Any]) -> list[Any]:
        """Return a value for each cell; equal cells have the same."""
        kept = self._kept.setdefault(name, {})
        found = []
        for cell in cells:
            value = kept.get(cell)
            if value is None:
                value = kept[cell] = make(cell)
            found.append(value)
        return found


def read(table: pa.Table, pool: Pool) -> tuple[list[Activity], Decisions]:
    """Return the activities of a partition and their decisions, as registered and as corrected.

    Raises:
        KeyError: when a column is missing.
        ValueError: when a cell is none that a partition holds.
    """
    columns = _activity_columns(table, pool)
    activities = list(starmap(Activity, zip(*(columns[field.name] for field in fields(Activity)), strict=True)))
    return activities, (_registered(table, pool), _corrected(table, pool))


def _activity_columns(table: pa.Table, pool: Pool) -> dict[str, list[Any]]:
    def plain(name: str) -> list[Any]:
        found: list[Any] = table.column(name).to_pylist()
        return found

    def text(name: str) -> list[str]:
        return [cell or "" for cell in _encoded(table, name, pool)]

    def dates(name: str) -> list[PartialDate | None]:
        return [cell or None for cell in pool.made(name, _encoded(table, name, pool), _date)]

    budgets = zip(plain(EXACT), text("currency"), strict=True)
    return {
        "activity_id": plain("activity_id"),
        "title": plain("title"),
        "summary": [cell or "" for cell in plain("summary")],
        "goals": _lists(table, "sdgs", pool),
        "goal_basis": text("sdg_basis"),
        "targets": _lists(table, "sdg_targets", pool),
        "agencies": _lists(table, "agencies", pool),
        "implementers": _lists(table, "implementing_partners", pool),
        "donors": _lists(table, "donors", pool),
        "places": _lists(table, "locations_as_published", pool),
        "scope_as_published": text("scope_as_published"),
        "status": text("status"),
        "start": dates("start_date"),
        "end": dates("end_date"),
        "budget": [None if exact is None else Money(Decimal(exact), currency) for exact, currency in budgets],
        "budget_basis": text("budget_basis"),
        "people_reached": plain("people_reached"),
        "source_title": text("source_title"),
        "source_url": text("source_url"),
        "source_date": text("source_date"),
        "row": plain(ROW),
        "iati": pool.made("iati pairs", _lists(table, "iati_geography", pool), _pairs),
        "points": pool.made("positions", _lists(table, "points", pool), _points),
    }


def _encoded(table: pa.Table, name: str, pool: Pool) -> list[Any]:
    """Return the texts of a column, None where there is none, each different one once."""
    found = table.column(name).combine_chunks().dictionary_encode()
    texts = pool.made(f"text {name}", found.dictionary.to_pylist(), lambda cell: cell)
    return [None if at is None else texts[at] for at in found.indices.to_pylist()]


def _lists(table: pa.Table, name: str, pool: Pool) -> list[tuple[Any, ...]]:
    """Return the lists of a column, () where there is none, each different one once."""
    column = table.column(name).combine_chunks()
    items = column.values.dictionary_encode()
    known = pool.made(f"item {name}", items.dictionary.to_pylist(), lambda cell: cell)
    cells = [known[at] for at in items.indices.to_pylist()]
    ends = pairwise(column.offsets.to_pylist())
    return pool.made(name, (tuple(cells[start:end]) for start, end in ends), lambda cell: cell)


def _date(text: str | None) -> PartialDate | tuple[()]:
    return PartialDate.parse(text) if text else ()


def _pairs(cells: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    found = (text.partition("=") for text in cells)
    return tuple((element, code) for element, _, code in found)


def _points(cells: tuple[str, ...]) -> tuple[tuple[float, float], ...]:
    found = (text.split() for text in cells)
    return tuple((float(latitude), float(longitude)) for latitude, longitude in found)


def _corrected(table: pa.Table, pool: Pool) -> list[ScopeDecision]:
    def make(cell: tuple[Any, ...]) -> ScopeDecision:
        scope, areas, dropped, told, confidence, reason = cell
        found = pool.made("finding", map(tuple, json.loads(told)), lambda one: Finding(*one))
        return ScopeDecision(scope, areas, dropped, tuple(found), confidence, reason)

    columns = (
        _encoded(table, "scope", pool),
        _lists(table, "areas", pool),
        _lists(table, DROPPED, pool),
        _encoded(table, EVIDENCE, pool),
        _encoded(table, "scope_confidence", pool),
        _encoded(table, REASON, pool),
    )
    return pool.made("corrected", zip(*columns, strict=True), make)


def _registered(table: pa.Table, pool: Pool) -> list[ScopeDecision]:
    columns = (
        _encoded(table, "registered_scope", pool),
        _lists(table, "registered_areas", pool),
        _encoded(table, BEFORE, pool),
    )
    return pool.made(
        "registered", zip(*columns, strict=True), lambda cell: ScopeDecision(cell[0], cell[1], (), (), "high", cell[2])
    )
