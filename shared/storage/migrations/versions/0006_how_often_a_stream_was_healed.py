"""What a stream was seen to hold says how often its events had been published again by then."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("streams_seen", sa.Column("healed", sa.Integer, nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("streams_seen", "healed")
