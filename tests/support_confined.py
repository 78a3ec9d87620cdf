"""What a reader of a hostile file might do in its child process; imports nothing, so that the child starts at once."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator


def hang(_data: bytes) -> Iterator[object]:
    while True:
        yield from ()


def eat(data: bytes) -> Iterator[object]:
    yield len(data * (1 << 40))


def pour(_data: bytes) -> Iterator[object]:
    while True:
        yield "x" * 1_000_000


def peek(_data: bytes, path: str) -> Iterator[object]:
    with open(path, "rb") as handle:
        yield handle.read(1).hex()


def dial(_data: bytes) -> Iterator[object]:
    yield socket.socket().fileno()


def echo(data: bytes, *words: str) -> Iterator[object]:
    yield [data.decode(), *words]


def die(_data: bytes) -> Iterator[object]:
    yield "first"
    os.abort()


def told(_data: bytes) -> Iterator[object]:
    yield [os.environ.get("OGR_SKIP"), os.environ.get("DATABASE_URL")]
