"""Floor 2: the first shape: versions with their bytes and problems, decisions, the audit trail."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
REFUSAL = "the audit trail is only added to"


def upgrade() -> None:
    """Make the tables, the row of state, and the guard of the trail."""
    _versions()
    _decisions()
    state = op.create_table(
        "state",
        sa.Column("one", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.CheckConstraint("one = 1", name=op.f("ck_state_single")),
        sa.PrimaryKeyConstraint("one", name="pk_state"),
    )
    op.bulk_insert(state, [{"one": 1, "serial": 0, "token": secrets.token_hex(8)}])
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    _guard_audit()


def _versions() -> None:
    op.create_table(
        "contents",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_contents"),
    )
    texts = [sa.Column(name, sa.Text(), nullable=False) for name in ("author", "file_name", "kind", "note")]
    numbers = [sa.Column(name, sa.Integer(), nullable=False) for name in ("size", "rows_read", "accepted", "rejected")]
    op.create_table(
        "versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        *texts,
        sa.Column("sha256", sa.String(64), nullable=False),
        *numbers,
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("published_at", MOMENT),
        sa.CheckConstraint("accepted + rejected = rows_read", name=op.f("ck_versions_conservation")),
        sa.ForeignKeyConstraint(["sha256"], ["contents.sha256"], name="fk_versions_sha256"),
        sa.PrimaryKeyConstraint("id", name="pk_versions"),
        sqlite_autoincrement=True,
    )
    one = sa.text("published")
    op.create_index(
        "ix_versions_published", "versions", ["published"], unique=True, sqlite_where=one, postgresql_where=one
    )
    words = ("kind", "column_name", "value", "expected", "fix", "severity", "file", "sheet")
    op.create_table(
        "problems",
        sa.Column("version_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("position", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        *[sa.Column(name, sa.Text(), nullable=False) for name in words],
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name="fk_problems_version_id"),
        sa.PrimaryKeyConstraint("version_id", "position", name="pk_problems"),
    )
    op.create_table(
        "known_activities",
        sa.Column("activity_id", sa.Text(), nullable=False),
        sa.Column("first_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["first_version"], ["versions.id"], name="fk_known_activities_first_version"),
        sa.PrimaryKeyConstraint("activity_id", name="pk_known_activities"),
    )


def _decisions() -> None:
    words = ("activity_id", "kind", "scope", "reason", "author", "undone_by", "undone_reason")
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        *[sa.Column(name, sa.Text(), nullable=False) for name in words],
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("undone_at", MOMENT),
        sa.CheckConstraint("kind IN ('scope', 'place')", name=op.f("ck_decisions_kind")),
        sa.CheckConstraint("scope IN ('nationwide', 'subnational', 'unlocated')", name=op.f("ck_decisions_scope")),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by = '')", name=op.f("ck_decisions_undone")),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_decisions_activity_id", "decisions", ["activity_id"])


def _guard_audit() -> None:
    """Let the database itself refuse to change the trail; who owns the database can still take the guard away."""
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{event.lower()} BEFORE {event} ON audit "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_guard()"
    )
