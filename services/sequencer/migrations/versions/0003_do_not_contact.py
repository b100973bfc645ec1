"""Who is not to be contacted, and which state of a touch others were told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXTS = postgresql.ARRAY(sa.Text)


def upgrade() -> None:
    op.create_table(
        "suppressions",
        sa.Column("suppression_id", sa.Uuid, primary_key=True),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("channels", TEXTS, nullable=False),
        sa.Column("marks", TEXTS, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("said_by", sa.Text, nullable=False),
        sa.Column("said_on", sa.Date, nullable=False),
    )
    op.create_index("suppressions_marks", "suppressions", ["marks"], postgresql_using="gin")
    op.create_table(
        "suppression_statements",
        sa.Column("suppression_id", sa.Uuid, sa.ForeignKey("suppressions.suppression_id"), primary_key=True),
        sa.Column("version", sa.BigInteger, primary_key=True),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("channels", TEXTS, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("said_by", sa.Text, nullable=False),
        sa.Column("said_on", sa.Date, nullable=False),
    )
    op.create_index("contacts_email", "contacts", ["email"])
    op.create_index("contacts_direct_phone", "contacts", ["direct_phone"])
    op.add_column("tasks", sa.Column("version", sa.BigInteger, nullable=False, server_default=sa.text("1")))
    op.add_column("tasks", sa.Column("told", sa.Text))


def downgrade() -> None:
    op.drop_column("tasks", "told")
    op.drop_column("tasks", "version")
    op.drop_index("contacts_direct_phone", "contacts")
    op.drop_index("contacts_email", "contacts")
    op.drop_table("suppression_statements")
    op.drop_table("suppressions")
