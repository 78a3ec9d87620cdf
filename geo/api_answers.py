"""Floor 8: how the API answers: validators and caches, errors as RFC 9457 says, a view read from the query."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from geo import boundaries, filters, provenance, tables
from geo.codes import nearest
from geo.dataset import Dataset
from geo.errors import GeoError, shorten
from geo.filter_help import FILTER_HELP
from geo.filters import Filters

JSON, GEOJSON, PROBLEM = "application/json", "application/geo+json", "application/problem+json"
METHODS = ("GET", "HEAD", "OPTIONS")
MAX_AGE = 60  # seconds that a cache may answer by itself: what is published now is seen by all a minute later
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": ", ".join(METHODS),
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Expose-Headers": "ETag, Link",
}
# What a copied link may hold besides: it says what stands open on a page, and changes no figure.
IGNORED = frozenset({item.name for item in fields(Filters)} - set(FILTER_HELP))
PAGING = {"offset": (0, 0, 10**9), "limit": (100, 1, 1000)}  # default, least, most


class ApiError(GeoError):
    """A request that cannot be answered: ``kind`` is a stable word, ``more`` stands in the answer beside the words."""

    def __init__(self, status: int, kind: str, got: str, expected: str, next_step: str, **more: Any) -> None:
        super().__init__(f"Got {shorten(got)}; expected {expected}. {next_step}")
        self.status, self.kind = status, kind
        self.told = {"got": shorten(got, 200), "expected": expected, "next": next_step, **more}


@dataclass(frozen=True, slots=True)
class Call:
    """One request, understood: the data it is about, its filters, its page and what of it stands in the path."""

    data: Dataset
    found: Filters
    base: str
    path: str
    offset: int = 0
    limit: int = 100
    key: str = ""

    def etag(self) -> str:
        """Return the validator: the data, the boundaries, this software, the address and the view."""
        data = (self.data.digest, self.data.version, self.data.published)
        parts = (data, boundaries.load().digest, provenance.software(), self.path, self.found.to_link())
        named = hashlib.sha256(repr((*parts, self.key, self.offset, self.limit)).encode()).hexdigest()[:32]
        return f'W/"{named}"'  # weak: the same meaning, compressed or not


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent: bytes and their media type, and headers besides."""

    body: bytes
    kind: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


def as_json(value: object) -> bytes:
    """Return a value as JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def read_call(request: Request, data: Dataset, base: str, allowed: Sequence[str], key: str = "") -> Call:
    """Return a request as a call; ``allowed`` are the parameters that its address takes besides filters.

    Raises:
        ApiError: when a parameter is unknown or its value is not understood; one wrong filter is never left out.
    """
    query: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        query.setdefault(name, []).append(value)
    filtering = "filters" in allowed
    known = [*(FILTER_HELP if filtering else ()), *(name for name in allowed if name != "filters")]
    for name, values in query.items():
        if name not in known and not (filtering and name in IGNORED):
            raise _unknown_name(name, values[0], known)
    found, problems = filters.from_query({name: query[name] for name in query if name in FILTER_HELP}, data)
    if problems:
        first = problems[0]
        fix = "Correct the parameter, or leave it out."
        raise ApiError(400, "unknown_filter", first.value, first.expected, fix, parameter=first.column)
    paging = {name: _number(name, query.get(name, [])) for name in PAGING if name in allowed}
    if "by" in allowed:
        key = _breakdown(query.get("by", []))
    return Call(data, found, base, request.url.path, key=key, **paging)


def _unknown_name(name: str, value: str, known: Sequence[str]) -> ApiError:
    near = nearest(name, tuple(known)) if known else ()
    expected = f"one of {', '.join(known)}" if known else "no parameter"
    hint = f"Did you mean {near[0]}?" if near else "Leave it out; the description lists what each address takes."
    return ApiError(400, "unknown_parameter", f"{name}={value}", expected, hint, parameter=name)


def _breakdown(values: Sequence[str]) -> str:
    chosen = values[-1] if values else tables.BREAKDOWNS[0]
    if chosen not in tables.BREAKDOWNS:
        expected = f"one of {', '.join(tables.BREAKDOWNS)}"
        raise ApiError(400, "unknown_breakdown", chosen, expected, "Correct the parameter.", parameter="by")
    return chosen


def _number(name: str, values: Sequence[str]) -> int:
    default, least, most = PAGING[name]
    if not values:
        return default
    text = values[-1]
    if text.isascii() and text.isdigit() and len(text) <= 10 and least <= int(text) <= most:
        return int(text)
    fix = "Correct the number, or leave it out."
    raise ApiError(400, "bad_number", text, f"a whole number from {least} to {most}", fix, parameter=name)


def matches(header: str, etag: str) -> bool:
    """Tell whether an If-None-Match header names this validator (RFC 9110, weak comparison)."""
    plain = etag.removeprefix("W/")
    return header.strip() == "*" or plain in {part.strip().removeprefix("W/") for part in header.split(",")}


def headers(etag: str) -> dict[str, str]:
    """Return the headers that an answer and its "not modified" share."""
    return {"ETag": etag, "Cache-Control": f"public, max-age={MAX_AGE}", "Vary": "Accept-Encoding", **CORS}


def sent(request: Request, answer: Answer, etag: str) -> Response:
    """Return an answer; for HEAD without its body."""
    more = {**headers(etag), **answer.headers}
    if request.method == "HEAD":
        return Response(headers={**more, "Content-Length": str(len(answer.body))}, media_type=answer.kind)
    return Response(answer.body, headers=more, media_type=answer.kind)


def problem(error: ApiError, base: str) -> Response:
    """Return an error as JSON (RFC 9457), with what was got, what was expected and what to do next."""
    told = {
        "type": f"{base}/#{error.kind}",
        "title": error.kind.replace("_", " ").capitalize(),
        "status": error.status,
        "detail": str(error),
        **error.told,
    }
    more = {"Allow": ", ".join(METHODS)} if error.status == 405 else {}
    caches = {"Cache-Control": "no-store", **CORS, **more}
    return Response(as_json(told), error.status, caches, PROBLEM)
