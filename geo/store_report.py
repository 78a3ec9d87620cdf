"""Floor 2: what the store is, where it lies and how much it holds, for those who look after it; never a password."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, Table, func, select

from geo.store_backup import BACKUP, RESTORE
from geo.store_database import HEAD, Database
from geo.store_tables import audit, boundary_versions, contents, decisions, mendings, people, versions

SQLITE, POSTGRES = "SQLite", "PostgreSQL"
SIDE_FILES = ("", "-wal", "-shm")  # what SQLite keeps beside its file counts as well


@dataclass(frozen=True, slots=True)
class StoreReport:
    """A store at one moment; sizes in bytes, times UTC.

    ``name`` may be shown to everybody of the staff (the file's or the database's name), ``place`` (the path, or host
    and database) to those who run the machine.  ``size`` is None where the server does not tell it, ``free`` where the
    disk is not this machine's.  ``shape`` is "" for a store that nobody has written.  ``packed`` is what the kept files
    take, ``unpacked`` what they took as they came.  ``backed_up`` is when the last backup was noted in the trail (None:
    none was) and ``since`` the number of writes after it.
    """

    kind: str
    server: str
    name: str
    place: str
    shape: str = ""
    size: int | None = 0
    free: int | None = None
    rows: Mapping[str, int] = field(default_factory=dict)
    files: int = 0
    packed: int = 0
    unpacked: int = 0
    backed_up: datetime | None = None
    backed_up_by: str = ""
    since: int = 0


COUNTED: Mapping[str, Table] = {
    "versions": versions,
    "decisions": decisions,
    "boundary_versions": boundary_versions,
    "audit": audit,
}


def read(database: Database) -> StoreReport:
    """Look at a store in one transaction.

    Raises:
        StoreError: when it cannot be read.
    """
    with database.read() as connection:
        place = _file(database.path) if database.path is not None else _server(database, connection)
        if connection is None:
            return StoreReport(**place, rows=dict.fromkeys((*COUNTED, "in_force", "corrections", "people"), 0))
        if database.path is None:
            place["size"] = connection.execute(select(func.pg_database_size(func.current_database()))).scalar()
        return StoreReport(**place, shape=HEAD, **_held(connection), **_backed_up(connection))


def _file(path: Path) -> dict[str, Any]:
    found = [Path(f"{path}{end}") for end in SIDE_FILES]
    folder = next(one for one in (path.resolve().parent, *path.resolve().parents) if one.exists())
    return {
        "kind": SQLITE,
        "server": sqlite3.sqlite_version,
        "name": path.name,
        "place": str(path.resolve()),
        "size": sum(one.stat().st_size for one in found if one.exists()),
        "free": shutil.disk_usage(folder).free,
    }


def _server(database: Database, connection: Connection | None) -> dict[str, Any]:
    url = database.url
    host = url.host or url.query.get("host") or "localhost"
    where = host if isinstance(host, str) else ", ".join(host)
    name = url.database or url.username or ""
    version = connection.dialect.server_version_info if connection is not None else None
    return {
        "kind": POSTGRES,
        "server": ".".join(map(str, version or ())),
        "name": name,
        "place": f"{where}:{url.port}/{name}" if url.port else f"{where}/{name}",
    }


def _held(connection: Connection) -> dict[str, Any]:
    rows = {name: _number(connection, select(func.count()).select_from(table)) for name, table in COUNTED.items()}
    # The newest decision on an activity that was not undone holds; an older one under it waits.
    held = select(func.count(decisions.c.activity_id.distinct())).where(decisions.c.undone_at.is_(None))
    rows["in_force"] = _number(connection, held)
    rows["corrections"] = _number(connection, select(func.sum(func.json_array_length(mendings.c.repairs))))
    rows["people"] = _number(connection, select(func.count()).where(people.c.removed_at.is_(None)))
    sizes = (select(func.sum(table.c.size)) for table in (versions, boundary_versions))
    return {
        "rows": rows,
        "files": rows["versions"] + rows["boundary_versions"],
        "packed": _number(connection, select(func.sum(func.length(contents.c.packed)))),
        "unpacked": sum(_number(connection, query) for query in sizes),
    }


def _backed_up(connection: Connection) -> dict[str, Any]:
    newest = select(audit).where(audit.c.action == BACKUP).order_by(audit.c.id.desc()).limit(1)
    last = connection.execute(newest).one_or_none()
    later = select(func.count()).select_from(audit).where(audit.c.action.not_in((BACKUP, RESTORE)))
    since = _number(connection, later.where(audit.c.id > last.id) if last else later)
    return {
        "backed_up": last.at if last else None,
        "backed_up_by": last.who if last else "",
        "since": since,
    }


def _number(connection: Connection, query: Select[Any]) -> int:
    """Return the number that a query asks for, 0 where there is no row to add up."""
    return int(connection.execute(query).scalar() or 0)
