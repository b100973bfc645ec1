"""Which tables does the matcher have since postings say where they are, names whence, and matches are judged blind?"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("zip", "address", "phone"):
        op.add_column("postings", sa.Column(column, sa.Text))
    op.add_column("facility_names", sa.Column("file", sa.Text))
    op.add_column("facility_names", sa.Column("withdrawn_by", sa.Text))
    op.create_table(
        "judgements",
        sa.Column("judgement_no", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("employer_key", sa.Text, nullable=False),
        sa.Column("city_key", sa.Text, nullable=False),
        sa.Column("state_key", sa.Text, nullable=False),
        sa.Column("accepted_ccn", sa.Text, nullable=False),
        sa.Column("judged_ccn", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("judged_by", sa.Text, nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index(
        "judgements_match", "judgements", ["state_key", "employer_key", "city_key", "accepted_ccn"], unique=True
    )


def downgrade() -> None:
    op.drop_table("judgements")
    op.drop_column("facility_names", "withdrawn_by")
    op.drop_column("facility_names", "file")
    for column in ("phone", "address", "zip"):
        op.drop_column("postings", column)
