"""Floor 2: decisions of people on single activities, on a connection inside a transaction of the store."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, insert, select, update

from geo import checks, pack, parquet
from geo import store_rows as rows
from geo.errors import UnknownCodeError
from geo.readers import delimited
from geo.store_tables import decisions, known_activities
from geo.store_values import ConflictError, Decision, Draft, conflict, unknown_activity

NEAREST_AMONG = 10_000  # ids looked through for the nearest one


def decide(connection: Connection, mine: Draft, seen: int | None) -> Decision:
    """Keep a decision, unless another is in force than the one that the person saw.

    Raises:
        ConflictError: when another one is in force.
        UnknownCodeError: when the activity is not known.
    """
    _must_be_known(connection, mine.activity_id)
    theirs = in_force(connection, mine.activity_id).get(mine.activity_id)
    if (theirs.id if theirs else None) != seen:
        raise conflict(mine, theirs)
    shared = {"scope": mine.scope, "areas": list(mine.areas), "reason": mine.reason}
    values = {**shared, "activity_id": mine.activity_id, "kind": "scope", "author": mine.author, "created": rows.now()}
    new = insert(decisions).values(**values, undone_by="", undone_reason="").returning(*decisions.c)
    kept = rows.decision(connection.execute(new).one())
    detail = {**shared, "decision": kept.id, "instead_of": seen}
    rows.log(connection, mine.author, "decide", f"activity {mine.activity_id}", detail)
    return kept


def undo(connection: Connection, decision_id: int, why: str, who: str) -> Decision:
    """Mark a decision undone.

    Raises:
        ConflictError: when it was undone already.
        UnknownCodeError: when there is no such decision.
    """
    found = connection.execute(select(decisions).where(decisions.c.id == decision_id)).one_or_none()
    if found is None:
        raise UnknownCodeError(f"Got decision {decision_id}; expected the number of one that was kept. Look it up.")
    old = rows.decision(found)
    if old.undone_at is not None:
        raise ConflictError(
            f"Decision {decision_id} was undone already by {old.undone_by} at {rows.shown(old.undone_at)}, "
            f"because: {old.undone_reason} Expected one in force; nothing was changed.",
            None,
            old,
        )
    change = update(decisions).where(decisions.c.id == decision_id)
    change = change.values(undone_at=rows.now(), undone_by=who, undone_reason=why)
    undone = rows.decision(connection.execute(change.returning(*decisions.c)).one())
    rows.log(connection, who, "undo", f"activity {old.activity_id}", {"decision": decision_id, "reason": why})
    return undone


def in_force(connection: Connection, activity_id: str | None = None) -> dict[str, Decision]:
    """Return, for one activity or for all, the newest decision that was not undone."""
    wanted = decisions.c.undone_at.is_(None) & (decisions.c.kind == "scope")
    if activity_id is not None:
        wanted &= decisions.c.activity_id == activity_id
    found = map(rows.decision, connection.execute(select(decisions).where(wanted).order_by(decisions.c.id)))
    return {one.activity_id: one for one in found}


def history(connection: Connection, activity_id: str) -> tuple[Decision, ...]:
    """Return every decision on an activity, the oldest first."""
    query = select(decisions).where(decisions.c.activity_id == activity_id).order_by(decisions.c.id)
    return tuple(map(rows.decision, connection.execute(query)))


def embedded_file() -> Path:
    """Return the file of activities that is there without any upload: the pack's own, or the one that ``DATA`` names.

    Raises:
        PackError: when the pack lacks its own.
    """
    named = os.environ.get("DATA", "")
    return Path(named) if named else pack.path(pack.settings().data["activities"])


def _must_be_known(connection: Connection, activity_id: str) -> None:
    ids = _ids(embedded_file())
    if activity_id in ids:
        return
    column = known_activities.c.activity_id
    if connection.execute(select(column).where(column == activity_id)).one_or_none() is None:
        others = connection.scalars(select(column).order_by(column).limit(NEAREST_AMONG))
        raise unknown_activity(activity_id, [*sorted(ids), *others])


@cache
def _ids(path: Path) -> frozenset[str]:
    """Return the ids of the activities in a file that intake would accept."""
    if path.is_dir():
        parts = sorted(path.glob("activities/*.parquet"))  # as geo/partitions.py has them
        return frozenset(key for part in parts for key in parquet.read(part, ["activity_id"])[0].to_pylist())
    table = delimited.read(path.read_bytes(), path.name)
    found = (checks.check_row(raw.row, raw.cells)[0] for raw in table.rows)
    return frozenset(activity.activity_id for activity in found if activity is not None)
