"""Which lead an outcome was recorded of: a facility may have one as a prospect and one as a client."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outcomes", sa.Column("lead_id", sa.Uuid))


def downgrade() -> None:
    op.drop_column("outcomes", "lead_id")
