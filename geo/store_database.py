"""Floor 2: where the store lies: its file or server, its shape brought up to date, and its transactions.

Reading never makes anything: a store that nobody has written is empty.  The first write makes it.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text, update
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool, QueuePool

from geo.store_tables import state
from geo.store_values import ReadOnlyError, StoreError

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
HEAD = "0004"  # the newest step in migrations/versions
WAIT = 30.0  # seconds that a write waits for the writes before it
UPGRADE_LOCK = 7_202_611  # any number, the same in every process: PostgreSQL's advisory lock while steps run
POSTGRES_NAMES = ("postgres", "postgresql", "postgresql+psycopg")
_upgrading = threading.Lock()  # Alembic keeps what it works on in module globals


def parse(address: str) -> URL:
    """Return the address as SQLAlchemy takes it, PostgreSQL always by psycopg 3.

    Raises:
        StoreError: when it is no address of a SQLite file or a PostgreSQL database.
    """
    expected = "expected sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME. Correct DATABASE_URL."
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise StoreError(f"Got an address of the store that cannot be read; {expected}") from None
    if url.drivername in POSTGRES_NAMES:
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        raise StoreError(f"Got a store of kind {url.drivername!r}; {expected}")
    return url


class Database:
    """A store's place, safe to share between threads; ``open`` brings an existing one up to date."""

    def __init__(self, url: URL, *, read_only: bool) -> None:
        self.url = url
        self.read_only = read_only
        self.path = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
        self._lock = threading.RLock()
        self._engine: Engine | None = None
        self._ready = False
        self._file: tuple[int, int] | None = None

    def __str__(self) -> str:
        return self.url.render_as_string(hide_password=True)

    def close(self) -> None:
        """Close every idle connection."""
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
            self._engine, self._ready, self._file = None, False, None

    @contextmanager
    def read(self) -> Iterator[Connection | None]:
        """Give a connection inside one transaction, or None where nobody has written yet.

        Raises:
            StoreError: when the store cannot be read.
        """
        with self._said("read"):
            engine = self._existing()
            if engine is None:
                yield None
                return
            with engine.connect() as connection:
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection inside one transaction that no other write overlaps; kept whole at the end, or not at all.

        Raises:
            ReadOnlyError: when this process may not write.
            StoreError: when the store cannot be written.
        """
        with self._said("written"):
            engine = self._existing() or self._made()
            if self._refuses():
                raise ReadOnlyError(
                    f"{self} can only be read here. Write from the staff process, or mend the folder's rights."
                )
            with engine.connect().execution_options(immediate=True) as connection, connection.begin():
                if self.path is None:
                    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT:.0f}s'")
                connection.execute(update(state).values(serial=state.c.serial + 1, token=token_hex(8)))
                yield connection

    @contextmanager
    def _said(self, done: str) -> Iterator[None]:
        """Turn the library's errors into one for people; its text may bear data, so the first line alone is shown."""
        try:
            yield
        except (SQLAlchemyError, OSError, sqlite3.Error) as error:
            cause = str(getattr(error, "orig", None) or error).strip().split("\n")[0]
            raise StoreError(
                f"The store at {self} could not be {done}: {cause}. Expected one that answers. Check that the file or "
                "server is there, whole and not full; look whether the last change was kept before you repeat it."
            ) from error

    def _refuses(self) -> bool:
        if self.read_only or self.path is None:
            return self.read_only
        folder = next(one for one in (self.path.parent, *self.path.parents) if one.exists())
        return not os.access(folder, os.W_OK) or (self.path.exists() and not os.access(self.path, os.W_OK))

    def _existing(self) -> Engine | None:
        """Return the engine of a store that is there, up to date; None where there is none."""
        if self.path is not None:
            try:
                found = os.stat(self.path)
            except FileNotFoundError:
                self.close()
                return None
            if self._file != (found.st_dev, found.st_ino):  # made, restored or removed behind our back
                with self._lock:
                    self.close()
                    self._file = (found.st_dev, found.st_ino)
        if self._ready and self._engine is not None:
            return self._engine
        with self._lock:
            engine = self._engine or self._connected()
            self._engine = engine
            self._ready = self._current(engine)
            return engine if self._ready else None

    def _made(self) -> Engine:
        """Return the engine of a store made just now, or by another process a moment ago."""
        if self._refuses():
            raise ReadOnlyError(f"{self} is not there and cannot be made here. Name a folder that can be written.")
        with self._lock:
            if self.path is not None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self.path.touch()
            found = self._existing()  # by another process, a moment ago
            if found is None:
                assert self._engine is not None  # connected and without a shape
                upgrade(self._engine)
                found = self._existing()
            if found is None:
                raise StoreError(f"{self} went away while it was made. Try again.")
            return found

    def _current(self, engine: Engine) -> bool:
        """Tell whether the store has the newest shape, after bringing it there; False where it has none yet."""
        found = revision(engine)
        if found in (None, HEAD):
            return found == HEAD
        if found not in known_revisions():
            raise StoreError(f"{self} has shape {found}, made by a newer app; expected {HEAD}. Upgrade this app.")
        if self._refuses():
            raise StoreError(f"{self} has shape {found}; expected {HEAD}. Start the staff process once: it mends that.")
        upgrade(engine)
        return True

    def _connected(self) -> Engine:
        if self.path is None:
            return _postgres(self.url, self.read_only)
        return _sqlite(self.path, read_only=self._refuses())


def _postgres(url: URL, read_only: bool) -> Engine:
    engine = create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10} | dict(url.query))

    @event.listens_for(engine, "connect")
    def connected(raw: Any, _record: object) -> None:
        raw.read_only = read_only

    return engine


def _sqlite(path: Path, *, read_only: bool) -> Engine:
    address = f"file:{quote(str(path.resolve()))}"

    def connect() -> sqlite3.Connection:
        mode = "?mode=rw"
        if read_only:
            # In a folder that cannot be written SQLite cannot make its side files, and needs none while nobody writes.
            alone = not os.access(path.parent, os.W_OK) and not Path(f"{path}-wal").exists()
            mode = "?mode=ro" + ("&immutable=1" if alone else "")
        raw = sqlite3.connect(address + mode, uri=True, timeout=WAIT, isolation_level=None, check_same_thread=False)
        raw.execute("PRAGMA foreign_keys = ON")
        if not read_only:
            _use_wal(raw)
            raw.execute("PRAGMA synchronous = FULL")  # a save that was said to be kept is on the disk
        return raw

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool if read_only else QueuePool)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def _use_wal(raw: sqlite3.Connection) -> None:
    """Set the write-ahead log, which the file remembers; SQLite itself does not wait for others while it changes."""
    end = time.monotonic() + WAIT
    while True:
        try:
            raw.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(0.02)


def revision(engine: Engine) -> str | None:
    """Return the step that the store's shape is at, None for none."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return found


def known_revisions() -> frozenset[str]:
    """Return every step that this program knows."""
    from alembic.script import ScriptDirectory  # a tenth of a second that only an old store costs

    return frozenset(step.revision for step in ScriptDirectory(str(MIGRATIONS)).walk_revisions())


def upgrade(engine: Engine) -> None:
    """Run the steps that are missing, all in one transaction; of two processes the second finds none."""
    with engine.connect().execution_options(immediate=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})")
        steps(connection, "head")


def steps(connection: Connection, to: str) -> None:
    """Run the steps up to ``to`` that are missing, in the transaction of the caller."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with _upgrading:
        config.attributes["connection"] = connection
        command.upgrade(config, to)
