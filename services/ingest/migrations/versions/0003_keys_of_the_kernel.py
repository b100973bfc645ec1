"""The keys of sources move to where every service keeps the keys to its HTTP surface."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("INSERT INTO api_keys SELECT name, key_hash, created_at, key_changed_at FROM sources")
    op.drop_table("sources")


def downgrade() -> None:
    op.create_table(
        "sources",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("key_hash", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_changed_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.execute("INSERT INTO sources SELECT name, key_hash, created_at, key_changed_at FROM api_keys")
    op.execute("DELETE FROM api_keys")
