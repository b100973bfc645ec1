"""The log, the webhooks and the ledger of the courier."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "log",
        sa.Column("position", sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        sa.Column("event_id", sa.Uuid(), nullable=False, unique=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("facility_id", sa.Text()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trace", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSON(), nullable=False),
    )
    op.create_table(
        "removed",
        sa.Column("one", sa.Boolean(), primary_key=True, server_default=sa.text("true")),
        sa.Column("position", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.CheckConstraint("one", name="removed_is_one_row"),
    )
    op.create_table(
        "facilities",
        sa.Column("facility_id", sa.Text(), primary_key=True),
        sa.Column("state", sa.Text()),
        sa.Column("listed_version", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("tier", sa.Integer()),
        sa.Column("score_version", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("owner", sa.Text()),
        sa.Column("account_version", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
    )
    op.create_table(
        "webhooks",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("types", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("patterns", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("tiers", postgresql.ARRAY(sa.Integer())),
        sa.Column("states", postgresql.ARRAY(sa.Text())),
        sa.Column("owners", postgresql.ARRAY(sa.Text())),
        sa.Column("ordered", sa.Boolean(), nullable=False),
        sa.Column("personal", sa.Boolean(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("nonce", sa.Uuid(), nullable=False),
        sa.Column("secret_version", sa.Integer(), nullable=False, server_default=sa.text("1")),
        sa.Column("both_until", sa.DateTime(timezone=True)),
        sa.Column("failures", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("rests", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("failing_since", sa.DateTime(timezone=True)),
        sa.Column("rest_until", sa.DateTime(timezone=True)),
        sa.Column("paused_at", sa.DateTime(timezone=True)),
        sa.Column("paused_by", sa.Text()),
        sa.Column("paused_why", sa.Text()),
    )
    op.create_table(
        "deliveries",
        sa.Column("webhook", sa.Text(), sa.ForeignKey("webhooks.name", ondelete="CASCADE"), primary_key=True),
        sa.Column("position", sa.BigInteger(), primary_key=True),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True)),
        sa.Column("first_at", sa.DateTime(timezone=True)),
        sa.Column("last_at", sa.DateTime(timezone=True)),
        sa.Column("status", sa.Integer()),
        sa.Column("millis", sa.Integer()),
        sa.Column("answer", sa.Text()),
        sa.Column("error", sa.Text()),
    )
    op.create_index(
        "deliveries_due", "deliveries", ["webhook", "next_at"], postgresql_where=sa.text("state = 'waiting'")
    )
    op.create_index(
        "deliveries_by_key",
        "deliveries",
        ["webhook", "key"],
        postgresql_where=sa.text("state IN ('waiting', 'blocked')"),
    )
    op.create_index(
        "deliveries_ended", "deliveries", ["last_at"], postgresql_where=sa.text("state IN ('delivered', 'failed')")
    )
    op.execute("INSERT INTO removed DEFAULT VALUES")
