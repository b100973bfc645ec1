"""What each owner of a stream remembers of it, so that a lost or rolled-back store is noticed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "streams_seen",
        sa.Column("stream", sa.Text, primary_key=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seq", sa.BigInteger, nullable=False),
        sa.Column("last_event", sa.Text),
    )


def downgrade() -> None:
    op.drop_table("streams_seen")
