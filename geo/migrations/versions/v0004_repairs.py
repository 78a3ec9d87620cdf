"""Floor 2: what a person said of an upload beside its bytes, and how each agency's columns were understood."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two tables; versions kept before them have no repairs."""
    op.create_table(
        "mendings",
        sa.Column("version_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("base", sa.Integer()),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("repairs", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name="fk_mendings_version_id"),
        sa.PrimaryKeyConstraint("version_id", name="pk_mendings"),
    )
    op.create_table(
        "column_maps",
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("agency", "heading", name="pk_column_maps"),
    )
