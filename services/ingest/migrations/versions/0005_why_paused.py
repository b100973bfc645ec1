"""Who paused a source, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("paused_by", "pause_reason"):
        op.add_column("sources", sa.Column(name, sa.Text(), nullable=True))


def downgrade() -> None:
    for name in ("pause_reason", "paused_by"):
        op.drop_column("sources", name)
