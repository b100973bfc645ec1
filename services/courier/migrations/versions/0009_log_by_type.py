"""Readers of rare types find them in the log without looking at all others."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("log_by_type", "log", ["type", "position"])


def downgrade() -> None:
    op.drop_index("log_by_type", "log")
