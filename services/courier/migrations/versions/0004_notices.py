"""Notices to our own people, and what they state of facilities and reps."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("facilities", sa.Column("name", sa.Text()))
    op.add_column("facilities", sa.Column("city", sa.Text()))
    op.add_column("reps", sa.Column("email", sa.Text()))
    op.execute(
        """
        UPDATE facilities SET name = data->>'name', city = data->>'city' FROM log
        WHERE type = 'facility.listed' AND log.facility_id = facilities.facility_id
            AND (data->>'version')::bigint = listed_version
        """
    )
    op.execute(
        """
        UPDATE reps SET email = data->>'email' FROM log
        WHERE type = 'rep.changed' AND key = rep AND (data->>'version')::bigint = version
        """
    )
    op.create_table(
        "recipients",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("rep", sa.Text()),
        sa.Column("slack", sa.Text()),
        sa.Column("email", sa.Text()),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("quiet_from", sa.Time()),
        sa.Column("quiet_to", sa.Time()),
        sa.Column("morning_at", sa.Time(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True)),
        sa.Column("paused_by", sa.Text()),
        sa.Column("paused_why", sa.Text()),
        sa.CheckConstraint("(slack IS NULL) <> (email IS NULL)", name="recipient_has_one_address"),
    )
    op.create_table(
        "followed",
        sa.Column("recipient", sa.Text(), sa.ForeignKey("recipients.name", ondelete="CASCADE"), primary_key=True),
        sa.Column("kind", sa.Text(), primary_key=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True)),
        sa.Column("wait_until", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "notices",
        sa.Column("notice_id", sa.Uuid(), primary_key=True),
        sa.Column("recipient", sa.Text(), sa.ForeignKey("recipients.name", ondelete="CASCADE"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("lines", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("more", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("error", sa.Text()),
    )
    op.create_index("notices_of_a_recipient", "notices", ["recipient", "made_at"])
