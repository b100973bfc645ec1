"""What a CRM should show, and what both sides agreed on."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "crm_fields",
        sa.Column("kind", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("field", sa.Text(), primary_key=True),
        sa.Column("value", sa.Text()),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index(
        "crm_fields_of_a_chain", "crm_fields", [sa.text("upper(value)")], postgresql_where=sa.text("field = 'chain'")
    )
    op.create_index("crm_fields_of_an_owner", "crm_fields", ["value"], postgresql_where=sa.text("field = 'owner'"))
    op.create_table(
        "crm_records",
        sa.Column("kind", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("revision", sa.BigInteger(), nullable=False, server_default=sa.text("1")),
    )
    op.create_table(
        "crm_links",
        sa.Column("system", sa.Text(), primary_key=True),
        sa.Column("kind", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("their_id", sa.Text()),
        sa.Column("agreed", postgresql.JSONB(), nullable=False),
        sa.Column("sent_revision", sa.BigInteger(), nullable=False),
        sa.Column("pushed_at", sa.DateTime(timezone=True)),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True)),
        sa.Column("cause", sa.Text()),
        sa.Column("error", sa.Text()),
    )
    op.create_table(
        "crm_lanes",
        sa.Column("system", sa.Text(), primary_key=True),
        sa.Column("kind", sa.Text(), primary_key=True),
        sa.Column("set_up_at", sa.DateTime(timezone=True)),
        sa.Column("wrong", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("owners", postgresql.JSONB(), nullable=False),
        sa.Column("owners_at", sa.DateTime(timezone=True)),
        sa.Column("polled_until", sa.DateTime(timezone=True)),
        sa.Column("polled_at", sa.DateTime(timezone=True)),
        sa.Column("page", sa.Text()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("rests_until", sa.DateTime(timezone=True)),
        sa.Column("cause", sa.Text()),
        sa.Column("error", sa.Text()),
    )
    op.create_table(
        "crm_comparisons",
        sa.Column("system", sa.Text(), primary_key=True),
        sa.Column("kind", sa.Text(), primary_key=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("compared_at", sa.DateTime(timezone=True)),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("differences", postgresql.JSONB(), nullable=False),
        sa.Column("error", sa.Text()),
    )
    op.create_table(
        "crm_conflicts",
        sa.Column("conflict_no", sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("base", sa.Text()),
        sa.Column("ours", sa.Text()),
        sa.Column("theirs", sa.Text()),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("crm_conflicts_of_a_record", "crm_conflicts", ["kind", "id"])
