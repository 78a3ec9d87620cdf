"""What the server lets through: no upload but from staff, and people who log in come back to the view they left.

Plain ASGI, as the other middleware: a websocket passes through untouched.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.errors import GeoError

COOKIE = "lao_sdg_back"
KEPT_SECONDS = 900  # that somebody may take to log in
LONGEST = 2_800  # characters of a way back: a browser keeps cookies of 4,096 bytes
OURS = ("/auth/login", "/auth/logout")
CALLBACK = "/oauth2callback"
REFUSED = "No file is taken here. Log in at the address of the staff process."


class GuardUploads:
    """Refuse every upload from a session whose person may not."""

    def __init__(self, app: ASGIApp, allowed: Callable[[str], bool], base: str = "") -> None:
        self.app = app
        self.allowed = allowed
        self.prefix = f"{base}/_stcore/upload_file"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on all but an upload, or the removal of one, that is not allowed."""
        path = scope.get("path", "")
        if scope["type"] != "http" or scope["method"] == "OPTIONS" or not path.startswith(self.prefix):
            await self.app(scope, receive, send)
            return
        session = path.removeprefix(self.prefix).strip("/").split("/")[0]
        if await run_in_threadpool(self._may, session):
            await self.app(scope, receive, send)
            return
        await PlainTextResponse(REFUSED, status_code=403)(scope, receive, send)

    def _may(self, session: str) -> bool:
        try:
            return self.allowed(session)
        except GeoError:  # the allow-list cannot be read: nobody is on it
            return False


class KeepLink:
    """Bring people back from log-in and log-out to where they were; Streamlit itself knows the front page alone."""

    def __init__(self, app: ASGIApp, base: str = "") -> None:
        self.app = app
        self.base = base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with the way back in a cookie, or in the answer that would lead to the front page."""
        path = scope.get("path", "").removeprefix(self.base)
        if scope["type"] != "http" or path not in (*OURS, CALLBACK):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        back = self._referer(headers) if path in OURS else self._cookie(headers)

        async def lead(message: Message) -> None:
            if message["type"] == "http.response.start" and back:
                answer = MutableHeaders(scope=message)
                home = answer.get("location", "") == f"{self.base}/"
                if home:
                    answer["location"] = back
                answer.append("set-cookie", self._set("" if home else back))
            await send(message)

        await self.app(scope, receive, lead)

    def _referer(self, headers: Headers) -> str:
        """Return the view that the person leaves; the browser names it to this host alone (Referrer-Policy)."""
        try:
            parts = urlsplit(headers.get("referer", ""))
        except ValueError:
            return ""
        if parts.scheme not in ("http", "https") or parts.netloc != headers.get("host", ""):
            return ""
        return self._checked(parts.path + (f"?{parts.query}" if parts.query else ""))

    def _cookie(self, headers: Headers) -> str:
        try:
            found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
            text = base64.urlsafe_b64decode(found.value).decode("ascii") if found else ""
        except (CookieError, binascii.Error, UnicodeDecodeError):
            return ""
        return self._checked(text)

    def _checked(self, way: str) -> str:
        """Return a way within this app, "" for any other: nobody is sent to another host."""
        inside = way.removeprefix(self.base)
        plain = way.isascii() and way.isprintable() and "\\" not in way and len(way) <= LONGEST
        if not plain or not way.startswith(f"{self.base}/") or not inside.startswith("/") or inside.startswith("//"):
            return ""
        return "" if inside.startswith((*OURS, CALLBACK)) else way

    def _set(self, back: str) -> str:
        value, seconds = base64.urlsafe_b64encode(back.encode()).decode(), KEPT_SECONDS if back else 0
        return f'{COOKIE}="{value}"; Path={self.base or "/"}; Max-Age={seconds}; HttpOnly; SameSite=Lax'
