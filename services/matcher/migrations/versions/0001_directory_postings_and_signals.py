"""Which tables does the matcher begin with?"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "directory_version",
        sa.Column("only_row", sa.Boolean, primary_key=True, server_default=sa.text("true")),
        sa.Column("version", sa.BigInteger, nullable=False),
    )
    op.execute("INSERT INTO directory_version (version) VALUES (0)")
    op.create_table(
        "facilities",
        sa.Column("ccn", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("delisted_version", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("listed_as_of", sa.Date),
        sa.Column("name", sa.Text),
        sa.Column("address", sa.Text),
        sa.Column("city", sa.Text),
        sa.Column("state", sa.Text),
        sa.Column("zip", sa.Text),
        sa.Column("phone", sa.Text),
        sa.Column("chain", sa.Text),
        sa.Column("changed", sa.BigInteger, nullable=False),
    )
    op.create_index("facilities_changed", "facilities", ["changed"])
    op.create_table(
        "facility_names",
        sa.Column("ccn", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "aliases",
        sa.Column("alias_id", sa.Uuid, primary_key=True),
        sa.Column("ccn", sa.Text, nullable=False),
        sa.Column("employer_key", sa.Text, nullable=False),
        sa.Column("city_key", sa.Text, nullable=False),
        sa.Column("state_key", sa.Text, nullable=False),
        sa.Column("employer_name", sa.Text, nullable=False),
        sa.Column("learned_by", sa.Text, nullable=False),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("changed", sa.BigInteger, nullable=False),
    )
    op.create_index("aliases_ccn", "aliases", ["ccn"])
    op.create_index("aliases_changed", "aliases", ["changed"])
    op.create_table(
        "verdicts",
        sa.Column("employer_key", sa.Text, primary_key=True),
        sa.Column("city_key", sa.Text, primary_key=True),
        sa.Column("state_key", sa.Text, primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.Column("changed", sa.BigInteger, nullable=False),
    )
    op.create_index("verdicts_changed", "verdicts", ["changed"])
    op.create_table(
        "decisions",
        sa.Column("decision_id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("group_key", sa.Text, nullable=False),
        sa.Column("employer_name", sa.Text, nullable=False),
        sa.Column("city", sa.Text),
        sa.Column("state", sa.Text),
        sa.Column("ccn", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "postings",
        sa.Column("posting_id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("source_posting_id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("employer_name", sa.Text, nullable=False),
        sa.Column("city", sa.Text),
        sa.Column("state", sa.Text),
        sa.Column("stated_ccn", sa.Text),
        sa.Column("role_family", sa.Text, nullable=False),
        sa.Column("urgency", sa.Integer, nullable=False),
        sa.Column("first_seen_on", sa.Date, nullable=False),
        sa.Column("last_seen_on", sa.Date, nullable=False),
        sa.Column("closed_on", sa.Date),
        sa.Column("event_id", sa.Uuid),
        sa.Column("employer_key", sa.Text, nullable=False),
        sa.Column("city_key", sa.Text, nullable=False),
        sa.Column("state_key", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("ccn", sa.Text),
        sa.Column("confidence", sa.Float),
        sa.Column("method", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("candidates", JSONB, nullable=False),
        sa.Column("decided_by", sa.Text),
        sa.Column("decision_no", sa.Integer, nullable=False),
        sa.Column("waiting_since", sa.Date),
        sa.Column("dismissed_on", sa.Date),
    )
    op.create_index("postings_pair", "postings", ["ccn", "role_family"])
    op.create_index("postings_group", "postings", ["state_key", "employer_key", "city_key"])
    op.create_index("postings_stated_ccn", "postings", ["stated_ccn"])
    op.create_index("postings_waiting", "postings", ["waiting_since"], postgresql_where=sa.text("outcome = 'queued'"))
    op.create_table(
        "signals",
        sa.Column("ccn", sa.Text, primary_key=True),
        sa.Column("role_family", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("signals", JSONB, nullable=False),
        sa.Column("open_through", sa.Date),
        sa.Column("announced_id", sa.Uuid),
        sa.Column("announced_expires_on", sa.Date),
    )
    op.create_index("signals_open_through", "signals", ["open_through"])


def downgrade() -> None:
    op.drop_table("signals")
    op.drop_table("postings")
    op.drop_table("decisions")
    op.drop_table("verdicts")
    op.drop_table("aliases")
    op.drop_table("facility_names")
    op.drop_table("facilities")
    op.drop_table("directory_version")
