"""What people changed in a CRM, and when the touches were that they logged there."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "crm_changes",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("event_id", "field"),
    )
    op.create_index("crm_changes_by_facility", "crm_changes", ["facility_id", "field"], unique=False)
    op.add_column("activities", sa.Column("touched_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("activities", "touched_at")
    op.drop_table("crm_changes")
