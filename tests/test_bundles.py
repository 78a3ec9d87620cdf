"""Streamlit's bundles as our server sends them: whole for everybody, also after a visitor who left early."""

from __future__ import annotations

import socket
import struct
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import brotli
from streamlit import file_util

BUNDLES = sorted((Path(file_util.get_static_dir()) / "static" / "js").glob("*.js"))[::8]


def leave_early(url: str, name: str) -> None:
    """Ask for a bundle and reset the connection before the answer."""
    at = urlsplit(url)
    with socket.create_connection((str(at.hostname), int(at.port or 0))) as one:
        head = f"GET /static/js/{name} HTTP/1.1\r\nHost: {at.netloc}\r\nAccept-Encoding: br\r\n\r\n"
        one.sendall(head.encode())
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_a_visitor_who_leaves_early_spoils_no_bundle_for_the_next(app_server: str) -> None:
    assert len(BUNDLES) > 20
    for bundle in BUNDLES:
        leave_early(app_server, bundle.name)
    for bundle in BUNDLES:
        request = urllib.request.Request(
            f"{app_server}/static/js/{bundle.name}", headers={"Accept-Encoding": "br", "Connection": "close"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert answer.headers["Content-Encoding"] == "br"
            assert brotli.decompress(answer.read()) == bundle.read_bytes(), bundle.name
