"""Floor 2: versions of the boundaries: files that users bring, and which of them the map draws."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table; one row at most is the published one."""
    words = ("author", "file_name", "kind", "credit", "note")
    digests = [sa.Column(name, sa.String(64), nullable=False) for name in ("sha256", "districts")]
    op.create_table(
        "boundary_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        *[sa.Column(name, sa.Text(), nullable=False) for name in words],
        *digests,
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("published_at", MOMENT),
        sa.ForeignKeyConstraint(["sha256"], ["contents.sha256"], name="fk_boundary_versions_sha256"),
        sa.ForeignKeyConstraint(["districts"], ["contents.sha256"], name="fk_boundary_versions_districts"),
        sa.PrimaryKeyConstraint("id", name="pk_boundary_versions"),
        sqlite_autoincrement=True,
    )
    one = sa.text("published")
    op.create_index(
        "ix_boundary_versions_published",
        "boundary_versions",
        ["published"],
        unique=True,
        sqlite_where=one,
        postgresql_where=one,
    )
