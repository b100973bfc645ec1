"""A name that a file of several days gives a facility keeps the latest of them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("facility_names", sa.Column("said_on", sa.Date))


def downgrade() -> None:
    op.drop_column("facility_names", "said_on")
