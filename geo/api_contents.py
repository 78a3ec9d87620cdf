"""Floor 8: what each address of the API holds; every figure comes from the same tables as the pages and the command."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from geo import boundaries, codes, filters, i18n, provenance, tables, words
from geo.api_answers import GEOJSON, JSON, Answer, ApiError, Call, as_json
from geo.dataset import Dataset
from geo.errors import UnknownCodeError
from geo.export import dictionary, geojson, records

Values = dict[str, Any]


def version(data: Dataset) -> Values:
    """Return what names the data that an answer is about; ``number`` is None where no version is published."""
    return {
        "number": data.version or None,
        "name": words.version_name(data, i18n.SOURCE_LANGUAGE),
        "data": data.digest,
        "published": data.published,
        "boundaries": boundaries.load().digest,
        "software": provenance.software(),
    }


def summary(call: Call) -> Answer:
    """The figures of a selection by one breakdown, ``key``."""
    table = tables.table(call.data, call.found, call.key)
    return Answer(as_json({**table.as_json(), "version": version(call.data)}))


def activities(call: Call) -> Answer:
    """The activities of a selection, a page at a time."""
    rows = filters.apply(call.data, call.found).nonzero()[0]
    page = rows[call.offset : call.offset + call.limit]
    following, previous = call.offset + call.limit, max(0, call.offset - call.limit)
    links = {
        "next": _page(call, following) if following < len(rows) else None,
        "previous": _page(call, previous) if call.offset else None,
    }
    body = {
        "total": len(rows),
        "offset": call.offset,
        "limit": call.limit,
        **links,
        "activities": [_brief(call, int(row)) for row in page],
        "version": version(call.data),
    }
    relations = {"next": links["next"], "prev": links["previous"]}
    header = ", ".join(f'<{link}>; rel="{name}"' for name, link in relations.items() if link)
    return Answer(as_json(body), headers={"Link": header} if header else {})


def _page(call: Call, offset: int) -> str:
    query = urlencode(call.found.to_query() | {"offset": [str(offset)], "limit": [str(call.limit)]}, doseq=True)
    return f"{call.path}?{query}"


def _brief(call: Call, row: int) -> Values:
    found = call.data.activities[row]
    now, before = call.data.corrected.decisions[row], call.data.registered.decisions[row]
    return {
        **tables.plain(found),
        "registered": {"scope": before.scope, "areas": list(before.areas)},
        "corrected": {"scope": now.scope, "areas": list(now.areas), "confidence": now.confidence},
    }


def activity(call: Call) -> Answer:
    """One activity with the decision on where it counts and all of its evidence.

    Raises:
        ApiError: when no activity has the id, with the nearest.
    """
    try:
        row = tables.find(call.data, call.key)
    except UnknownCodeError as error:
        near = list(codes.nearest(call.key, tuple(call.data.index)))
        expected = "the id of an activity"
        step = f"Nearest: {', '.join(near)}." if near else "Look it up in the list of activities."
        raise ApiError(404, "unknown_activity", call.key, expected, step, candidates=near) from error
    return Answer(as_json({**tables.activity(call.data, row), "version": version(call.data)}))


def areas(call: Call) -> Answer:
    """The boundaries of the view's level with the figures of the selection."""
    level = "adm2" if call.found.level == "adm2" else "adm1"
    outline = json.loads(boundaries.geojson("adm2" if level == "adm2" else "adm1"))
    figures = {row["pcode"]: row for row in records.areas(call.data, call.found)}
    for feature in outline["features"]:
        feature["properties"] = figures[feature["id"]]
    return Answer(as_json({**_collection(call, "areas"), "features": outline["features"]}), GEOJSON)


def points(call: Call) -> Answer:
    """The activities of a selection as points, the same bytes as the file."""
    return Answer(geojson.render(call.data, call.found), GEOJSON)


def _collection(call: Call, layer: str) -> Values:
    return {
        "type": "FeatureCollection",
        "about": records.about(call.data, call.found),
        "columns": dictionary.rows(layer),
    }


def goals(call: Call) -> Answer:
    """The goals with their names, colours and numbers of activities in a selection."""
    table = tables.table(call.data, call.found, "goal")
    colours = {goal.number: goal.colour for goal in codes.goals()}
    rows = [{**row, "colour": colours[row["sdg"]]} for row in table.rows]
    return Answer(as_json({**table.head, "goals": rows, "version": version(call.data)}))


def columns(call: Call) -> Answer:
    """What every column of the layers means."""
    return Answer(as_json({"columns": dictionary.rows(), "version": version(call.data)}))


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address below the API's base: what makes its answer, the parameters that it takes, and how it is described.

    ``takes`` are "filters" for all of them and names besides; ``example`` is a query that shows it at work.
    """

    path: str
    make: Callable[[Call], Answer]
    takes: tuple[str, ...]
    title: str
    schema: str
    kind: str = JSON
    example: str = ""

    @property
    def operation(self) -> str:
        """The name of the operation."""
        return self.make.__name__


ENDPOINTS = (
    Endpoint("/summary", summary, ("filters", "by"), "Figures of a selection", "Summary", JSON, "?by=province&sdg=6"),
    Endpoint(
        "/activities",
        activities,
        ("filters", "offset", "limit"),
        "Activities of a selection, a page at a time",
        "Activities",
        JSON,
        "?sdg=2&limit=10",
    ),
    Endpoint(
        "/activities/{activity_id}", activity, (), "One activity with the evidence for where it counts", "Activity"
    ),
    Endpoint(
        "/activities.geojson",
        points,
        ("filters",),
        "Activities of a selection as points",
        "ActivityCollection",
        GEOJSON,
        "?sdg=6",
    ),
    Endpoint(
        "/areas.geojson",
        areas,
        ("filters",),
        "Boundaries with the figures of a selection",
        "AreaCollection",
        GEOJSON,
        "?level=adm2",
    ),
    Endpoint("/goals", goals, ("filters",), "Goals with their colours and numbers of activities", "Goals"),
    Endpoint("/columns", columns, (), "What every column means", "Columns"),
)
