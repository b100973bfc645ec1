"""As of which date a file was taken that does not say its own."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("imports", sa.Column("undated_as_of", sa.Date))
    op.add_column("imports", sa.Column("assumed", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("imports", "assumed")
    op.drop_column("imports", "undated_as_of")
