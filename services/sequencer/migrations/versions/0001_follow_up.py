"""Adds accounts, signals, contacts, leads, enrollments, tasks and activities."""

from __future__ import annotations

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
        sa.Column("ccn", sa.Text(), nullable=False),
        sa.Column("role_family", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("signals", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("ccn", "role_family"),
    )
    op.create_table(
        "accounts",
        sa.Column("ccn", sa.Text(), nullable=False),
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
        sa.Column("score_version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("score", sa.Numeric(), nullable=True),
        sa.Column("tier", sa.Integer(), nullable=True),
        sa.Column("scored_on", sa.Date(), nullable=True),
        sa.Column("tier_version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("tier_since", sa.Date(), nullable=True),
        sa.Column("urgency", sa.Integer(), nullable=True),
        sa.Column("last_seen_on", sa.Date(), nullable=True),
        sa.Column("mds_anomaly", sa.Numeric(), nullable=True),
        sa.Column("evidence", postgresql.JSONB(), nullable=True),
        sa.Column("last_contacted_on", sa.Date(), nullable=True),
        sa.Column("next_follow_up_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("ccn"),
    )
    op.create_index("accounts_chain", "accounts", ["chain"], unique=False)
    op.create_index("accounts_tier", "accounts", ["tier", "status"], unique=False)
    op.create_table(
        "activities",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("ccn", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("persona", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("rep", sa.Text(), nullable=False),
        sa.Column("touched_on", sa.Date(), nullable=False),
        sa.Column("next_follow_up_on", sa.Date(), nullable=True),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("activity_id"),
    )
    op.create_index("activities_ccn", "activities", ["ccn", "touched_on"], unique=False)
    op.create_table(
        "contact_states",
        sa.Column("ccn", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=True),
        sa.Column("has_direct_phone", sa.Boolean(), nullable=False),
        sa.Column("has_email", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("ccn", "role"),
    )
    op.create_table(
        "contacts",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("ccn", sa.Text(), nullable=True),
        sa.Column("chain", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("direct_phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_date", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("contact_id"),
    )
    op.create_index("contacts_ccn", "contacts", ["ccn"], unique=False)
    op.create_index("contacts_chain", "contacts", ["chain"], unique=False)
    op.create_table(
        "enrollments",
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("ccn", sa.Text(), nullable=False),
        sa.Column("chain", sa.Text(), nullable=True),
        sa.Column("covers", postgresql.JSONB(), nullable=False),
        sa.Column("sequence", sa.Text(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("previous_id", sa.Uuid(), nullable=True),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("blocked_on", sa.Date(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("missing", postgresql.JSONB(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("enrollment_id"),
        sa.UniqueConstraint("subject", "sequence", "cycle", name="enrollments_subject_sequence_cycle"),
    )
    op.create_index("enrollments_ccn", "enrollments", ["ccn"], unique=False)
    op.create_index("enrollments_status", "enrollments", ["status"], unique=False)
    op.create_table(
        "leads",
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("ccn", sa.Text(), nullable=False),
        sa.Column("lead_source", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), server_default=sa.text("'new'"), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("role_families", postgresql.JSONB(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("refreshed_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("lead_id"),
        sa.UniqueConstraint("ccn", "lead_source", name="leads_ccn_lead_source"),
    )
    op.create_table(
        "tasks",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("step_no", sa.Integer(), nullable=False),
        sa.Column("ccn", sa.Text(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("score", sa.Numeric(), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=True),
        sa.Column("last_seen_on", sa.Date(), nullable=True),
        sa.Column("mds_anomaly", sa.Numeric(), nullable=True),
        sa.Column("rep", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("persona", sa.Text(), nullable=False),
        sa.Column("person", postgresql.JSONB(), nullable=True),
        sa.Column("template", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("done_by", sa.Text(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrollment_id"],
            ["enrollments.enrollment_id"],
        ),
        sa.PrimaryKeyConstraint("task_id"),
        sa.UniqueConstraint("enrollment_id", "step_no", name="tasks_enrollment_id_step_no"),
    )
    op.create_index("tasks_ccn", "tasks", ["ccn"], unique=False)
    op.create_index("tasks_status_due_on", "tasks", ["status", "due_on"], unique=False)


def downgrade() -> None:
    op.drop_table("tasks")
    op.drop_table("leads")
    op.drop_table("enrollments")
    op.drop_table("contacts")
    op.drop_table("contact_states")
    op.drop_table("activities")
    op.drop_table("accounts")
    op.drop_table("account_signals")
