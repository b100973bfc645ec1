"""The tables of the matcher service."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "aliases",
        sa.Column("alias_id", sa.Uuid(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("employer_key", sa.Text(), nullable=False),
        sa.Column("city_key", sa.Text(), nullable=False),
        sa.Column("state_key", sa.Text(), nullable=False),
        sa.Column("employer_name", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("learned_by", sa.Text(), nullable=False),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("alias_id"),
    )
    op.create_index("aliases_changed", "aliases", ["changed"], unique=False)
    op.create_index("aliases_facility_id", "aliases", ["facility_id"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("decision_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("group_key", sa.Text(), nullable=False),
        sa.Column("employer_name", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("facility_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("decision_id"),
    )
    op.create_index("decisions_group_key", "decisions", ["group_key"])
    op.create_table(
        "directory_version",
        sa.Column("only_row", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("only_row"),
    )
    op.create_table(
        "facilities",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("delisted_version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("listed_as_of", sa.Date(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("zip", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("chain", sa.Text(), nullable=True),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id"),
    )
    op.create_index("facilities_changed", "facilities", ["changed"], unique=False)
    op.create_table(
        "facility_names",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("file", sa.Text(), nullable=True),
        sa.Column("stated_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("facility_id", "name"),
    )
    op.create_table(
        "judgments",
        sa.Column("judgment_no", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("employer_key", sa.Text(), nullable=False),
        sa.Column("city_key", sa.Text(), nullable=False),
        sa.Column("state_key", sa.Text(), nullable=False),
        sa.Column("accepted_facility_id", sa.Text(), nullable=False),
        sa.Column("judged_facility_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("judged_by", sa.Text(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("judgment_no"),
    )
    op.create_index(
        "judgments_match", "judgments", ["state_key", "employer_key", "city_key", "accepted_facility_id"], unique=True
    )
    op.create_table(
        "postings",
        sa.Column("posting_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_posting_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("employer_name", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("zip", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("stated_facility_id", sa.Text(), nullable=True),
        sa.Column("role_family", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("first_seen_on", sa.Date(), nullable=False),
        sa.Column("last_seen_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("employer_key", sa.Text(), nullable=False),
        sa.Column("city_key", sa.Text(), nullable=False),
        sa.Column("state_key", sa.Text(), nullable=False),
        sa.Column("group_key", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("candidates", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decision_no", sa.Integer(), nullable=False),
        sa.Column("waiting_since", sa.Date(), nullable=True),
        sa.Column("dismissed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("posting_id"),
    )
    op.create_index("postings_group", "postings", ["state_key", "employer_key", "city_key"], unique=False)
    op.create_index("postings_group_key", "postings", ["group_key"], unique=False)
    op.create_index("postings_pair", "postings", ["facility_id", "role_family"], unique=False)
    op.create_index("postings_stated_facility_id", "postings", ["stated_facility_id"], unique=False)
    op.create_index(
        "postings_waiting", "postings", ["waiting_since"], unique=False, postgresql_where=sa.text("outcome = 'queued'")
    )
    op.create_table(
        "signals",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("role_family", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("signals", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("open_through", sa.Date(), nullable=True),
        sa.Column("announced_id", sa.Uuid(), nullable=True),
        sa.Column("announced_expires_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("facility_id", "role_family"),
    )
    op.create_index("signals_open_through", "signals", ["open_through"], unique=False)
    op.create_table(
        "verdicts",
        sa.Column("employer_key", sa.Text(), nullable=False),
        sa.Column("city_key", sa.Text(), nullable=False),
        sa.Column("state_key", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("employer_key", "city_key", "state_key"),
    )
    op.create_index("verdicts_changed", "verdicts", ["changed"], unique=False)
    op.execute("INSERT INTO directory_version (version) VALUES (0)")


def downgrade() -> None:
    for table in (
        "verdicts",
        "signals",
        "postings",
        "judgments",
        "facility_names",
        "facilities",
        "directory_version",
        "decisions",
        "aliases",
    ):
        op.drop_table(table)
