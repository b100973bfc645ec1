"""The tables of the scorer service."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("aged_days", sa.Column("day", sa.Date(), nullable=False), sa.PrimaryKeyConstraint("day"))
    op.create_table(
        "calibrations",
        sa.Column("calibration_id", sa.Uuid(), nullable=False),
        sa.Column("calibrated_on", sa.Date(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("cuts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("hysteresis", sa.Numeric(), nullable=False),
        sa.Column("sizes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("ties", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("crossings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("calibration_id"),
        sa.UniqueConstraint("calibrated_on"),
    )
    op.create_table(
        "contact_changes",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "role", "version"),
    )
    op.create_table(
        "facilities",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("identity_version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("delisted_version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("chain", sa.Text(), nullable=True),
        sa.Column("listed_as_of", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("facility_id"),
    )
    op.create_table(
        "facts",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("import_no", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "field", "as_of", "import_no"),
    )
    op.create_table(
        "identities",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("identity_version", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "identity_version"),
    )
    op.create_table(
        "models",
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("model", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("policy", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("pack"),
    )
    op.create_table(
        "outcomes",
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("undone_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("lead_id", "version"),
    )
    op.create_table(
        "score_history",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("scored_on", sa.Date(), nullable=False),
        sa.Column("score_version", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.Numeric(precision=4, scale=1), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("breakdown", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("multiplier", sa.Numeric(), nullable=False),
        sa.Column("multiplier_evidence", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=True),
        sa.Column("last_seen_on", sa.Date(), nullable=True),
        sa.Column("measure", sa.Numeric(), nullable=True),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "scored_on"),
    )
    op.create_table(
        "scores",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("score_version", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.Numeric(precision=4, scale=1), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("scored_on", sa.Date(), nullable=False),
        sa.Column("breakdown", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("multiplier", sa.Numeric(), nullable=False),
        sa.Column("multiplier_evidence", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=True),
        sa.Column("last_seen_on", sa.Date(), nullable=True),
        sa.Column("measure", sa.Numeric(), nullable=True),
        sa.Column("recheck_on", sa.Date(), nullable=True),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("score_updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("facility_id"),
    )
    op.create_index("scores_recheck_on", "scores", ["recheck_on"], unique=False)
    op.create_table(
        "signal_states",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("role_family", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("signals", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "role_family", "version"),
    )
    op.create_table(
        "calibration_members",
        sa.Column("calibration_id", sa.Uuid(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calibration_id"],
            ["calibrations.calibration_id"],
        ),
        sa.PrimaryKeyConstraint("calibration_id", "facility_id"),
    )
    op.create_table(
        "publications",
        sa.Column("publication_no", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pack"],
            ["models.pack"],
        ),
        sa.PrimaryKeyConstraint("publication_no"),
    )


def downgrade() -> None:
    for table in (
        "publications",
        "calibration_members",
        "signal_states",
        "scores",
        "score_history",
        "outcomes",
        "models",
        "identities",
        "facts",
        "facilities",
        "contact_changes",
        "calibrations",
        "aged_days",
    ):
        op.drop_table(table)
