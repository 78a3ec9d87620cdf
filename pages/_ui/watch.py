"""What an operator sees of a process: figures for Prometheus, and logs as lines of JSON; neither holds a person's data.

``METRICS=1`` answers ``/metrics`` in the staff's process.  ``LOG_FORMAT=json`` makes every line of the log one object.
A request is told by the kind of its address, never by the address: links name what people look at.
"""

from __future__ import annotations

import json
import logging
import os
import re
import time
import traceback
from datetime import UTC, datetime
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime

from geo import store

REQUESTS = Counter(
    "lao_sdg_requests", "HTTP answers by kind of address, method and status", ["kind", "method", "status"]
)
SECONDS = Histogram(
    "lao_sdg_request_seconds", "Seconds to an HTTP answer", ["kind"], buckets=(0.01, 0.05, 0.1, 0.5, 1, 2, 5, 30)
)
ERRORS = Counter("lao_sdg_errors", "Lines of the log at level ERROR or above, by logger", ["logger"])
SOCKETS = Gauge("lao_sdg_sockets", "Websockets that are open")
SESSIONS = Gauge("lao_sdg_sessions", "Sessions of the dashboard that are connected")
SESSIONS.set_function(lambda: _sessions())
KINDS = (
    ("/api/", "api"), ("/map-data/", "map"), ("/files/", "files"), ("/static/", "static"), ("/app/static/", "static"),
    ("/_stcore/upload_file", "upload"),
    ("/_stcore/", "streamlit"), ("/auth/", "login"), ("/oauth2callback", "login"), ("/metrics", "metrics"),
)  # fmt: skip
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
LOG = logging.getLogger("lao_sdg.requests")
# Addresses of people and of their machines, which a library may write into its own lines.
_PERSONAL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+|\b\d{1,3}(?:\.\d{1,3}){3}\b|[?&][^\s\"']*=[^\s\"']*")


def metrics_wanted() -> bool:
    """Tell whether this process answers ``/metrics``: one of the staff's, where the operator says so."""
    return store.staff() and os.environ.get("METRICS", "") == "1"


def json_wanted() -> bool:
    """Tell whether the log is lines of JSON."""
    return os.environ.get("LOG_FORMAT", "") == "json"


def routes(base: str) -> list[Route]:
    """Return the route of the figures, none where they are not wanted."""
    return [Route(f"{base}/metrics", _metrics, methods=["GET"])] if metrics_wanted() else []


async def _metrics(request: Request) -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _sessions() -> float:
    return float(len(runtime.get_instance()._session_mgr.list_active_sessions())) if runtime.exists() else 0.0


def kind_of(path: str) -> str:
    """Return the kind of an address."""
    return next((kind for start, kind in KINDS if path.startswith(start)), "page")


class Count:
    """Count HTTP answers and open websockets; in JSON, log each answer."""

    def __init__(self, app: ASGIApp, base: str = "") -> None:
        self.app = app
        self.base = base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and note how it went."""
        if scope["type"] == "websocket":
            with SOCKETS.track_inprogress():
                await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start, status = time.perf_counter(), 500

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, note)
        finally:
            kind = kind_of(scope.get("path", "").removeprefix(self.base))
            method = scope["method"] if scope["method"] in METHODS else "other"
            spent = time.perf_counter() - start
            REQUESTS.labels(kind, method, str(status)).inc()
            SECONDS.labels(kind).observe(spent)
            LOG.info(
                "request", extra={"told": {"kind": kind, "method": method, "status": status, "ms": round(spent * 1000)}}
            )


class Line(logging.LogRecord):
    """A record of the log whose text is a JSON object; of an error the kind and where, not the words of its values."""

    def getMessage(self) -> str:
        """Return the object."""
        found: dict[str, Any] = {
            "time": datetime.fromtimestamp(self.created, UTC).isoformat(timespec="milliseconds"),
            "level": self.levelname,
            "logger": self.name,
            "message": _PERSONAL.sub("…", super().getMessage()),
        }
        found |= getattr(self, "told", {})
        if self._error:
            found["error"] = self._error
        return json.dumps(found, ensure_ascii=False)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._error: list[str] = []
        if self.exc_info and self.exc_info[1] is not None:
            frames = traceback.extract_tb(self.exc_info[2])
            where = [f"{os.path.basename(one.filename)}:{one.lineno} {one.name}" for one in frames[-12:]]
            self._error = [type(self.exc_info[1]).__name__, *where]
            self.exc_info = None  # no formatter writes it out


def _counted(make: Any) -> Any:
    def record(name: str, level: int, *arguments: Any, **named: Any) -> logging.LogRecord:
        if level >= logging.ERROR:
            ERRORS.labels(name.split(".")[0]).inc()
        made: logging.LogRecord = make(name, level, *arguments, **named)
        return made

    return record


def install() -> dict[str, Any]:
    """Count errors from here on, and write JSON where it is wanted; return Streamlit's settings that go with it."""
    logging.setLogRecordFactory(_counted(Line if json_wanted() else logging.LogRecord))
    if not json_wanted():
        return {}
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    LOG.setLevel(logging.INFO)
    return {"logger.messageFormat": "%(message)s", "logger.enableRich": False}
