"""Which tables does the scorer own?

Inputs are appended and never changed. Each row has the time of its receipt, so that a score can be replayed.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

facilities = Table(
    "facilities",
    metadata,
    Column("facility_id", Text, primary_key=True),
    # Versions of one sequence: a facility is listed while its identity is newer than its delisting.
    Column("identity_version", BigInteger, nullable=False, server_default=text("0")),
    Column("delisted_version", BigInteger, nullable=False, server_default=text("0")),
    Column("name", Text),
    Column("city", Text),
    Column("state", Text),
    Column("chain", Text),
    Column("listed_as_of", Date),
)

# Every identity that was received. The multiplier depends on the state, and a replay needs the state of its day.
identities = Table(
    "identities",
    metadata,
    Column("facility_id", Text, primary_key=True),
    Column("identity_version", BigInteger, primary_key=True),
    Column("state", Text),
    Column("received_at", DateTime(timezone=True), nullable=False),
)

facts = Table(
    "facts",
    metadata,
    Column("facility_id", Text, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("as_of", Date, primary_key=True),
    Column("import_no", BigInteger, primary_key=True),
    Column("value", Text),
    Column("dataset", Text, nullable=False),
    Column("event_id", Uuid),
    Column("received_at", DateTime(timezone=True), nullable=False),
)

signal_states = Table(
    "signal_states",
    metadata,
    Column("facility_id", Text, primary_key=True),
    Column("role_family", Text, primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("signals", JSONB, nullable=False),
    Column("event_id", Uuid),
    Column("received_at", DateTime(timezone=True), nullable=False),
)

contact_changes = Table(
    "contact_changes",
    metadata,
    Column("facility_id", Text, primary_key=True),
    Column("role", Text, primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("changed_on", Date),
    Column("event_id", Uuid),
    Column("received_at", DateTime(timezone=True), nullable=False),
)

# What people recorded about leads. Outcomes change no score; they measure how good the scores were.
outcomes = Table(
    "outcomes",
    metadata,
    Column("lead_id", Uuid, primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("facility_id", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("raised_on", Date, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("event_id", Uuid),
    Column("undone_on", Date),
)

scores = Table(
    "scores",
    metadata,
    Column("facility_id", Text, primary_key=True),
    Column("score_version", BigInteger, nullable=False),
    Column("score", Numeric(4, 1), nullable=False),
    Column("tier", Integer, nullable=False),
    # The day since which score, tier and values have been unchanged.
    Column("scored_on", Date, nullable=False),
    Column("breakdown", JSONB, nullable=False),
    Column("multiplier", Numeric, nullable=False),
    Column("multiplier_evidence", Text, nullable=False),
    Column("urgency", Integer),
    Column("last_seen_on", Date),
    Column("measure", Numeric),
    # The next day on which the score can change without an event.
    Column("recheck_on", Date),
    Column("pack", Text, nullable=False),
    Column("score_updated_at", DateTime(timezone=True), nullable=False),
    Index("scores_recheck_on", "recheck_on"),
)

score_history = Table(
    "score_history",
    metadata,
    Column("facility_id", Text, primary_key=True),
    Column("scored_on", Date, primary_key=True),
    Column("score_version", BigInteger, nullable=False),
    Column("score", Numeric(4, 1), nullable=False),
    Column("tier", Integer, nullable=False),
    Column("breakdown", JSONB, nullable=False),
    Column("multiplier", Numeric, nullable=False),
    Column("multiplier_evidence", Text, nullable=False),
    Column("urgency", Integer),
    Column("last_seen_on", Date),
    Column("measure", Numeric),
    Column("pack", Text, nullable=False),
    Column("cause", Text, nullable=False),
)

calibrations = Table(
    "calibrations",
    metadata,
    Column("calibration_id", Uuid, primary_key=True),
    Column("calibrated_on", Date, nullable=False, unique=True),
    Column("cohort", Integer, nullable=False),
    Column("cuts", JSONB, nullable=False),
    Column("hysteresis", Numeric, nullable=False),
    Column("sizes", JSONB, nullable=False),
    Column("ties", JSONB, nullable=False),
    Column("crossings", JSONB, nullable=False),
    Column("pack", Text, nullable=False),
)

calibration_members = Table(
    "calibration_members",
    metadata,
    Column("calibration_id", Uuid, ForeignKey("calibrations.calibration_id"), primary_key=True),
    Column("facility_id", Text, primary_key=True),
    Column("tier", Integer, nullable=False),
    Column("rank", Integer, nullable=False),
)

models = Table(
    "models",
    metadata,
    Column("pack", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("model", JSONB, nullable=False),
    Column("policy", JSONB, nullable=False),
    Column("published_on", Date, nullable=False),
)

# The last publication is in force. A model may be published again.
publications = Table(
    "publications",
    metadata,
    Column("publication_no", BigInteger, Identity(), primary_key=True),
    Column("pack", Text, ForeignKey("models.pack"), nullable=False),
    Column("published_by", Text, nullable=False),
    Column("published_at", DateTime(timezone=True), nullable=False),
    Column("published_on", Date, nullable=False),
)

# The days to which scores were aged. On other days the scorer was down.
aged_days = Table("aged_days", metadata, Column("day", Date, primary_key=True))
