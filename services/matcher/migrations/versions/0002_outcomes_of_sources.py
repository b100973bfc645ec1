"""Sources can ask what came of their postings."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("postings", sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("postings", sa.Column("outcome_no", sa.BigInteger(), nullable=True))
    op.create_index("postings_outcome_no", "postings", ["source", "outcome_no"], unique=False)
    op.create_table(
        "outcome_numbers",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("last_no", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source"),
    )
