"""Looks the marks of suppressions up in the index alone, without a list of what was written last."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _build({"fastupdate": "off"})


def downgrade() -> None:
    _build({})


def _build(options: dict[str, str]) -> None:
    op.drop_index("suppressions_marks", "suppressions")
    op.create_index("suppressions_marks", "suppressions", ["marks"], postgresql_using="gin", postgresql_with=options)
