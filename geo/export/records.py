"""Floor 7: activities as typed values with their points, for the formats of maps; figures by area with both views.

Texts are whole (halves of a letter and zero bytes become U+FFFD), so that every format can hold them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from geo import boundaries, filters, gazetteer, i18n, provenance, tables, words
from geo.dataset import Dataset
from geo.export import dictionary
from geo.fields import COMPUTED, LISTS, Fields
from geo.filters import Filters
from geo.readers.features import BASIS, STATED, clean

CENTRES = "area centres"
LISTED = (*LISTS, "areas", "registered_areas")
COLUMNS = (*map(str, Fields), *COMPUTED, BASIS)
DIGITS = 5  # decimals of a centre: about a metre, far below what a centre says
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Record:
    """One activity: ``values`` by ``COLUMNS`` (None where nothing is stated); ``points`` are longitude, latitude.

    Work that the view does not put on an area has no points: nothing nationwide is ever drawn on a place.
    """

    values: dict[str, Any]
    points: tuple[Point, ...]


def activities(dataset: Dataset, found: Filters) -> Iterator[Record]:
    """Return the activities that the filters keep, in the order of the data."""
    for row in filters.apply(dataset, found).nonzero()[0]:
        yield record(dataset, int(row), found.view)


def record(dataset: Dataset, row: int, view: str) -> Record:
    """Return one activity; ``view`` says by which decision its geometry is drawn."""
    plain = tables.plain(dataset.activities[row])
    now, before = dataset.corrected.decisions[row], dataset.registered.decisions[row]
    budget = plain.pop("budget")
    points, basis = _points(dataset, row, view)
    plain |= {
        Fields.BUDGET_USD: float(budget) if budget is not None else None,
        "scope": now.scope,
        "areas": list(now.areas),
        "scope_confidence": now.confidence,
        "registered_scope": before.scope,
        "registered_areas": list(before.areas),
        BASIS: basis,
    }
    return Record({name: _clean(plain[name]) for name in COLUMNS}, points)


def _points(dataset: Dataset, row: int, view: str) -> tuple[tuple[Point, ...], str]:
    decision = dataset.places(view).decisions[row]
    if decision.scope != "subnational":
        return (), ""
    if stated := dataset.activities[row].points:
        return tuple((longitude, latitude) for latitude, longitude in stated), STATED
    centres = (boundaries.label_points(gazetteer.level(code))[code] for code in decision.areas)
    points = tuple((round(longitude, DIGITS), round(latitude, DIGITS)) for longitude, latitude in centres)
    return points, CENTRES if points else ""


def _clean(value: Any) -> Any:
    if isinstance(value, list):
        return [_clean(part) for part in value]
    if isinstance(value, str):
        return clean(value) or None
    return value


def cell(value: Any) -> Any:
    """Return a value as a table without lists holds it: parts separated by ``;``."""
    return (";".join(map(str, value)) or None) if isinstance(value, list) else value


def areas(dataset: Dataset, found: Filters) -> list[dict[str, Any]]:
    """Return the figures of the view's level by P-code, with the counts of both views, for the layer of areas."""
    figures, _mask = tables.summarise(dataset, found)
    frame = boundaries.load().at("adm2" if found.level == "adm2" else "adm1")
    counts = {
        view: {
            row["pcode"]: row["activities"]
            for row in tables.area_rows(dataset, tables.summarise(dataset, _as(found, view))[0])
        }
        for view in ("corrected", "registered")
    }
    names = [column.column for column in dictionary.columns("areas")]
    made = []
    for row in tables.area_rows(dataset, figures):
        unit = frame.loc[row["pcode"]]
        known = {"parent": unit["parent"], "area_km2": round(float(unit["area_km2"]), 3)}
        both = {f"activities_{view}": count[row["pcode"]] for view, count in counts.items()}
        values = {**row, **known, **both}
        made.append({name: values[name] for name in names})
    return made


def _as(found: Filters, view: str) -> Filters:
    return replace(found, view=view)


def about(dataset: Dataset, found: Filters) -> dict[str, Any]:
    """Return what the file is: its view, the data, the rule and the line that adds up."""
    view = provenance.of(dataset, found)
    return {
        "view": f"?{view.query}",
        "version": words.version_name(dataset, i18n.SOURCE_LANGUAGE),
        "data": view.digest,
        "published": view.published,
        "rule": view.rule,
        "boundaries": view.boundaries,
        "boundary_digest": view.boundary_digest,
        "software": view.software,
        "total": view.total,
        "located": view.located,
        "nationwide": view.nationwide,
        "unlocated": view.unlocated,
    }
