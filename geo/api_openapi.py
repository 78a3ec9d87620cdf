"""Floor 8: the API's description (OpenAPI 3.1), written from the same tables as its answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geo import pack, provenance, tables
from geo.api_answers import MAX_AGE, PAGING, PROBLEM
from geo.api_contents import ENDPOINTS, Endpoint
from geo.dataset import SCOPES
from geo.export import dictionary
from geo.filter_help import FILTER_HELP

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer", "minimum": 0}
NUMBER: Schema = {"type": "number"}
TEXTS: Schema = {"type": "array", "items": TEXT}
SCOPE: Schema = {"type": "string", "enum": list(SCOPES)}
JSON_TYPES = {
    "text": TEXT,
    "partial date": TEXT,
    "whole number": {"type": "integer"},
    "number": NUMBER,
    "list of texts": TEXTS,
    "list of whole numbers": {"type": "array", "items": {"type": "integer"}},
}
ABOUT = (
    "Read-only figures and activities of the map. The filters are those of the map's address: within one any value "
    "fits, between them all must, and a parameter may be given more than once. An answer names its data by `version`; "
    "it changes when somebody publishes or decides, and so does its ETag."
)


def document(base: str) -> dict[str, Any]:
    """Return the description of the API whose addresses begin with ``base``."""
    country = pack.settings()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{country.name_en} SDG activity map",
            "version": provenance.software().rsplit(" ", 1)[-1],
            "summary": "Who does what, where, for which goal: figures that add up.",
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": base}],
        "paths": {one.path: _path(one) for one in ENDPOINTS},
        "components": {"schemas": _schemas(), "parameters": _parameters(), "responses": _errors()},
    }


def _path(one: Endpoint) -> dict[str, Any]:
    names = [*(FILTER_HELP if "filters" in one.takes else ()), *(name for name in one.takes if name != "filters")]
    names += ["activity_id"] if "{activity_id}" in one.path else []
    refs = [{"$ref": f"#/components/parameters/{name}"} for name in names]
    errors = {"400": "BadRequest", "405": "MethodNotAllowed", "503": "Unavailable"}
    errors |= {"404": "NotFound"} if "{activity_id}" in one.path else {}
    responses: dict[str, Any] = {
        "200": {
            "description": one.title,
            "headers": {
                "ETag": {"description": "Changes with the data and the view.", "schema": TEXT},
                "Cache-Control": {"description": f"A cache may keep it for {MAX_AGE} s.", "schema": TEXT},
            },
            "content": {one.kind: {"schema": {"$ref": f"#/components/schemas/{one.schema}"}}},
        },
        "304": {"description": "Not changed since the answer with the ETag given in If-None-Match."},
    }
    responses |= {code: {"$ref": f"#/components/responses/{name}"} for code, name in errors.items()}
    return {"get": {"operationId": one.operation, "summary": one.title, "parameters": refs, "responses": responses}}


def _parameters() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, (_metavar, text) in FILTER_HELP.items():
        found[name] = {
            "name": name,
            "in": "query",
            "description": text[:1].upper() + text[1:] + ".",
            "schema": TEXTS,
            "explode": True,
        }
    for name, (default, least, most) in PAGING.items():
        number = {"type": "integer", "default": default, "minimum": least, "maximum": most}
        text = {"offset": "How many activities to pass over.", "limit": "How many activities to send."}[name]
        found[name] = {"name": name, "in": "query", "description": text, "schema": number}
    choices = {"type": "string", "enum": list(tables.BREAKDOWNS), "default": tables.BREAKDOWNS[0]}
    found["by"] = {"name": "by", "in": "query", "description": "What to break the figures down by.", "schema": choices}
    told = "Id of an activity, percent-encoded."
    found["activity_id"] = {"name": "activity_id", "in": "path", "required": True, "description": told, "schema": TEXT}
    return found


def _errors() -> dict[str, Any]:
    texts = {
        "BadRequest": "A parameter is unknown or its value is not understood; none is left out silently.",
        "NotFound": "There is nothing by this name; the nearest are told.",
        "MethodNotAllowed": "The API is read-only.",
        "Unavailable": "The store does not answer.",
    }
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {name: {"description": text, "content": content} for name, text in texts.items()}


# ---- schemas


def _object(properties: dict[str, Schema], optional: Sequence[str] = (), **more: Any) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, **more}


def _list(name: str) -> Schema:
    return {"type": "array", "items": _ref(name)}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _schemas() -> dict[str, Schema]:
    return {**_figures(), **_activities(), **_collections(), "Problem": _problem()}


def _figures() -> dict[str, Schema]:
    head: dict[str, Schema] = {
        "total": {**WHOLE, "description": "located + nationwide + unlocated, each activity once."},
        "located": WHOLE,
        "nationwide": WHOLE,
        "unlocated": WHOLE,
        "view": TEXT,
        "currency": TEXT,
        "budget_basis": {**TEXT, "description": "Money of one basis is counted; two are never added up."},
        "budget_total": NUMBER,
        "budget_by_scope": _object(dict.fromkeys(SCOPES, NUMBER)),
        "version": _ref("Version"),
    }
    lists = {"areas": _list("Area"), **{f"by_{name}": {"type": "array", "items": {"type": "object"}} for name in _by()}}
    area = dict.fromkeys(("pcode", "name_en", "name_lo"), TEXT) | {
        "activities": {**WHOLE, "description": "One in several areas counts in each."},
        "agencies": WHOLE,
        "people_reached": _or_null(WHOLE),
        "budget_low": NUMBER,
        "budget_high": NUMBER,
        "budget_share": {**NUMBER, "description": "By the method of the view: an assumption."},
        "budgets": WHOLE,
    }
    goal = {"sdg": {"type": "integer"}, "name_en": TEXT, "name_lo": TEXT, "activities": WHOLE, "colour": TEXT}
    version = dict.fromkeys(("name", "data", "published", "boundaries", "software"), TEXT)
    version["number"] = _or_null(
        {**WHOLE, "description": "Of the version that is shown; null where none was uploaded."}
    )
    return {
        "Version": _object(version, description="What names the data: digests, date and software."),
        "Summary": _object({**head, **lists}, optional=tuple(lists)),
        "Area": _object(area),
        "Goals": _object({**head, "goals": _list("Goal")}),
        "Goal": _object(goal),
        "Columns": _object({"columns": _list("Column"), "version": _ref("Version")}),
        "Column": _object(dict.fromkeys(dictionary.rows("activities")[0], TEXT)),
    }


def _by() -> list[str]:
    return [name for name in tables.BREAKDOWNS if name not in tables.AREA_LEVELS]


def _activities() -> dict[str, Schema]:
    registered = {one.column: one for one in dictionary.columns("activities") if one.source.startswith("as registered")}
    plain: dict[str, Schema] = {}
    for name, column in registered.items():
        schema = _or_null(JSON_TYPES[column.type]) if column.type == "whole number" else JSON_TYPES[column.type]
        key = "budget" if name == "budget_usd" else name
        schema = _or_null(TEXT) if key in ("budget", "currency") else schema
        plain[key] = {**schema, "description": column.meaning_en}
    short = _object({"scope": SCOPE, "areas": TEXTS})
    finding = dict.fromkeys(("signal", "words", "field", "points_to", "reason", "source"), TEXT)
    page = {"total": WHOLE, "offset": WHOLE, "limit": WHOLE, "next": _or_null(TEXT), "previous": _or_null(TEXT)}
    decision = {"scope": SCOPE, "areas": TEXTS, "dropped": TEXTS, "confidence": TEXT, "reason": TEXT}
    brief = _object({"scope": SCOPE, "areas": TEXTS, "confidence": TEXT})
    return {
        "Activities": _object({**page, "activities": _list("ActivityBrief"), "version": _ref("Version")}),
        "ActivityBrief": _object({**plain, "registered": short, "corrected": brief}),
        "Activity": _object(
            {**plain, "registered": _ref("Decision"), "corrected": _ref("Decision"), "version": _ref("Version")}
        ),
        "Decision": _object({**decision, "evidence": _list("Finding")}),
        "Finding": _object({**finding, "weight": NUMBER}),
    }


def _collections() -> dict[str, Schema]:
    made: dict[str, Schema] = {}
    for layer, name, shapes in (
        ("activities", "Activity", ["MultiPoint"]),
        ("areas", "Area", ["Polygon", "MultiPolygon"]),
    ):
        properties = {
            one.column: {**_or_null(JSON_TYPES[one.type]), "description": one.meaning_en}
            for one in dictionary.columns(layer)
        }
        geometry = _object({"type": {"enum": shapes}, "coordinates": {"type": "array"}})
        feature = {
            "type": {"const": "Feature"},
            "id": TEXT,
            "properties": _object(properties),
            "geometry": _or_null(geometry) if layer == "activities" else geometry,
        }
        made[f"{name}Feature"] = _object(feature)
        made[f"{name}Collection"] = _object(
            {
                "type": {"const": "FeatureCollection"},
                "about": {"type": "object", "description": "The view, the data, the rule and the line that adds up."},
                "columns": _list("Column"),
                "features": _list(f"{name}Feature"),
            }
        )
    return made


def _problem() -> Schema:
    words = dict.fromkeys(("type", "title", "detail", "got", "expected", "next"), TEXT)
    more: dict[str, Schema] = {"parameter": TEXT, "candidates": TEXTS}
    text = "An error as RFC 9457 has it: what was got, what was expected, what to do next."
    return _object({**words, "status": {"type": "integer"}, **more}, optional=tuple(more), description=text)
