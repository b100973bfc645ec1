"""The tables of people who are out of office, and of breaches that were called out."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "out_of_office",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("back_on", sa.Date(), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stated_in", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("address"),
    )
    op.create_table(
        "sla_breaches",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("breached_on", sa.Date(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "tier", "started_on"),
    )


def downgrade() -> None:
    for table in ("sla_breaches", "out_of_office"):
        op.drop_table(table)
