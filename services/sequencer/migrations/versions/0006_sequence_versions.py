"""The versions of sequences, and which one each enrollment started with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sequence_versions",
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("first_seen_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("version"),
    )
    op.add_column("enrollments", sa.Column("sequence_version", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("enrollments", "sequence_version")
    op.drop_table("sequence_versions")
