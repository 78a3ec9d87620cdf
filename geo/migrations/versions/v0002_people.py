"""Floor 2: the allow-list: who may do what, by e-mail address or by the provider's own name for a person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table; a row is never changed but to mark it removed."""
    words = ("who", "role", "agency", "added_by", "removed_by")
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        *[sa.Column(name, sa.Text(), nullable=False) for name in words],
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT),
        sa.CheckConstraint("role IN ('viewer', 'editor', 'admin')", name=op.f("ck_people_role")),
        sa.CheckConstraint("agency = '' OR role = 'editor'", name=op.f("ck_people_agency")),
        sa.CheckConstraint("(removed_at IS NULL) = (removed_by = '')", name=op.f("ck_people_removed")),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sqlite_autoincrement=True,
    )
    one = sa.text("removed_at IS NULL")
    op.create_index("ix_people_who", "people", ["who"], unique=True, sqlite_where=one, postgresql_where=one)
