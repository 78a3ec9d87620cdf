"""Places for a store, a PostgreSQL server of our own among them, and the program that other processes run."""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import multiprocessing
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path

import psycopg

from geo.errors import Problem
from geo.fields import Activity
from geo.repairs import Repair
from geo.store import ConflictError, open_store

ROOT = Path(__file__).resolve().parent.parent
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.support_store", "alembic.command", "alembic.config"])
ANSWER_SECONDS = 60
UNPRIVILEGED = ("postgres", "nobody")  # the server refuses root


@dataclass(frozen=True)
class Report:
    """An intake as the store takes it."""

    activities: tuple[Activity, ...]
    digest: str
    problems: tuple[Problem, ...] = ()
    rejected: int = 0
    name: str = "file.csv"
    kind: str = "csv"
    sheet: str = ""
    mapping: tuple[tuple[str, str], ...] = ()
    repairs: tuple[Repair, ...] = ()

    @property
    def rows_read(self) -> int:
        return len(self.activities) + self.rejected


def report(data: bytes, ids: Sequence[str], **values: object) -> Report:
    """Return a report on ``data`` that found activities of these ids."""
    activities = tuple(Activity(one, f"Title of {one}") for one in ids)
    return Report(activities, hashlib.sha256(data).hexdigest(), **values)  # type: ignore[arg-type]


def binaries() -> Path | None:
    """Return the folder of the server's programs, the newest on the machine; None where there is none."""
    found = [Path(path).parent for path in (shutil.which("initdb"),) if path]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    return next((folder for folder in found if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None)


def _owner() -> str | None:
    """Return the account that the server runs as: our own, or an unprivileged one where we are root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in UNPRIVILEGED if name in names)


@cache
def cluster() -> str:
    """Start a server on a socket of its own and return the address of its first database; it stops at our end."""
    programs, owner = binaries(), _owner()
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="lao_sdg_pg_"))
    if owner:
        shutil.chown(folder, owner)
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run(
            command, cwd=folder, user=owner, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=60
        )

    run(str(programs / "initdb"), "-D", str(data), "-U", "map", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=60 -c shared_buffers=32MB"
    control = (str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"))
    run(*control, "-o", options, "start")

    def stop() -> None:
        run(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    return f"postgresql://map@/postgres?host={folder}"


def new_database() -> str:
    """Return the address of a fresh, empty database."""
    address = cluster()
    with psycopg.connect(address, autocommit=True) as connection:
        number = connection.execute("SELECT count(*) FROM pg_database").fetchone()
        assert number is not None
        name = f"store{number[0]}"
        connection.execute(f"CREATE DATABASE {name}".encode())
    return address.replace("/postgres?", f"/{name}?")


class Worker:
    """A process of its own that does a job; it starts at once, since it is forked from one that has the imports.

    A job gets a pipe's end first and sends a message for each thing that was acknowledged.
    """

    def __init__(self, job: Callable[..., None], *arguments: object) -> None:
        self.pipe, theirs = FORKS.Pipe(duplex=False)
        self.process = FORKS.Process(target=job, args=(theirs, *arguments), daemon=True)
        self.process.start()
        theirs.close()

    def heard(self) -> list[int | str]:
        """Wait for the end and return every message that was not received yet."""
        found: list[int | str] = []
        try:
            while self.pipe.poll(ANSWER_SECONDS):
                found.append(self.pipe.recv())
        except EOFError:
            self.process.join(ANSWER_SECONDS)
            self.pipe.close()
            return found
        raise TimeoutError(f"nothing heard for {ANSWER_SECONDS} s, after {found[-3:]}")


def saves(pipe: Connection, address: str, author: str, count: int, *ids: str) -> None:
    """Decide ``count`` times in turn on the activities, anew after each conflict."""
    store = open_store(address)
    pipe.send("ready")
    for turn in range(count):
        key, kept = ids[turn % len(ids)], None
        while kept is None:
            found = store.decisions().get(key)
            seen, reason = found.id if found else None, f"{author} {turn}"
            with contextlib.suppress(ConflictError):
                kept = store.decide_scope(key, "nationwide", (), reason, author, seen=seen)
        pipe.send(kept.id)
    store.close()


def race(pipe: Connection, address: str, author: str, key: str, start: Event) -> None:
    """Decide once, having seen nothing, at the moment when all others do."""
    store = open_store(address)
    pipe.send("ready")
    start.wait(ANSWER_SECONDS)
    try:
        pipe.send(store.decide_scope(key, "nationwide", (), "first", author).id)
    except ConflictError as error:
        pipe.send(f"conflict {error.theirs.author if error.theirs else ''}")
    store.close()
