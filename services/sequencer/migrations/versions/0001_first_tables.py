"""The tables of the sequencer: accounts, contacts and reps."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_signals",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("role_family", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("signals", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "role_family"),
    )
    op.create_table(
        "accounts",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("listed_version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("delisted_version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("delisted_as_of", sa.Date(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("chain", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), server_default=sa.text("'prospect'"), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("owner_version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("owner_reason", sa.Text(), nullable=True),
        sa.Column("score_version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("score", sa.Numeric(), nullable=True),
        sa.Column("tier", sa.Integer(), nullable=True),
        sa.Column("scored_on", sa.Date(), nullable=True),
        sa.Column("tier_version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("tier_since", sa.Date(), nullable=True),
        sa.Column("urgency", sa.Integer(), nullable=True),
        sa.Column("last_seen_on", sa.Date(), nullable=True),
        sa.Column("measure", sa.Numeric(), nullable=True),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("last_contacted_on", sa.Date(), nullable=True),
        sa.Column("next_follow_up_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("facility_id"),
    )
    op.create_table(
        "wrong_details",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("flagged_on", sa.Date(), nullable=False),
        sa.Column("flagged_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("task_id"),
    )
    op.create_table(
        "touch_effects",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("followed", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("activity_id"),
    )
    op.create_table(
        "contact_states",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=True),
        sa.Column("has_direct_phone", sa.Boolean(), nullable=False),
        sa.Column("has_email", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "role"),
    )
    op.create_table(
        "contacts",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=True),
        sa.Column("chain", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("direct_phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_date", sa.Date(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("stated_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("contact_id"),
    )
    op.create_table(
        "contact_merges",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kept_subject", sa.Text(), nullable=False),
        sa.Column("kept_person", sa.Text(), nullable=False),
        sa.Column("kept_name", sa.Text(), nullable=False),
        sa.Column("merged_by", sa.Text(), nullable=False),
        sa.Column("merged_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "person"),
    )
    op.create_table(
        "departures",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=False),
        sa.Column("stated_by", sa.Text(), nullable=False),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "person"),
    )
    op.create_table(
        "reps",
        sa.Column("rep", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("from_hour", sa.Time(), nullable=False),
        sa.Column("to_hour", sa.Time(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column(
            "territories",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("rep"),
    )
    op.create_table(
        "leaves",
        sa.Column("leave_id", sa.Uuid(), nullable=False),
        sa.Column("rep", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("cover", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rep"],
            ["reps.rep"],
        ),
        sa.PrimaryKeyConstraint("leave_id"),
    )
    op.create_index("accounts_chain", "accounts", ["chain"], unique=False)
    op.create_index("accounts_tier", "accounts", ["tier", "status"], unique=False)
    op.create_index("contacts_chain", "contacts", ["chain"], unique=False)
    op.create_index("contacts_direct_phone", "contacts", ["direct_phone"], unique=False)
    op.create_index("contacts_email", "contacts", ["email"], unique=False)
    op.create_index("contacts_facility_id", "contacts", ["facility_id"], unique=False)
    op.create_index("leaves_to_on", "leaves", ["to_on"], unique=False)


def downgrade() -> None:
    for table in (
        "leaves",
        "reps",
        "departures",
        "contact_merges",
        "contacts",
        "contact_states",
        "wrong_details",
        "touch_effects",
        "accounts",
        "account_signals",
    ):
        op.drop_table(table)
