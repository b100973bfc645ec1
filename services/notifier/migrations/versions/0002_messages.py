"""The letters that people sent off, and the revisions of drafts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("drafts", sa.Column("edits", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.add_column("drafts", sa.Column("edited_by", sa.Text(), nullable=True))
    op.add_column("drafts", sa.Column("discarded", sa.Text(), nullable=True))
    op.create_table(
        "messages",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("rep", sa.Text(), nullable=False),
        sa.Column("from_name", sa.Text(), nullable=False),
        sa.Column("from_email", sa.Text(), nullable=False),
        sa.Column("to_name", sa.Text(), nullable=True),
        sa.Column("to_email", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("in_reply_to", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("message_id"),
    )
    op.create_index("messages_by_draft", "messages", ["draft_id"], unique=False)
    op.create_index("messages_by_recipient", "messages", [sa.text("lower(to_email)")], unique=False)
    op.create_index(
        "messages_under_way",
        "messages",
        ["draft_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('approved', 'sending', 'unsure')"),
    )
    op.create_index(
        "messages_by_time",
        "messages",
        ["sent_at"],
        unique=False,
        postgresql_where=sa.text("sent_at IS NOT NULL"),
    )
    op.create_index(
        "messages_bounced",
        "messages",
        ["bounced_at"],
        unique=False,
        postgresql_where=sa.text("bounced_at IS NOT NULL"),
    )
    op.create_table(
        "resumptions",
        sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resumed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("resumed_at"),
    )


def downgrade() -> None:
    op.drop_table("resumptions")
    op.drop_table("messages")
    for column in ("discarded", "edited_by", "edits"):
        op.drop_column("drafts", column)
