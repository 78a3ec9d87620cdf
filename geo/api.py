"""Floor 8: the read-only API beside the app: ``/api/v1/...``, JSON and GeoJSON of the same figures as the pages.

Plain Starlette routes; any server takes them.  Nothing is written, nobody is asked who they are.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from geo import api_openapi, api_page, library
from geo.api_answers import CORS, METHODS, Answer, ApiError, as_json, headers, matches, problem, read_call, sent
from geo.api_contents import ENDPOINTS, Endpoint
from geo.errors import GeoError
from geo.store import StoreError


class Anything(Convertor[str]):
    """The rest of an address, line ends in it too: Starlette's own ``path`` ends at the first."""

    regex = r"[\s\S]*"

    def convert(self, value: str) -> str:
        """Return it as it stands."""
        return value

    def to_string(self, value: str) -> str:
        """Return it as it stands."""
        return value


register_url_convertor("anything", Anything())
BASE = "/api/v1"
LOG = logging.getLogger(__name__)
ANY = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]
HTML = "text/html; charset=utf-8"
Handler = Callable[[Request], Awaitable[Response]]


def routes(prefix: str = "") -> list[BaseRoute]:
    """Return the routes of the API below ``prefix``, the server's base path ("" at the root)."""
    base = prefix + BASE
    page = Endpoint("/", lambda call: Answer(api_page.render(call).encode(), HTML), ("lang",), "", "")
    described = Endpoint("/openapi.json", lambda call: Answer(as_json(api_openapi.document(call.base))), (), "", "")
    made = [_route(base, one) for one in (*ENDPOINTS, described, page)]
    return [*made, _wrapped(base, _lost(base)), _wrapped(f"{base}/{{rest:anything}}", _lost(base))]


def _wrapped(path: str, handler: Handler) -> Route:
    small = Middleware(GZipMiddleware, minimum_size=1000, compresslevel=6)
    return Route(path, handler, methods=ANY, middleware=[small])


def _route(base: str, one: Endpoint) -> Route:
    # An id may hold a slash: what stands behind the address's beginning is all id.
    return _wrapped(base + one.path.replace("{activity_id}", "{activity_id:anything}"), _handler(base, one))


def _handler(base: str, one: Endpoint) -> Handler:
    async def handle(request: Request) -> Response:
        try:
            if early := _early(request):
                return early
            return await run_in_threadpool(_answer, request, base, one)
        except ApiError as error:
            return problem(error, base)
        except Exception:  # a fault of ours: the log has it, the answer only says so
            LOG.exception("%s failed", one.operation)
            step = "Try again later; the operator finds the reason in the server's log."
            return problem(ApiError(500, "internal", "a fault of this server", "an answer", step), base)

    return handle


def _early(request: Request) -> Response | None:
    """Return what needs no data: the answer to a browser that asks whether it may ask.

    Raises:
        ApiError: when the method is none of a read-only API.
    """
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={**CORS, "Allow": ", ".join(METHODS)})
    if request.method not in METHODS:
        step = "Ask with GET; what is published is changed on the staff's pages alone."
        raise ApiError(405, "read_only", request.method, " or ".join(METHODS), step)
    return None


def _answer(request: Request, base: str, one: Endpoint) -> Response:
    try:
        key = request.path_params.get("activity_id", "")
        pinned = request.query_params.getlist("version")
        data = library.at(pinned[-1] if pinned else "")
        call = read_call(request, data, base, one.takes, key)
        etag = call.etag()
        if matches(request.headers.get("if-none-match", ""), etag):
            return Response(status_code=304, headers=headers(etag))
        return sent(request, one.make(call), etag)
    except StoreError as error:
        step = "Try again later; the operator finds the reason in the server's log."
        raise ApiError(503, "unavailable", "a store that does not answer", "one that does", step) from error
    except ApiError:
        raise
    except GeoError as error:
        raise ApiError(400, "bad_request", str(error), "a request as the description says", "Correct it.") from error


def _lost(base: str) -> Handler:
    async def handle(request: Request) -> Response:
        if request.url.path == base and request.method in ("GET", "HEAD"):
            return Response(status_code=308, headers={"Location": f"{base}/", **CORS})
        known = ", ".join(base + one.path for one in ENDPOINTS)
        return problem(ApiError(404, "not_found", request.url.path, f"one of {known}", f"See {base}/."), base)

    return handle
