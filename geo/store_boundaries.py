"""Floor 2: versions of the boundaries: files kept whole, and which of them the map draws; beside those of the data."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from geo import store_rows as rows
from geo.errors import UnknownCodeError
from geo.store_database import Database
from geo.store_tables import boundary_versions as table
from geo.store_tables import contents
from geo.store_values import MAX_NAME, MAX_REASON, StoreError, clean


@dataclass(frozen=True, slots=True)
class BoundaryVersion:
    """One file of boundaries that was kept; times are UTC; ``districts`` is the SHA-256 of what is drawn of it."""

    id: int
    created: datetime
    author: str
    file_name: str
    kind: str
    sha256: str
    districts: str
    size: int
    credit: str
    note: str
    published: bool
    published_at: datetime | None


class BoundaryVersions:
    """The boundaries' versions of a store; every method raises and writes as those of ``geo.store.Store`` do."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, data: bytes, districts: bytes, *, name: str, kind: str, author: str, credit: str, note: str = ""
    ) -> BoundaryVersion:
        """Keep a file and its districts as the app draws them; they are drawn once the version is published.

        Raises:
            DecisionError: when the author or the credit is missing or too long.
        """
        who, credited = clean(author, "name", MAX_NAME), clean(credit, "credit", MAX_REASON)
        said = clean(note, "note", MAX_REASON, required=False)
        packed = [(hashlib.sha256(body).hexdigest(), zlib.compress(body)) for body in (data, districts)]
        with self._database.write() as connection:
            for digest, body in packed:
                _keep(connection, digest, body)
            values = {
                "created": rows.now(),
                "author": who,
                "file_name": name,
                "kind": kind,
                "sha256": packed[0][0],
                "districts": packed[1][0],
                "size": len(data),
                "credit": credited,
                "note": said,
                "published": False,
            }
            row = connection.execute(insert(table).values(**values).returning(*table.c)).one()
            kept = BoundaryVersion(**row._mapping)
            rows.log(connection, who, "add boundaries", f"boundaries {kept.id}", {"sha256": kept.sha256, "file": name})
            return kept

    def publish(self, version_id: int | None, author: str) -> BoundaryVersion | None:
        """Draw a version's districts from the next start of each process on; None goes back to the embedded ones.

        Raises:
            UnknownCodeError: when there is no such version.
        """
        who = clean(author, "name", MAX_NAME)
        with self._database.write() as connection:
            before = connection.scalar(select(table.c.id).where(table.c.published))
            connection.execute(update(table).where(table.c.published).values(published=False))
            shown = None
            if version_id is not None:
                change = update(table).where(table.c.id == version_id).values(published=True, published_at=rows.now())
                row = connection.execute(change.returning(*table.c)).one_or_none()
                if row is None:
                    raise _unknown(version_id)
                shown = BoundaryVersion(**row._mapping)
            subject = f"boundaries {version_id}" if shown else "embedded boundaries"
            rows.log(connection, who, "publish boundaries", subject, {"instead_of": before})
            return shown

    def current(self) -> BoundaryVersion | None:
        """Return the version that is drawn, None for the embedded boundaries."""
        with self._database.read() as connection:
            if connection is None:
                return None
            row = connection.execute(select(table).where(table.c.published)).one_or_none()
            return BoundaryVersion(**row._mapping) if row else None

    def listed(self) -> tuple[BoundaryVersion, ...]:
        """Return every version, the newest first."""
        with self._database.read() as connection:
            if connection is None:
                return ()
            found = connection.execute(select(table).order_by(table.c.id.desc()))
            return tuple(BoundaryVersion(**row._mapping) for row in found)

    def districts(self, version_id: int) -> bytes:
        """Return the districts of a version as ``boundaries.use`` takes them.

        Raises:
            StoreError: when they are no longer what was kept.
            UnknownCodeError: when there is no such version.
        """
        query = select(contents.c.sha256, contents.c.packed).join(table, table.c.districts == contents.c.sha256)
        with self._database.read() as connection:
            row = connection.execute(query.where(table.c.id == version_id)).one_or_none() if connection else None
        if row is None:
            raise _unknown(version_id)
        try:
            data = zlib.decompress(row.packed)
        except zlib.error:
            data = b""
        if hashlib.sha256(data).hexdigest() != row.sha256:
            raise StoreError(
                f"The bytes of boundaries {version_id} are damaged: their SHA-256 differs. Restore a backup."
            )
        return data


def _keep(connection: Connection, digest: str, packed: bytes) -> None:
    if connection.execute(select(contents.c.sha256).where(contents.c.sha256 == digest)).one_or_none() is None:
        connection.execute(insert(contents).values(sha256=digest, packed=packed))


def _unknown(version_id: int) -> UnknownCodeError:
    return UnknownCodeError(f"Got boundaries {version_id}; expected the number of a version that was kept. Look it up.")
