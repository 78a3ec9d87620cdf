"""Files that the map's document asks for, held in memory under addresses that bear their contents' digest.

Streamlit's script and the server run in one process and share this module: a page publishes, the route of
``pages/_ui/server.py`` serves.  An address never changes its contents, so a browser may keep it for good.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache

import streamlit as st

from geo import webmap

ROUTE = "map-data"
KEPT_TABLES = 8  # point tables in memory; an older one is published again when its data set is shown again


@dataclass(frozen=True, slots=True)
class MapFile:
    """One file: its bytes and its media type."""

    body: bytes
    kind: str


KINDS = {
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "json": "application/json",
    "geojson": "application/geo+json",
    "bin": "application/octet-stream",
    "woff2": "font/woff2",
}
_tables: dict[str, MapFile] = {}


def _kind(name: str) -> str:
    return KINDS[name.rsplit(".", 1)[-1]]


@cache
def documents() -> tuple[str, dict[str, MapFile]]:
    """Return the digest of the document's files and the files by name; built once a process."""
    names = {"map.html": webmap.document(webmap.languages()[0]).encode()}
    names |= {name: webmap.asset(name) for name in webmap.ASSET_NAMES}
    total = hashlib.sha256()
    for name in sorted(names):
        total.update(name.encode() + b"\0" + hashlib.sha256(names[name]).digest())
    return total.hexdigest()[:16], {name: MapFile(body, _kind(name)) for name, body in names.items()}


def find(digest: str, name: str) -> MapFile | None:
    """Return the file at ``/map-data/<digest>/<name>``, or None."""
    if found := _tables.get(f"{digest}/{name}"):
        return found
    version, files = documents()
    return files.get(name) if digest == version else None


def document_url() -> str:
    """Return the address of the map's document, below the server's base path."""
    return _address(f"{documents()[0]}/map.html")


def publish_points(table: bytes) -> str:
    """Hold a point table (``webmap.point_table``) and return its address; the same table has the same address."""
    key = f"{hashlib.sha256(table).hexdigest()[:16]}/points.bin"
    if key not in _tables:
        while len(_tables) >= KEPT_TABLES:
            _tables.pop(next(iter(_tables)))
        _tables[key] = MapFile(table, _kind(key))
    return _address(key)


def base() -> str:
    """Return the server's base path with a slash at its start and none at its end; "" at the root."""
    path = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""


def _address(key: str) -> str:
    return f"{base()}/{ROUTE}/{key}"
