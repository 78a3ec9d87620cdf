"""Floor 2: the whole store in one file and back: the same file from SQLite and from PostgreSQL, for either.

A ZIP of one text file a table (a JSON object a line), the bytes of uploads, and a list of all of them with their
SHA-256.  It is read in one transaction, so that it holds one moment, and the same moment gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any, BinaryIO

from sqlalchemy import Connection, DateTime, LargeBinary, MetaData, Row, Table, inspect, select, update

from geo.store_database import HEAD, Database, known_revisions, steps
from geo.store_rows import log, shown
from geo.store_tables import audit, contents, metadata, state
from geo.store_values import StoreError

FORMAT = 1
LIST = "manifest.json"
STAMP = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP can say: a backup tells its moment by the trail, not by a clock
CHUNK = 1 << 20
AT_ONCE = 500  # rows
LARGEST = 1 << 34  # bytes of one entry; a larger one is no backup of ours
BACKUP, RESTORE = "backup", "restore"  # in the trail
NEVER = "1970-01-01T00:00:00+00:00"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup says of itself: the shape and the stamp of its store, and its entries with size and SHA-256."""

    revision: str
    serial: int
    last: str  # the moment of the newest entry of the trail, ISO 8601
    rows: Mapping[str, int]
    entries: Mapping[str, tuple[int, str]]


def make(database: Database, path: Path) -> Backup:
    """Write the store to a new file, whole or not at all; nobody else on the machine may read it.

    Raises:
        StoreError: when the file is there already or cannot be written, or nobody has written the store yet.
    """
    if path.exists():
        raise StoreError(f"{path} is there already; expected the name of a new file. Choose another, or remove it.")
    with _whole(path) as target, database.read() as connection:
        if connection is None:
            raise StoreError(f"{database} is empty: nobody has written it yet. There is nothing to back up.")
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        return write(connection, HEAD, target)


def restore(database: Database, path: Path, who: str, *, replace: bool = False) -> Backup:
    """Make the store what it was when the file was written, in one transaction: all of it or nothing.

    Raises:
        ReadOnlyError: when this process may not write.
        StoreError: when the file is no whole backup or of a newer program, or, without ``replace``, when the store
            holds writes that the file lacks.
    """
    found = check(path)
    if found.revision not in known_revisions():
        raise StoreError(f"{path} has shape {found.revision}, made by a newer app; expected {HEAD}. Upgrade this app.")
    try:
        with database.write() as connection:
            if not replace and (gone := lost(connection, path)):
                raise StoreError(_would_lose(database, path, gone))
            serial = connection.execute(select(state.c.serial)).scalar_one()
            clear(connection)
            steps(connection, found.revision)
            fill(connection, path, found)
            steps(connection, "head")
            connection.execute(update(state).values(serial=max(serial, found.serial) + 1, token=token_hex(8)))
            log(connection, who, RESTORE, "store", {"backup_of": found.last, "replaced": replace})
    except (KeyError, ValueError, TypeError) as error:
        raise StoreError(f"{path} does not fit this app: {error}. Nothing was changed. Take another backup.") from error
    return found


def _would_lose(database: Database, path: Path, gone: list[Row[*tuple[Any, ...]]]) -> str:
    last = gone[-1]
    return (
        f"{database} holds {len(gone)} writes that {path} lacks, the last by {last.who} at {shown(last.at)} "
        f"({last.action}, {last.subject}). Nothing was changed. Back the store up first; then restore with --replace."
    )


@contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    """Give a file that stands at ``path`` once all of it is written and on the disk."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}. Choose a folder that is there.") from error
    try:
        with os.fdopen(handle, "wb") as target:
            yield target
            target.flush()
            os.fsync(target.fileno())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def write(connection: Connection, revision: str, target: BinaryIO) -> Backup:
    """Write everything that a connection sees within its transaction."""
    rows: dict[str, int] = {}
    entries: dict[str, tuple[int, str]] = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as file:
        for table in metadata.sorted_tables:
            lines = _Lines(connection, table)
            entries[f"{table.name}.jsonl"] = _entry(file, f"{table.name}.jsonl", lines)
            rows[table.name] = lines.count
        for (digest,) in connection.execute(select(contents.c.sha256).order_by(contents.c.sha256)).all():
            packed = connection.execute(select(contents.c.packed).where(contents.c.sha256 == digest)).scalar_one()
            entries[f"contents/{digest}"] = _entry(file, f"contents/{digest}", [packed])
        serial = connection.execute(select(state.c.serial)).scalar_one()
        newest = connection.execute(select(audit.c.at).order_by(audit.c.id.desc()).limit(1)).scalar()
        made = Backup(revision, serial, newest.isoformat() if newest else NEVER, rows, entries)
        about = {"format": FORMAT, "revision": revision, "serial": serial, "last": made.last, "rows": rows}
        text = json.dumps({**about, "entries": entries}, sort_keys=True, indent=1)
        file.writestr(zipfile.ZipInfo(LIST, STAMP), text)
    return made


class _Lines:
    """The rows of a table as lines of JSON, in the order of their keys."""

    def __init__(self, connection: Connection, table: Table) -> None:
        self.connection, self.table, self.count = connection, table, 0

    def __iter__(self) -> Iterator[bytes]:
        columns = [one for one in self.table.columns if not isinstance(one.type, LargeBinary)]
        query = select(*columns).order_by(*self.table.primary_key.columns)
        options = {"yield_per": AT_ONCE}
        for row in self.connection.execute(query, execution_options=options):
            self.count += 1
            yield _line(row)


def _line(row: Row[*tuple[Any, ...]]) -> bytes:
    values = {
        name: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
        for name, value in row._mapping.items()
    }
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode() + b"\n"


def _entry(file: zipfile.ZipFile, name: str, parts: Any) -> tuple[int, str]:
    """Write an entry part by part; return its size and SHA-256."""
    size, digest = 0, hashlib.sha256()
    about = zipfile.ZipInfo(name, STAMP)
    about.compress_type = zipfile.ZIP_STORED if name.startswith("contents/") else zipfile.ZIP_DEFLATED
    with file.open(about, "w", force_zip64=True) as out:
        for part in parts:
            size += len(part)
            digest.update(part)
            out.write(part)
    return size, digest.hexdigest()


# Reading it


def check(path: Path) -> Backup:
    """Read a backup through and check every byte of it against its list.

    Raises:
        StoreError: when it is no backup, is damaged, or was made by a newer program.
    """
    expected = "expected a file of `python -m geo backup` as it was made. Take another copy of it."
    try:
        with zipfile.ZipFile(path) as file:
            found = _about(json.loads(file.read(LIST)))
            names = set(file.namelist())
            if names != {LIST, *found.entries}:
                odd = ", ".join(sorted(names ^ {LIST, *found.entries})[:3])
                raise StoreError(f"{path} lacks or has too much: {odd}; {expected}")
            for name, (size, digest) in found.entries.items():
                if _digest(file, name, size) != digest:
                    raise StoreError(f"{path} is damaged: {name} is not what was kept; {expected}")
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError, NotImplementedError, RuntimeError) as error:
        if isinstance(error, StoreError):
            raise
        raise StoreError(f"{path} cannot be read: {type(error).__name__}: {error}; {expected}") from error
    return found


def _about(found: Any) -> Backup:
    if found["format"] != FORMAT:
        raise StoreError(f"Got a backup of format {found['format']}; expected {FORMAT}. Upgrade this app.")
    entries = {str(name): (int(size), str(digest)) for name, (size, digest) in found["entries"].items()}
    rows = {str(name): int(count) for name, count in found["rows"].items()}
    return Backup(str(found["revision"]), int(found["serial"]), str(found["last"]), rows, entries)


def _digest(file: zipfile.ZipFile, name: str, size: int) -> str:
    """Return the SHA-256 of an entry, "" for one that is longer or shorter than the list says."""
    if size > LARGEST or file.getinfo(name).file_size != size:
        return ""
    digest, read = hashlib.sha256(), 0
    with file.open(name) as entry:
        while (part := entry.read(CHUNK)) and read <= size:
            read += len(part)
            digest.update(part)
    return digest.hexdigest() if read == size else ""


def lines(path: Path, table: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table of a backup that was checked."""
    with zipfile.ZipFile(path) as file, file.open(f"{table}.jsonl") as entry:
        yield from map(json.loads, entry)


def lost(connection: Connection, path: Path) -> list[Row[*tuple[Any, ...]]]:
    """Return the entries of the trail that a restore would take away, the oldest first: writes the backup lacks."""
    known = {row["id"]: (row["who"], row["action"], row["subject"], row["at"]) for row in lines(path, audit.name)}
    found = connection.execute(select(audit).order_by(audit.c.id))
    same = ((row, known.get(row.id) == (row.who, row.action, row.subject, row.at.isoformat())) for row in found)
    return [row for row, kept in same if not kept and row.action not in (BACKUP, RESTORE)]


def clear(connection: Connection) -> None:
    """Take every table of ours away, and the guard of the trail."""
    there = MetaData()
    there.reflect(connection, only=lambda name, _: name in metadata.tables or name == "alembic_version")
    there.drop_all(connection)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS audit_guard()")


def fill(connection: Connection, path: Path, found: Backup) -> None:
    """Put the rows of a backup into empty tables of the shape that it was made of."""
    there = MetaData()
    there.reflect(connection, only=[name for name in found.rows if name in metadata.tables])
    connection.execute(there.tables[state.name].delete())  # the row that the first step puts in
    with zipfile.ZipFile(path) as file:
        for table in there.sorted_tables:
            _fill(connection, table, path, file)
    if connection.dialect.name == "postgresql":
        for table in there.sorted_tables:
            _set_sequence(connection, table)


def _fill(connection: Connection, table: Table, path: Path, file: zipfile.ZipFile) -> None:
    moments = [one.name for one in table.columns if isinstance(one.type, DateTime)]
    blobs = [one.name for one in table.columns if isinstance(one.type, LargeBinary)]
    batch: list[dict[str, Any]] = []
    for row in lines(path, table.name):
        for name in moments:
            row[name] = datetime.fromisoformat(row[name]) if row[name] else None
        for name in blobs:  # one at a time: an upload may be large
            row[name] = file.read(f"{table.name}/{row['sha256']}")
        batch.append(row)
        if blobs or len(batch) == AT_ONCE:
            connection.execute(table.insert(), batch)
            batch = []
    if batch:
        connection.execute(table.insert(), batch)


def _set_sequence(connection: Connection, table: Table) -> None:
    """Let new rows be numbered after those that were put in."""
    if not any(one["name"] == "id" and one.get("autoincrement") for one in inspect(connection).get_columns(table.name)):
        return
    connection.exec_driver_sql(
        f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), coalesce(max(id), 1), max(id) IS NOT NULL) "
        f"FROM {table.name}"
    )
