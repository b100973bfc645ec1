"""Who is not to be contacted, and which drafts are withdrawn because of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXTS = postgresql.ARRAY(sa.Text)


def upgrade() -> None:
    op.create_table(
        "suppressions",
        sa.Column("suppression_id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("channels", TEXTS, nullable=False),
        sa.Column("marks", TEXTS, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
    )
    op.create_index("suppressions_marks", "suppressions", ["marks"], postgresql_using="gin")
    op.add_column("drafts", sa.Column("version", sa.BigInteger, nullable=False, server_default=sa.text("1")))
    op.add_column("drafts", sa.Column("marks", TEXTS, nullable=False, server_default=sa.text("'{}'")))
    op.add_column("drafts", sa.Column("withdrawn", sa.Text))
    op.create_index("drafts_marks", "drafts", ["marks"], postgresql_using="gin")


def downgrade() -> None:
    op.drop_index("drafts_marks", "drafts")
    op.drop_column("drafts", "withdrawn")
    op.drop_column("drafts", "marks")
    op.drop_column("drafts", "version")
    op.drop_table("suppressions")
