"""Identities as they were received, the models as they came into force, and the days on which scores were aged."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "identities",
        sa.Column("ccn", sa.Text, primary_key=True),
        sa.Column("identity_version", sa.BigInteger, primary_key=True),
        sa.Column("state", sa.Text),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "publications",
        sa.Column("publication_no", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("pack", sa.Text, sa.ForeignKey("models.pack"), nullable=False),
        sa.Column("published_by", sa.Text, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table("aged_days", sa.Column("day", sa.Date, primary_key=True))
    # What was held before these tables were there is taken to have been so from the beginning.
    op.execute(
        "INSERT INTO identities (ccn, identity_version, state, received_at)"
        " SELECT ccn, identity_version, state, 'epoch' FROM facilities WHERE identity_version > 0"
    )
    op.execute(
        "INSERT INTO publications (pack, published_by, published_at)"
        " SELECT pack, 'folder', published_on FROM models ORDER BY published_on, pack"
    )
