"""Streamlit's bundles and fonts as they leave the server: compressed once each, and the fonts cut to what is shown.

Plain ASGI, as the other middleware: a websocket passes through untouched.
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import brotli
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FONTS = Path(__file__).resolve().parent.parent.parent / "static" / "vendor" / "fonts"
ICONS = FONTS / "MaterialSymbols-Rounded.woff2"
LETTERLESS = FONTS / "NotoSansLao-Regular.woff2"  # Lao alone: a text in Latin letters falls through it
FOREVER = "public, max-age=31536000, immutable"
TEXT_KINDS = ("text/", "application/javascript", "application/json", "application/geo+json", "image/svg")


def squeeze(body: bytes, encoding: str) -> bytes:
    """Return ``body`` compressed as "br" or "gzip", the same bytes each time."""
    if encoding == "br":
        # 6 of 11: the steps above save little and let the first visitor after a start wait for seconds.
        return bytes(brotli.compress(body, quality=6))
    return gzip.compress(body, compresslevel=9, mtime=0)


def accepted(header: str) -> str:
    """Return the encoding to answer with ("br", "gzip" or "") for an Accept-Encoding header."""
    offered = {
        part.split(";")[0].strip() for part in header.lower().split(",") if not part.replace(" ", "").endswith("q=0")
    }
    return next((name for name in ("br", "gzip") if name in offered), "")


class CompressedBundles:
    """Compress Streamlit's own bundles, which it sends raw: once each, then from memory (their names bear a digest)."""

    def __init__(self, app: ASGIApp, prefix: str = "/static/") -> None:
        self.app = app
        self.prefix = prefix
        self.kept: dict[tuple[str, str], tuple[list[tuple[bytes, bytes]], bytes]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on all but a GET of a bundle by a browser that takes compressed answers."""
        path = scope.get("path", "")
        if scope["type"] != "http" or scope["method"] != "GET" or not path.startswith(self.prefix):
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        encoding = accepted(headers.get(b"accept-encoding", b"").decode("latin-1"))
        if not encoding or b"range" in headers or b"if-none-match" in headers or b"if-modified-since" in headers:
            await self.app(scope, receive, send)
            return
        if (path, encoding) not in self.kept:
            start, body = await self._ask(scope)
            if not _is_text(start):
                await _answer(send, start["status"], start["headers"], body)
                return
            small = await run_in_threadpool(squeeze, body, encoding)
            self.kept[path, encoding] = (_compressed(start["headers"], encoding, len(small)), small)
        await _answer(send, 200, *self.kept[path, encoding])

    async def _ask(self, scope: Scope) -> tuple[Message, bytes]:
        """Return the application's whole answer, also to a browser that has left: it is kept for those that come."""
        start: dict[str, Any] = {}
        parts: list[bytes] = []
        request: Iterator[Message] = iter([{"type": "http.request", "body": b"", "more_body": False}])

        async def receive() -> Message:
            for message in request:
                return message
            return await asyncio.Future()  # never a word of the browser's leaving, which would cut the answer short

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))

        await self.app(scope, receive, keep)
        return start, b"".join(parts)


def _is_text(start: Message) -> bool:
    kinds = [value.decode("latin-1") for name, value in start["headers"] if name.lower() == b"content-type"]
    return start["status"] == 200 and bool(kinds) and kinds[0].startswith(TEXT_KINDS)


def _compressed(headers: Iterable[tuple[bytes, bytes]], encoding: str, size: int) -> list[tuple[bytes, bytes]]:
    # The raw file's ETag is not the compressed body's; the name's digest is version enough.
    kept = [pair for pair in headers if pair[0].lower() not in (b"content-length", b"etag", b"content-encoding")]
    extra = ((b"content-encoding", encoding.encode()), (b"content-length", b"%d" % size), (b"vary", b"Accept-Encoding"))
    return [*kept, *extra]


class LeanFonts:
    """Answer for Streamlit's own fonts: a cut of its icons, and our small Lao font for the text fonts, which the page
    asks for before it knows our theme.

    They weigh 640 kB, which a reader on a slow line would wait for before the map comes.
    """

    def __init__(self, app: ASGIApp, prefix: str = "/static/") -> None:
        self.app = app
        self.icons = f"{prefix}media/MaterialSymbols-Rounded."
        self.unused = tuple(f"{prefix}media/{name}" for name in ("SourceSans", "SourceCode", "SourceSerif"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on all but a GET of one of those fonts."""
        path = scope.get("path", "")
        ours = ICONS if path.startswith(self.icons) else LETTERLESS if path.startswith(self.unused) else None
        if scope["type"] != "http" or ours is None or not ours.is_file():
            await self.app(scope, receive, send)
            return
        response = FileResponse(ours, media_type="font/woff2", headers={"Cache-Control": FOREVER})
        await response(scope, receive, send)


async def _answer(send: Send, status: int, headers: Sequence[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})
    await send({"type": "http.response.body", "body": body})
