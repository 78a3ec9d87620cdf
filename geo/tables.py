"""Floor 5: figures and activities as rows that a page, a command and an export show alike."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from geo import codes, filters, gazetteer, summary
from geo.code_columns import Mask
from geo.dataset import SCOPES, Dataset
from geo.errors import UnknownCodeError, shorten
from geo.fields import Activity
from geo.filters import Filters
from geo.intake import Intake
from geo.money import CURRENCY
from geo.scope import ScopeDecision
from geo.summary import Summary

BREAKDOWNS = ("province", "district", "goal", "agency", "donor", "year")
AREA_LEVELS = {"province": "adm1", "district": "adm2"}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one breakdown with the totals that they belong to."""

    by: str
    head: dict[str, Any]
    rows: list[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """Return totals and rows; rows by area stand under ``areas``, others under the breakdown's name."""
        return {**self.head, ("areas" if self.by in AREA_LEVELS else f"by_{self.by}"): self.rows}

    def as_csv(self) -> str:
        """Return the rows as CSV text with a header."""
        out = io.StringIO()
        writer = csv.DictWriter(out, list(self.rows[0]) if self.rows else [], lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        return out.getvalue()

    def as_text(self) -> str:
        """Return the line that adds up and the rows in columns."""
        head = self.head
        line = (
            f"{head['total']} activities = {head['located']} in provinces + {head['nationwide']} nationwide"
            f" + {head['unlocated']} unlocated"
        )
        if not self.rows:
            return line
        cells = [list(self.rows[0]), *([_shown(value) for value in row.values()] for row in self.rows)]
        widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
        lines = (
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
        )
        return "\n".join([line, "", *lines])


def _shown(value: object) -> str:
    return f"{value:,.2f}" if isinstance(value, float) else "" if value is None else str(value)


def summarise(dataset: Dataset, found: Filters, level: str | None = None) -> tuple[Summary, Mask]:
    """Return the summary of a view and the rows behind it."""
    mask = filters.apply(dataset, found)
    view = "registered" if found.view == "registered" else "corrected"
    return _of(dataset, mask, found, view, level or found.level), mask


def registered(dataset: Dataset, found: Filters, mask: Mask) -> Summary:
    """Return the summary of a view's rows as they were registered, for the view of differences."""
    return _of(dataset, mask, found, "registered", found.level)


def _of(dataset: Dataset, mask: Mask, found: Filters, view: str, level: str) -> Summary:
    method = "population" if found.method == "population" else "equal"
    return summary.partial(dataset, mask, view=view, level=level, basis=found.basis, method=method)


def summary_head(figures: Summary, found: Filters) -> dict[str, Any]:
    """Return the totals of a selection; money is of one basis, which is named."""
    money = dict(zip(SCOPES, (int(cents) / 100 for cents in figures.cents), strict=True))
    return {
        "total": figures.total,
        "located": figures.located,
        "nationwide": figures.nationwide,
        "unlocated": figures.unlocated,
        "view": found.view,
        "currency": CURRENCY,
        "budget_basis": found.basis,
        "budget_total": int(figures.cents.sum()) / 100,
        "budget_by_scope": money,
    }


def area_rows(dataset: Dataset, figures: Summary) -> list[dict[str, Any]]:
    """Return a row for each area of the summary's level, in the order of P-codes."""
    area = figures.area
    agencies = summary.distinct(area.agencies)
    rows = []
    for position, pcode in enumerate(area.pcodes):
        names = gazetteer.names(pcode)
        stated = int(area.people_stated[position])
        rows.append(
            {
                "pcode": pcode,
                "name_en": names.name_en,
                "name_lo": names.name_lo,
                "activities": int(area.activities[position]),
                "agencies": int(agencies[position]),
                "people_reached": int(area.people[position]) if stated else None,
                "budget_low": int(area.low[position]) / 100,
                "budget_high": int(area.high[position]) / 100,
                "budget_share": int(area.share[position]) / 100,
                "budgets": int(area.budgets[position]),
            }
        )
    return rows


def summary_rows(dataset: Dataset, figures: Summary, by: str) -> list[dict[str, Any]]:
    """Return the rows of a breakdown other than by area."""
    if by == "goal":
        return [
            {"sdg": goal.number, "name_en": goal.name_en, "name_lo": goal.name_lo, "activities": int(count)}
            for goal, count in zip(codes.goals(), figures.goals, strict=True)
        ]
    if by == "year":
        return [{"year": year, "activities": count} for year, count in figures.years.items()]
    names, counts = {
        "agency": (dataset.agencies.names, figures.agencies),
        "donor": (dataset.donors.names, figures.donors),
    }[by]
    order = sorted(np.flatnonzero(counts), key=lambda item: (-counts[item], names[item]))
    return [{by: names[item], "activities": int(counts[item])} for item in order]


def table(dataset: Dataset, found: Filters, by: str) -> Table:
    """Return the figures of a view by one breakdown."""
    figures, _ = summarise(dataset, found, AREA_LEVELS.get(by))
    rows = area_rows(dataset, figures) if by in AREA_LEVELS else summary_rows(dataset, figures, by)
    return Table(by, summary_head(figures, found), rows)


def find(dataset: Dataset, activity_id: str) -> int:
    """Return the row of an activity.

    Raises:
        UnknownCodeError: with the nearest ids, when no activity has this one.
    """
    if activity_id in dataset.index:
        return dataset.index[activity_id]
    near = ", ".join(codes.nearest(activity_id, tuple(dataset.index)))
    step = f"Nearest: {near}." if near else "Look it up in the list of activities."
    raise UnknownCodeError(f"No activity has the id {shorten(activity_id)!r}. {step}")


def activity(dataset: Dataset, row: int) -> dict[str, Any]:
    """Return all that is known of one activity, with the rule's decision and its evidence, as plain values."""
    found = dataset.activities[row]
    return {
        **plain(found),
        "registered": decision(dataset.registered.decisions[row]),
        "corrected": decision(dataset.corrected.decisions[row]),
    }


def plain(found: Activity) -> dict[str, Any]:
    """Return an activity's fields as JSON values."""
    return {
        "activity_id": found.activity_id,
        "title": found.title,
        "summary": found.summary,
        "sdgs": list(found.goals),
        "sdg_basis": found.goal_basis,
        "sdg_targets": list(found.targets),
        "agencies": list(found.agencies),
        "implementing_partners": list(found.implementers),
        "donors": list(found.donors),
        "locations_as_published": list(found.places),
        "scope_as_published": found.scope_as_published,
        "status": found.status,
        "start_date": str(found.start or ""),
        "end_date": str(found.end or ""),
        "budget": str(found.budget.amount) if found.budget else None,
        "currency": found.budget.currency if found.budget else None,
        "budget_basis": found.budget_basis,
        "people_reached": found.people_reached,
        "source_title": found.source_title,
        "source_url": found.source_url,
        "source_date": found.source_date,
        "points": [f"{latitude} {longitude}" for latitude, longitude in found.points],
        "iati_geography": [f"{element}={code}" for element, code in found.iati],
    }


def decision(found: ScopeDecision) -> dict[str, Any]:
    """Return a decision with its evidence as JSON values."""
    return {
        "scope": found.scope,
        "areas": list(found.areas),
        "dropped": list(found.dropped),
        "confidence": found.confidence,
        "reason": found.reason,
        "evidence": [
            {
                "signal": finding.signal,
                "words": finding.words,
                "field": finding.field,
                "points_to": finding.points_to,
                "weight": finding.weight,
                "reason": finding.reason,
                "source": finding.source,
            }
            for finding in found.evidence
        ],
    }


def explanation(dataset: Dataset, row: int) -> str:
    """Return the decision on one activity in words."""
    return "\n".join(_explanation(dataset, row))


def _explanation(dataset: Dataset, row: int) -> Iterator[str]:
    found, now = dataset.activities[row], dataset.corrected.decisions[row]
    yield f"{found.title} ({found.activity_id})"
    yield f"  places as published: {'; '.join(found.places) or 'none'}"
    yield f"  registered: {_where(dataset.registered.decisions[row])}"
    yield f"  corrected:  {_where(now)}  (confidence {now.confidence})"
    if now.dropped:
        yield f"  taken away: {_names(now.dropped)}"
    yield f"  why: {now.reason}"
    for finding in now.evidence:
        yield f"  - {finding.signal} ({finding.weight:+g} {finding.points_to}): “{finding.words}” in {finding.field}"
        yield f"      {finding.reason} Source: {finding.source}"


def _where(found: ScopeDecision) -> str:
    return _names(found.areas) if found.areas else found.scope


def _names(pcodes: Sequence[str]) -> str:
    return ", ".join(f"{gazetteer.names(pcode).name_en} ({pcode})" for pcode in pcodes)


def intake(found: Intake) -> dict[str, Any]:
    """Return what a file gave as JSON values."""
    return {
        "rows_read": found.rows_read,
        "accepted": len(found.activities),
        "rejected": found.rejected,
        "digest": found.digest,
        "kind": found.kind,
        "encoding": found.encoding,
        "sheet": found.sheet,
        "columns": dict(zip(found.headings, found.columns, strict=True)),
        "problems": [
            {
                "severity": problem.severity,
                "kind": problem.kind,
                "row": problem.row,
                "column": problem.column,
                "value": problem.value,
                "expected": problem.expected,
                "candidates": list(problem.candidates),
                "fix": problem.fix,
            }
            for problem in found.problems
        ],
    }
