"""Postings know the key that people call their group by."""

from uuid import NAMESPACE_URL, uuid5

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("postings", sa.Column("group_key", sa.Text))
    connection = op.get_bind()
    groups = connection.execute(sa.text("SELECT DISTINCT state_key, city_key, employer_key FROM postings")).all()
    if groups:
        connection.execute(
            sa.text(
                "UPDATE postings SET group_key = :key"
                " WHERE state_key = :state AND city_key = :city AND employer_key = :employer"
            ),
            [{"key": _key(*group), "state": group[0], "city": group[1], "employer": group[2]} for group in groups],
        )
    op.alter_column("postings", "group_key", nullable=False)
    op.create_index("postings_group_key", "postings", ["group_key"])


def downgrade() -> None:
    op.drop_column("postings", "group_key")


def _key(state: str, city: str, employer: str) -> str:
    return uuid5(NAMESPACE_URL, f"facility-pipeline/group/{state}/{city}/{employer}").hex[:10]
