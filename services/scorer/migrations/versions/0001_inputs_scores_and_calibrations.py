"""Inputs with their receipt, scores with their history, calibrations and models."""

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
        "facilities",
        sa.Column("ccn", sa.Text, primary_key=True),
        sa.Column("identity_version", sa.BigInteger, nullable=False),
        sa.Column("delisted_version", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text),
        sa.Column("city", sa.Text),
        sa.Column("state", sa.Text),
        sa.Column("chain", sa.Text),
        sa.Column("listed_as_of", sa.Date),
    )
    op.create_table(
        "facts",
        sa.Column("ccn", sa.Text, primary_key=True),
        sa.Column("field", sa.Text, primary_key=True),
        sa.Column("as_of", sa.Date, primary_key=True),
        sa.Column("import_no", sa.BigInteger, primary_key=True),
        sa.Column("value", sa.Text),
        sa.Column("dataset", sa.Text, nullable=False),
        sa.Column("event_id", sa.Uuid),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "signal_states",
        sa.Column("ccn", sa.Text, primary_key=True),
        sa.Column("role_family", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, primary_key=True),
        sa.Column("signals", JSONB, nullable=False),
        sa.Column("event_id", sa.Uuid),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "contact_changes",
        sa.Column("ccn", sa.Text, primary_key=True),
        sa.Column("role", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, primary_key=True),
        sa.Column("changed_on", sa.Date),
        sa.Column("event_id", sa.Uuid),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "scores",
        sa.Column("ccn", sa.Text, primary_key=True),
        sa.Column("score_version", sa.BigInteger, nullable=False),
        sa.Column("score", sa.Numeric(4, 1), nullable=False),
        sa.Column("tier", sa.Integer, nullable=False),
        sa.Column("scored_on", sa.Date, nullable=False),
        sa.Column("breakdown", JSONB, nullable=False),
        sa.Column("multiplier", sa.Numeric, nullable=False),
        sa.Column("multiplier_evidence", sa.Text, nullable=False),
        sa.Column("urgency", sa.Integer),
        sa.Column("last_seen_on", sa.Date),
        sa.Column("mds_anomaly", sa.Numeric),
        sa.Column("recheck_on", sa.Date),
        sa.Column("pack", sa.Text, nullable=False),
        sa.Column("score_updated_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("scores_recheck_on", "scores", ["recheck_on"])
    op.create_table(
        "score_history",
        sa.Column("ccn", sa.Text, primary_key=True),
        sa.Column("scored_on", sa.Date, primary_key=True),
        sa.Column("score_version", sa.BigInteger, nullable=False),
        sa.Column("score", sa.Numeric(4, 1), nullable=False),
        sa.Column("tier", sa.Integer, nullable=False),
        sa.Column("breakdown", JSONB, nullable=False),
        sa.Column("multiplier", sa.Numeric, nullable=False),
        sa.Column("multiplier_evidence", sa.Text, nullable=False),
        sa.Column("urgency", sa.Integer),
        sa.Column("last_seen_on", sa.Date),
        sa.Column("mds_anomaly", sa.Numeric),
        sa.Column("pack", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
    )
    op.create_table(
        "calibrations",
        sa.Column("calibration_id", sa.Uuid, primary_key=True),
        sa.Column("calibrated_on", sa.Date, nullable=False, unique=True),
        sa.Column("cohort", sa.Integer, nullable=False),
        sa.Column("cuts", JSONB, nullable=False),
        sa.Column("hysteresis", sa.Numeric, nullable=False),
        sa.Column("sizes", JSONB, nullable=False),
        sa.Column("ties", JSONB, nullable=False),
        sa.Column("crossings", JSONB, nullable=False),
        sa.Column("pack", sa.Text, nullable=False),
    )
    op.create_table(
        "calibration_members",
        sa.Column("calibration_id", sa.Uuid, sa.ForeignKey("calibrations.calibration_id"), primary_key=True),
        sa.Column("ccn", sa.Text, primary_key=True),
        sa.Column("tier", sa.Integer, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
    )
    op.create_table(
        "models",
        sa.Column("pack", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("model", JSONB, nullable=False),
        sa.Column("policy", JSONB, nullable=False),
        sa.Column("published_on", sa.Date, nullable=False),
    )


def downgrade() -> None:
    for table in (
        "models",
        "calibration_members",
        "calibrations",
        "score_history",
        "scores",
        "contact_changes",
        "signal_states",
        "facts",
        "facilities",
    ):
        op.drop_table(table)
