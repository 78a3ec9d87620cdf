"""Floor 2: uploads kept whole, and which of them is shown, on a connection inside a transaction of the store."""

from __future__ import annotations

import hashlib
import zlib
from typing import Any

from sqlalchemy import Connection, insert, select, text, update

from geo import store_mending
from geo import store_rows as rows
from geo.errors import Problem, UnknownCodeError
from geo.store_tables import contents, problems, versions
from geo.store_values import ConflictError, DecisionError, Received, StoreError, Version

ADD_KNOWN = text(
    "INSERT INTO known_activities (activity_id, first_version) VALUES (:activity_id, :first_version) "
    "ON CONFLICT DO NOTHING"
)


def pack_bytes(data: bytes, intake: Received) -> tuple[str, bytes]:
    """Return the SHA-256 of an upload and its bytes compressed.

    Raises:
        DecisionError: when ``intake`` was not read from ``data``.
    """
    digest = hashlib.sha256(data).hexdigest()
    if digest != intake.digest:
        got = f"Got a report on the file {intake.digest[:8]} for the bytes {digest[:8]}"
        raise DecisionError(f"{got}; expected one on these bytes. Read the file again.")
    return digest, zlib.compress(data)


def add(
    connection: Connection,
    packed: tuple[str, bytes],
    size: int,
    intake: Received,
    who: str,
    note: str,
    base: int | None,
) -> Version:
    """Keep an upload with its problems and activity ids.

    Raises:
        UnknownCodeError: when there is no version of the number of the base.
    """
    digest, body = packed
    if connection.execute(select(contents.c.sha256).where(contents.c.sha256 == digest)).one_or_none() is None:
        connection.execute(insert(contents).values(sha256=digest, packed=body))
    values: dict[str, Any] = {
        "created": rows.now(),
        "author": who,
        "file_name": intake.name,
        "kind": intake.kind,
        "sha256": digest,
        "size": size,
        "rows_read": intake.rows_read,
        "accepted": len(intake.activities),
        "rejected": intake.rejected,
        "note": note,
        "published": False,
    }
    kept = rows.version(connection.execute(insert(versions).values(**values).returning(*versions.c)).one())
    if found := [rows.problem_values(kept.id, place, problem) for place, problem in enumerate(intake.problems)]:
        connection.execute(insert(problems), found)
    if ids := [{"activity_id": one.activity_id, "first_version": kept.id} for one in intake.activities]:
        connection.execute(ADD_KNOWN, ids)
    store_mending.keep(connection, kept.id, intake, base)
    detail = {"sha256": digest, "file": intake.name, "note": note, "repairs": len(intake.repairs), "base": base}
    rows.log(connection, who, "add version", f"version {kept.id}", detail)
    return kept


def publish(connection: Connection, version_id: int | None, who: str, seen: int | None) -> Version | None:
    """Show a version, or the embedded data; ``seen`` is the one that the person saw shown, -1 where they saw none.

    Raises:
        ConflictError: when another one is shown than the one seen.
        UnknownCodeError: when there is no such version.
    """
    before = connection.scalar(select(versions.c.id).where(versions.c.published))
    if seen not in (-1, before):
        now = f"version {before}" if before else "the embedded data"
        raise ConflictError(
            f"Somebody showed {now} meanwhile. Nothing was changed. Look at it, then decide.", None, None
        )
    connection.execute(update(versions).where(versions.c.published).values(published=False))
    shown = None
    if version_id is not None:
        change = update(versions).where(versions.c.id == version_id).values(published=True, published_at=rows.now())
        row = connection.execute(change.returning(*versions.c)).one_or_none()
        if row is None:
            raise _unknown(version_id)
        shown = rows.version(row)
    subject = f"version {version_id}" if shown else "embedded data"
    rows.log(connection, who, "publish", subject, {"instead_of": before})
    return shown


def current(connection: Connection) -> Version | None:
    """Return the version that is shown, None for the embedded data."""
    row = connection.execute(select(versions).where(versions.c.published)).one_or_none()
    return rows.version(row) if row else None


def listed(connection: Connection) -> tuple[Version, ...]:
    """Return every version, the newest first."""
    return tuple(map(rows.version, connection.execute(select(versions).order_by(versions.c.id.desc()))))


def read_bytes(connection: Connection | None, version_id: int) -> bytes:
    """Return the bytes of an upload as they came.

    Raises:
        StoreError: when they are no longer what was kept.
        UnknownCodeError: when there is no such version.
    """
    query = select(contents.c.sha256, contents.c.packed).join_from(versions, contents)
    row = connection.execute(query.where(versions.c.id == version_id)).one_or_none() if connection else None
    if row is None:
        raise _unknown(version_id)
    try:
        data = zlib.decompress(row.packed)
    except zlib.error:
        data = b""
    if hashlib.sha256(data).hexdigest() != row.sha256:
        raise StoreError(f"The bytes of version {version_id} are damaged: their SHA-256 differs. Restore a backup.")
    return data


def read_problems(connection: Connection, version_id: int) -> tuple[Problem, ...]:
    """Return the problems of a version in the order of its intake."""
    query = select(problems).where(problems.c.version_id == version_id).order_by(problems.c.position)
    return tuple(map(rows.problem, connection.execute(query)))


def _unknown(version_id: int) -> UnknownCodeError:
    return UnknownCodeError(f"Got version {version_id}; expected the number of one that was kept. Look it up.")
