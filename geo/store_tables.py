"""Floor 2: the store's tables, as the migrations make them (a test compares the two)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypedColumns,
    TypeDecorator,
    column,
)

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC, aware on both sides; SQLite keeps it without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn a moment into UTC; a naive one has no meaning here and fails."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"got {value} without a time zone; expected an aware datetime")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give a moment back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class StateColumns(TypedColumns):
    """One row: each write raises ``serial`` and sets a new ``token``; it is also the lock that puts writes in a row."""

    one = Column(Integer, CheckConstraint("one = 1", name="single"), primary_key=True, autoincrement=False)
    serial = Column(Integer, nullable=False)
    token = Column(String(32), nullable=False)


class ContentColumns(TypedColumns):
    """Bytes of uploads, compressed by zlib, once for each SHA-256."""

    sha256 = Column(String(64), primary_key=True)
    packed = Column(LargeBinary, nullable=False)


class VersionColumns(TypedColumns):
    """A row for each upload that was kept."""

    id = Column(Integer, primary_key=True)
    created = Column(UtcTime, nullable=False)
    author = Column(Text, nullable=False)
    file_name = Column(Text, nullable=False)
    kind = Column(Text, nullable=False)
    sha256 = Column(String(64), ForeignKey("contents.sha256"), nullable=False)
    size = Column(Integer, nullable=False)
    rows_read = Column(Integer, nullable=False)
    accepted = Column(Integer, nullable=False)
    rejected = Column(Integer, nullable=False)
    note = Column(Text, nullable=False)
    published = Column(Boolean, nullable=False)
    published_at: Column[datetime | None] = Column(UtcTime)


class ProblemColumns(TypedColumns):
    """The problems of a version in the order in which intake reported them."""

    version_id = Column(Integer, ForeignKey("versions.id"), primary_key=True, autoincrement=False)
    position = Column(Integer, primary_key=True, autoincrement=False)
    kind = Column(Text, nullable=False)
    row_number = Column(Integer, nullable=False)
    column_name = Column(Text, nullable=False)
    value = Column(Text, nullable=False)
    expected = Column(Text, nullable=False)
    fix = Column(Text, nullable=False)
    severity = Column(Text, nullable=False)
    candidates: Column[list[str]] = Column(JSON, nullable=False)
    file = Column(Text, nullable=False)
    sheet = Column(Text, nullable=False)


class MendingColumns(TypedColumns):
    """What a person said of a version: what it adds to (None: it is all there is; 0: the embedded data), the sheet that
    was read, the columns as understood, and the repairs in their order."""

    version_id = Column(Integer, ForeignKey("versions.id"), primary_key=True, autoincrement=False)
    base: Column[int | None] = Column(Integer)
    sheet = Column(Text, nullable=False)
    columns: Column[dict[str, str]] = Column(JSON, nullable=False)
    repairs: Column[list[list[Any]]] = Column(JSON, nullable=False)


class MapColumns(TypedColumns):
    """How an agency's headings were understood the last time; the field "" is "not used"."""

    agency = Column(Text, primary_key=True)
    heading = Column(Text, primary_key=True)
    field = Column(Text, nullable=False)


class KnownColumns(TypedColumns):
    """Every activity id that a version brought, with the first that did."""

    activity_id = Column(Text, primary_key=True)
    first_version = Column(Integer, ForeignKey("versions.id"), nullable=False)


class DecisionColumns(TypedColumns):
    """A row for each decision of a person; none is ever changed but to mark it undone."""

    id = Column(Integer, primary_key=True)
    activity_id = Column(Text, nullable=False, index=True)
    kind = Column(Text, nullable=False)
    scope = Column(Text, nullable=False)
    areas: Column[list[str]] = Column(JSON, nullable=False)
    reason = Column(Text, nullable=False)
    author = Column(Text, nullable=False)
    created = Column(UtcTime, nullable=False)
    undone_at: Column[datetime | None] = Column(UtcTime)
    undone_by = Column(Text, nullable=False)
    undone_reason = Column(Text, nullable=False)


class PersonColumns(TypedColumns):
    """The allow-list: a row for each time that somebody was let in; none is changed but to mark it removed."""

    id = Column(Integer, primary_key=True)
    who = Column(Text, nullable=False)
    role = Column(Text, nullable=False)
    agency = Column(Text, nullable=False)
    added_by = Column(Text, nullable=False)
    added_at = Column(UtcTime, nullable=False)
    removed_by = Column(Text, nullable=False)
    removed_at: Column[datetime | None] = Column(UtcTime)


class AuditColumns(TypedColumns):
    """The trail; triggers refuse to change or remove a row."""

    id = Column(Integer, primary_key=True)
    at = Column(UtcTime, nullable=False)
    who = Column(Text, nullable=False)
    action = Column(Text, nullable=False)
    subject = Column(Text, nullable=False)
    detail: Column[dict[str, Any]] = Column(JSON, nullable=False)


class BoundaryColumns(TypedColumns):
    """A row for each file of boundaries that was kept: its own bytes, and its districts as the app draws them."""

    id = Column(Integer, primary_key=True)
    created = Column(UtcTime, nullable=False)
    author = Column(Text, nullable=False)
    file_name = Column(Text, nullable=False)
    kind = Column(Text, nullable=False)
    sha256 = Column(String(64), ForeignKey("contents.sha256"), nullable=False)
    districts = Column(String(64), ForeignKey("contents.sha256"), nullable=False)
    size = Column(Integer, nullable=False)
    credit = Column(Text, nullable=False)
    note = Column(Text, nullable=False)
    published = Column(Boolean, nullable=False)
    published_at: Column[datetime | None] = Column(UtcTime)


state = Table("state", metadata, StateColumns)
contents = Table("contents", metadata, ContentColumns)
versions = Table(
    "versions",
    metadata,
    VersionColumns,
    CheckConstraint("accepted + rejected = rows_read", name="conservation"),
    # Given to both dialects as a partial index: one row at most may be the published one.
    Index(
        "ix_versions_published",
        "published",
        unique=True,
        sqlite_where=column("published"),
        postgresql_where=column("published"),
    ),
    sqlite_autoincrement=True,
)
problems = Table("problems", metadata, ProblemColumns)
mendings = Table("mendings", metadata, MendingColumns)
column_maps = Table("column_maps", metadata, MapColumns)
known_activities = Table("known_activities", metadata, KnownColumns)
decisions = Table(
    "decisions",
    metadata,
    DecisionColumns,
    CheckConstraint("kind IN ('scope', 'place')", name="kind"),
    CheckConstraint("scope IN ('nationwide', 'subnational', 'unlocated')", name="scope"),
    CheckConstraint("(undone_at IS NULL) = (undone_by = '')", name="undone"),
    sqlite_autoincrement=True,
)
people = Table(
    "people",
    metadata,
    PersonColumns,
    CheckConstraint("role IN ('viewer', 'editor', 'admin')", name="role"),
    CheckConstraint("agency = '' OR role = 'editor'", name="agency"),
    CheckConstraint("(removed_at IS NULL) = (removed_by = '')", name="removed"),
    # One row at most lets a person in.
    Index(
        "ix_people_who",
        "who",
        unique=True,
        sqlite_where=column("removed_at").is_(None),
        postgresql_where=column("removed_at").is_(None),
    ),
    sqlite_autoincrement=True,
)
audit = Table("audit", metadata, AuditColumns, sqlite_autoincrement=True)
boundary_versions = Table(
    "boundary_versions",
    metadata,
    BoundaryColumns,
    Index(
        "ix_boundary_versions_published",
        "published",
        unique=True,
        sqlite_where=column("published"),
        postgresql_where=column("published"),
    ),
    sqlite_autoincrement=True,
)
