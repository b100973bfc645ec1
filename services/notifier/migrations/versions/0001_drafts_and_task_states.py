"""What does the notifier start with? Drafts, and what became of their touches."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("draft_id", sa.Uuid, primary_key=True),
        sa.Column("task_id", sa.Uuid, nullable=False, unique=True),
        sa.Column("ccn", sa.Text, nullable=False),
        sa.Column("rep", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("template", sa.Text),
        sa.Column("to_email", sa.Text),
        sa.Column("subject", sa.Text),
        sa.Column("body", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("drafted_on", sa.Date, nullable=False),
        sa.Column("facts", JSONB, nullable=False),
        sa.Column("pack", sa.Text, nullable=False),
    )
    op.create_index("drafts_by_age", "drafts", ["drafted_on", "ccn", "draft_id"])
    op.create_table(
        "task_states",
        sa.Column("task_id", sa.Uuid, primary_key=True),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("done_on", sa.Date, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("task_states")
    op.drop_table("drafts")
