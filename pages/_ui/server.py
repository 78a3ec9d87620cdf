"""The server: Streamlit's app with our routes for the map's files, compressed bundles and security headers.

``python -m pages._ui.server`` starts it; ``streamlit run app.py`` starts Streamlit alone: the map says what it lacks.
The middleware is plain ASGI: a websocket passes through untouched.
"""

from __future__ import annotations

import base64
import gc
import hashlib
import os
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config, file_util
from streamlit.runtime.pages_manager import PagesManager

from geo import api, own_boundaries, store
from geo.errors import GeoError
from pages._ui import access, bundles, file_route, gate, mapfiles, provider, watch

ROOT = Path(__file__).resolve().parent.parent.parent
INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@cache
def _map_file(digest: str, name: str, encoding: str) -> bytes:
    found = mapfiles.find(digest, name)
    assert found is not None
    return bundles.squeeze(found.body, encoding)


async def map_file(request: Request) -> Response:
    """Answer ``/map-data/<digest>/<name>``: never changing, so kept by the browser for good."""
    digest, name = request.path_params["digest"], request.path_params["name"]
    found = mapfiles.find(digest, name)
    if found is None:
        return PlainTextResponse("No such map file. Reload the page to get the present version.", status_code=404)
    headers = {"Cache-Control": bundles.FOREVER, "Vary": "Accept-Encoding"}
    encoding = bundles.accepted(request.headers.get("accept-encoding", ""))
    if not encoding or found.kind.startswith("font/"):
        return Response(found.body, media_type=found.kind, headers=headers)
    body = await run_in_threadpool(_map_file, digest, name, encoding)
    return Response(body, media_type=found.kind, headers={**headers, "Content-Encoding": encoding})


def content_policy(frame_ancestors: str = "'self'", basemap: str = "") -> str:
    """Return the Content-Security-Policy: this host alone, inline scripts by their digest.

    ``frame_ancestors`` says who may embed the app; ``basemap`` is the address pattern of an online basemap, if any.
    """
    pages = (
        (Path(file_util.get_static_dir()) / "index.html").read_text("utf-8"),
        mapfiles.documents()[1]["map.html"].body.decode(),
    )
    digests = [
        "'sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() + "'"
        for page in pages
        for script in INLINE_SCRIPT.findall(page)
    ]
    tiles = f" {urlsplit(basemap).scheme}://{urlsplit(basemap).netloc.replace('{s}', '*')}" if basemap else ""
    rules = {
        "default-src": "'self'",
        # blob: Streamlit loads a component's script from one; wasm: its table reader.
        "script-src": " ".join(["'self' blob: 'wasm-unsafe-eval'", *dict.fromkeys(digests)]),
        # Streamlit writes its styles into the page.
        "style-src": "'self' 'unsafe-inline'",
        "img-src": f"'self' data: blob:{tiles}",
        "font-src": "'self' data:",
        "media-src": "'self' data: blob:",
        "connect-src": "'self' data: blob:",
        "worker-src": "'self' blob:",
        "frame-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": frame_ancestors,
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


class SecurityHeaders:
    """Add the headers to every HTTP answer; one that an answer already bears stays."""

    def __init__(self, app: ASGIApp, frame_ancestors: str = "'self'", basemap: str = "") -> None:
        self.app = app
        self.headers = [
            (b"content-security-policy", content_policy(frame_ancestors, basemap).encode("latin-1")),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"same-origin"),
            (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
            (b"cross-origin-opener-policy", b"same-origin"),
        ]
        if frame_ancestors in ("'self'", "'none'"):
            # The older header knows no list of hosts: where one is given, frame-ancestors alone decides.
            self.headers.append((b"x-frame-options", b"SAMEORIGIN" if frame_ancestors == "'self'" else b"DENY"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with the headers added at the start of an HTTP answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in self.headers if pair[0] not in present)]
            await send(message)

        await self.app(scope, receive, add)


def routes() -> list[BaseRoute]:
    """Return our own routes, below the server's base path."""
    base = mapfiles.base()
    map_files = Route(f"{base}/{mapfiles.ROUTE}/{{digest}}/{{name}}", map_file, methods=["GET"])
    return [map_files, *file_route.routes(base), *watch.routes(base)]


def middleware() -> list[Middleware]:
    """Return our middleware, outermost first.

    ``FRAME_ANCESTORS`` names who may embed the app (as in the policy: ``'self'``, ``'none'`` or origins with spaces);
    ``BASEMAP_URL`` the pattern of an online basemap.
    """
    allowed, basemap = os.environ.get("FRAME_ANCESTORS", "'self'"), os.environ.get("BASEMAP_URL", "")
    base = mapfiles.base()
    return [
        Middleware(watch.Count, base=base),
        Middleware(SecurityHeaders, frame_ancestors=allowed, basemap=basemap),
        Middleware(gate.GuardUploads, allowed=lambda session: access.session_may(session, "see"), base=base),
        Middleware(gate.KeepLink, base=base),
        Middleware(bundles.LeanFonts, prefix=f"{base}/static/"),
        Middleware(bundles.CompressedBundles, prefix=f"{base}/static/"),
    ]


def build(script: Path = ROOT / "app.py", extra_routes: Sequence[BaseRoute] = ()) -> st.App:
    """Return the ASGI application of ``script`` with our routes and ``extra_routes`` (such as the API's)."""
    # The navigation of app.py is the only one.  Told before the first visit: else that visitor, on any page but the
    # front one, is told that the page does not exist.
    PagesManager.uses_pages_directory = False
    ours = [*routes(), *extra_routes]
    return st.App(script, routes=ours, middleware=middleware(), secrets=provider.secrets() or None)


def _port() -> int:
    """Return the port of ``PORT`` (as `make run PORT=9000` sets it), else Streamlit's own.

    Raises:
        SystemExit: when ``PORT`` is no port.
    """
    text = os.environ.get("PORT") or str(st.get_option("server.port"))
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise SystemExit(f"Got PORT={text!r}; expected a number from 1 to 65535. Run: make run PORT=8501")
    return int(text)


def warm() -> None:
    """Read the data and build the map's files before the first visitor comes, then freeze them.

    Streamlit collects garbage after every run of a page; what is frozen is not looked through again.
    """
    from geo import boundaries, library, search

    data = library.current()
    mapfiles.documents()
    boundaries.label_points("adm2")
    search.index(data)
    gc.collect()
    gc.freeze()


def main() -> None:
    """Start the server and block until it is stopped."""
    # Streamlit reads .streamlit/config.toml of the working folder.
    os.chdir(ROOT)
    # This machine alone, unless HOST says otherwise (0.0.0.0 for all, behind a proxy that speaks TLS).
    settings: dict[str, Any] = watch.install() | {
        "server.port": _port(),
        "server.address": os.environ.get("HOST") or "127.0.0.1",
    }
    try:
        provider.check_address(settings["server.address"])
        own_boundaries.install()  # before anything is drawn
        app = build(extra_routes=api.routes(mapfiles.base()))
        warm()
    except GeoError as error:
        raise SystemExit(str(error)) from error
    open_to_all = store.staff() and not (provider.configured() or provider.secrets())
    if open_to_all and not config.is_manually_set("server.allowedHosts"):
        # A page elsewhere, or a proxy, could give this machine another name: without log-in nobody may come by one.
        settings["server.allowedHosts"] = ["localhost", "127.0.0.1", "::1"]
    app.run(config=settings)


if __name__ == "__main__":
    # Under -m this file is the module __main__; the pages import it by its name, and both must be one.
    from pages._ui import server

    server.main()
