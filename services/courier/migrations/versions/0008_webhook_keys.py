"""Which programs may manage webhooks."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "webhook_keys",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("personal", sa.Boolean(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("webhook_keys")
