"""Why a value that people set in a CRM does not count here."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("crm_conflicts", sa.Column("why", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("crm_conflicts", "why")
