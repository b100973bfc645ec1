"""Whether the address of a recipient became that of a person at an account is asked of new events only."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recipients", sa.Column("checked", sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("recipients", "checked")
