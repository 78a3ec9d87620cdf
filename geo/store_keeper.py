"""Floor 2: the store as the rest of the program uses it: every read and every write is one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from sqlalchemy import select

from geo import store_backup, store_decisions, store_mending, store_people, store_report, store_rows, store_versions
from geo.errors import Problem
from geo.store_backup import Backup
from geo.store_boundaries import BoundaryVersions
from geo.store_database import Database
from geo.store_mending import Mending
from geo.store_report import StoreReport
from geo.store_tables import audit
from geo.store_values import MAX_NAME, MAX_REASON, AuditEntry, Decision, Person, Received, Version, clean, draft

EMPTY = "empty"  # the stamp of a store that nobody has written


class Store:
    """Versions, decisions and the audit trail in one place; safe to share between threads.

    Every method raises ``StoreError`` when the store cannot be reached, every write ``ReadOnlyError`` where this
    process may not write, and ``DecisionError`` for words that are missing, too long or no text.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

        self.boundaries = BoundaryVersions(database)

    def __str__(self) -> str:
        return str(self._database)

    def close(self) -> None:
        """Close every idle connection; the store opens again when it is used."""
        self._database.close()

    def stamp(self) -> str:
        """Return a short text that every write changes, for use as a cache key; well below a millisecond."""
        with self._database.read() as connection:
            if connection is None:
                return EMPTY
            # Every run of every session asks this: the plain text is three times as fast as a built query.
            serial, token = connection.exec_driver_sql("SELECT serial, token FROM state").one()
            return f"{serial}-{token}"

    def decide_scope(
        self,
        activity_id: str,
        scope: str,
        areas: Iterable[str],
        reason: str,
        author: str,
        *,
        seen: int | None = None,
    ) -> Decision:
        """Keep a person's decision on where an activity counts.

        ``areas`` are P-codes, some for scope "subnational" and none else.  ``seen`` is the id of the decision in force
        that the person saw, None for none: what others did meanwhile is never overwritten unseen.

        Raises:
            ConflictError: when another decision is in force than the one seen; it bears both.
            DecisionError: when the scope is unknown or does not go with the areas.
            UnknownCodeError: when the activity or an area is not known.
        """
        mine = draft(activity_id, scope, areas, reason, author)
        with self._database.write() as connection:
            return store_decisions.decide(connection, mine, seen)

    def undo(self, decision_id: int, reason: str, author: str) -> Decision:
        """Take a decision back; the one before it, or the rule, holds again.

        Raises:
            ConflictError: when it was undone already.
            UnknownCodeError: when there is no such decision.
        """
        why, who = clean(reason, "reason", MAX_REASON), clean(author, "name", MAX_NAME)
        with self._database.write() as connection:
            return store_decisions.undo(connection, decision_id, why, who)

    def decisions(self) -> dict[str, Decision]:
        """Return the decision in force by activity id: the newest that was not undone."""
        with self._database.read() as connection:
            return store_decisions.in_force(connection) if connection else {}

    def history(self, activity_id: str) -> tuple[Decision, ...]:
        """Return every decision on an activity, those undone among them, the oldest first."""
        with self._database.read() as connection:
            return store_decisions.history(connection, activity_id) if connection else ()

    def add_version(
        self, data: bytes, intake: Received, author: str, note: str = "", *, base: int | None = None
    ) -> Version:
        """Keep an upload with its bytes, problems and activity ids; it is shown once it is published.

        ``base`` is the version that it adds to, 0 the embedded data, None where it is to stand for all the data.
        Raises:
            DecisionError, UnknownCodeError: when ``intake`` is not of ``data``; when there is no version ``base``.
        """
        who, said = clean(author, "name", MAX_NAME), clean(note, "note", MAX_REASON, required=False)
        packed = store_versions.pack_bytes(data, intake)
        with self._database.write() as connection:
            return store_versions.add(connection, packed, len(data), intake, who, said, base)

    def publish(self, version_id: int | None, author: str, *, seen: int | None = -1) -> Version | None:
        """Show a version to everybody from now on; None goes back to the embedded data.

        ``seen`` is the version that the person saw shown (None: the embedded data), -1 where they saw none.

        Raises:
            ConflictError: when another one is shown than the one seen.
            UnknownCodeError: when there is no such version.
        """
        who = clean(author, "name", MAX_NAME)
        with self._database.write() as connection:
            return store_versions.publish(connection, version_id, who, seen)

    def current_version(self) -> Version | None:
        """Return the version that is shown, None for the embedded data."""
        with self._database.read() as connection:
            return store_versions.current(connection) if connection else None

    def versions(self) -> tuple[Version, ...]:
        """Return every version, the newest first."""
        with self._database.read() as connection:
            return store_versions.listed(connection) if connection else ()

    def version_bytes(self, version_id: int) -> bytes:
        """Return the bytes of an upload as they came.

        Raises:
            StoreError: when they are no longer what was kept.
            UnknownCodeError: when there is no such version.
        """
        with self._database.read() as connection:
            return store_versions.read_bytes(connection, version_id)

    def version_problems(self, version_id: int) -> tuple[Problem, ...]:
        """Return the problems that intake reported on a version, in its order."""
        with self._database.read() as connection:
            return store_versions.read_problems(connection, version_id) if connection else ()

    def version_mending(self, version_id: int) -> Mending:
        """Return what a person said of a version: what it adds to, its sheet, columns and repairs."""
        with self._database.read() as connection:
            return store_mending.of_version(connection, version_id) if connection else Mending()

    def columns_of(self, agency: str) -> dict[str, str]:
        """Return our field by heading, as an agency's columns were understood the last time."""
        with self._database.read() as connection:
            return store_mending.columns_of(connection, agency) if connection else {}

    def remember_columns(self, agency: str, mapping: Mapping[str, str], author: str) -> None:
        """Keep how an agency's columns are understood, for its next file."""
        with self._database.write() as connection:
            store_mending.remember(connection, agency, mapping, clean(author, "name", MAX_NAME))

    def people(self) -> tuple[Person, ...]:
        """Return everybody of the allow-list, by address; those of ``STAFF_ADMINS`` are not in it."""
        with self._database.read() as connection:
            return store_people.listed(connection) if connection else ()

    def find_people(self, names: Iterable[str]) -> tuple[Person, ...]:
        """Return every row of the allow-list on one of the names, those removed among them, the newest first."""
        with self._database.read() as connection:
            return store_people.find(connection, names) if connection else ()

    def add_person(self, who: str, role: str, author: str, agency: str = "") -> Person:
        """Let a person in, or give one who is in another role; ``agency`` binds an editor, by code or name.

        Raises:
            UnknownCodeError: when the agency is not known.
        """
        name, by = store_people.address(who), clean(author, "name", MAX_NAME)
        known, code = store_people.checked(role, agency)
        with self._database.write() as connection:
            return store_people.add(connection, name, known, code, by)

    def remove_person(self, who: str, author: str) -> Person:
        """Let a person in no more; one of ``STAFF_ADMINS`` too, until the store lets them in again.

        Raises:
            UnknownCodeError: when the person is not in.
        """
        name, by = store_people.address(who), clean(author, "name", MAX_NAME)
        with self._database.write() as connection:
            return store_people.remove(connection, name, by, seeded=name in store_people.first_admins())

    def backup(self, path: Path) -> Backup:
        """Write the whole store to a new file, as of one moment; the same moment gives the same bytes.

        Raises:
            StoreError: when the file is there already or cannot be written, or nobody has written the store yet.
        """
        return store_backup.make(self._database, path)

    def note_backup(self, made: Backup, author: str) -> None:
        """Write into the trail that a backup was made, so that people can see how old the last one is."""
        with self._database.write() as connection:
            store_rows.log(
                connection, clean(author, "name", MAX_NAME), store_backup.BACKUP, "store", {"backup_of": made.last}
            )

    def restore(self, path: Path, author: str, *, replace: bool = False) -> Backup:
        """Make the store what it was when a backup was written, all of it or nothing.

        Raises:
            StoreError: when the file is no whole backup, or, without ``replace``, when it lacks writes of the store.
        """
        return store_backup.restore(self._database, path, clean(author, "name", MAX_NAME), replace=replace)

    def audit(self, limit: int = 100) -> tuple[AuditEntry, ...]:
        """Return the last ``limit`` entries of the audit trail, the newest first."""
        query = select(audit).order_by(audit.c.id.desc()).limit(limit)
        with self._database.read() as connection:
            return tuple(map(store_rows.entry, connection.execute(query))) if connection else ()

    def report(self) -> StoreReport:
        """Return what the store is, where it lies and how much it holds, for those who look after it."""
        return store_report.read(self._database)
