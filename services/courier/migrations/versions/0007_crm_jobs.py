"""Which job sends records to a CRM now."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("crm_lanes", sa.Column("job", sa.Text()))
    op.add_column("crm_links", sa.Column("job", sa.Text()))
    op.create_index(
        "crm_links_of_a_job", "crm_links", ["system", "kind", "job"], postgresql_where=sa.text("job IS NOT NULL")
    )
