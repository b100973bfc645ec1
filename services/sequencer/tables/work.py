"""Which tables hold leads, enrollments, tasks and touches?"""

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
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.sequencer.tables.base import metadata

leads = Table(
    "leads",
    metadata,
    Column("lead_id", Uuid, primary_key=True),
    Column("facility_id", Text, nullable=False),
    Column("lead_source", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("phase", Text, nullable=False),
    Column("stage_since", Date, nullable=False),
    Column("stage_by", Text, nullable=False),
    Column("stage_reason", Text),
    Column("owner", Text),
    Column("role_families", JSONB, nullable=False),
    Column("raised_on", Date, nullable=False),
    Column("refreshed_on", Date, nullable=False),
    Column("closed_on", Date),
    Column("closed_reason", Text),
    # The version of the published state.
    Column("version", BigInteger, nullable=False),
    Column("engaged_until", Date),
    Column("reopen_asked_on", Date),
    Column("reopen_declined_on", Date),
    Column("from_step", Integer),
    Column("converted_facility_id", Text),
    Column("intake", JSONB, nullable=False),
    Column("amount", Numeric),
    Column("currency", Text),
    Column("close_on", Date),
    Column("undone_version", BigInteger),
    UniqueConstraint("facility_id", "lead_source", name="leads_facility_id_lead_source"),
)

# From which stage leads went to which, numbered by the version of the lead; without those that were taken back.
lead_moves = Table(
    "lead_moves",
    metadata,
    Column("lead_id", Uuid, ForeignKey("leads.lead_id"), primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("facility_id", Text, nullable=False),
    Column("lead_source", Text, nullable=False),
    Column("from_stage", Text, nullable=False),
    Column("from_phase", Text, nullable=False),
    Column("to_stage", Text, nullable=False),
    Column("to_phase", Text, nullable=False),
    Column("moved_by", Text, nullable=False),
    Column("moved_on", Date, nullable=False),
    Column("reason", Text),
    Column("days", Integer, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Index("lead_moves_facility_id", "facility_id"),
)

# Append-only: the amounts of leads, numbered by the version of the lead.
lead_amounts = Table(
    "lead_amounts",
    metadata,
    Column("lead_id", Uuid, ForeignKey("leads.lead_id"), primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("amount", Numeric),
    Column("currency", Text),
    Column("close_on", Date),
    Column("stated_by", Text, nullable=False),
    Column("stated_on", Date, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
)

notes = Table(
    "notes",
    metadata,
    Column("note_id", Uuid, primary_key=True),
    Column("facility_id", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("noted_by", Text, nullable=False),
    Column("noted_on", Date, nullable=False),
    Column("noted_at", DateTime(timezone=True), nullable=False),
    Column("next_follow_up_on", Date),
    # In which order they were recorded: several may have the same time.
    Column("number", BigInteger, Identity(), nullable=False),
    Index("notes_facility_id", "facility_id"),
)

# The outcomes of leads, numbered by the version of the lead; one that was taken back is kept.
outcomes = Table(
    "outcomes",
    metadata,
    Column("lead_id", Uuid, ForeignKey("leads.lead_id"), primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("facility_id", Text, nullable=False),
    Column("lead_source", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("raised_on", Date, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("reason", Text),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    # What taking it back restores.
    Column("before", JSONB, nullable=False),
    Column("undone_by", Text),
    Column("undone_on", Date),
    Index("outcomes_facility_id", "facility_id"),
)

enrollments = Table(
    "enrollments",
    metadata,
    Column("enrollment_id", Uuid, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("facility_id", Text, nullable=False),
    Column("chain", Text),
    Column("covers", JSONB, nullable=False),
    Column("sequence", Text, nullable=False),
    Column("cycle", Integer, nullable=False),
    Column("previous_id", Uuid),
    Column("tier", Integer, nullable=False),
    Column("owner", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("blocked_on", Date),
    Column("started_on", Date),
    Column("ended_on", Date),
    Column("missing", JSONB, nullable=False),
    Column("reason", Text),
    Column("from_step", Integer, nullable=False, server_default=text("1")),
    Column("paused_on", Date),
    Column("resume_on", Date),
    Column("shifted_days", Integer, nullable=False, server_default=text("0")),
    # The rep whose leave pauses it.
    Column("absent", Text),
    Column("version", BigInteger, nullable=False, server_default=text("1")),
    # The version of its sequence, once it has started.
    Column("sequence_version", Text),
    UniqueConstraint("subject", "sequence", "cycle", name="enrollments_subject_sequence_cycle"),
    Index("enrollments_status", "status"),
    Index("enrollments_facility_id", "facility_id"),
    Index("enrollments_covers", "covers", postgresql_using="gin"),
)

tasks = Table(
    "tasks",
    metadata,
    Column("task_id", Uuid, primary_key=True),
    # Without it, a task of an account.
    Column("enrollment_id", Uuid, ForeignKey("enrollments.enrollment_id")),
    Column("step_no", Integer, nullable=False),
    Column("facility_id", Text, nullable=False),
    Column("tier", Integer, nullable=False),
    Column("score", Numeric, nullable=False),
    Column("urgency", Integer),
    Column("last_seen_on", Date),
    Column("measure", Numeric),
    Column("rep", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("persona", Text, nullable=False),
    Column("person", JSONB),
    Column("template", Text),
    Column("due_on", Date, nullable=False),
    Column("status", Text, nullable=False),
    Column("outcome", Text),
    Column("done_by", Text),
    Column("done_on", Date),
    Column("reason", Text, nullable=False),
    # The version of the published state, and a digest of the part that corrections may change.
    Column("version", BigInteger, nullable=False),
    Column("digest", Text, nullable=False),
    # The rep whose task it is, while that rep is away.
    Column("absent", Text),
    Column("kind", Text, nullable=False, server_default=text("'step'")),
    Column("key", Text, nullable=False, server_default=text("''")),
    Column("lead_id", Uuid),
    Column("note", Text),
    Column("planned_on", Date),
    UniqueConstraint("enrollment_id", "step_no", name="tasks_enrollment_id_step_no"),
    Index("tasks_status_due_on", "status", "due_on"),
    Index("tasks_facility_id", "facility_id"),
    Index("tasks_done_on", "done_on"),
    # The letters to an address.
    Index("tasks_letters", text("lower(person ->> 'email')"), postgresql_where=text("channel = 'email'")),
    Index("tasks_by_rule", "facility_id", postgresql_where=text("kind IN ('stage', 'recurring')")),
)

# What followed from a touch, with which it is taken back.
touch_effects = Table(
    "touch_effects",
    metadata,
    Column("activity_id", Uuid, primary_key=True),
    Column("followed", JSONB, nullable=False),
)

# Numbers and addresses that did not reach a person, by the touch that showed it.
wrong_details = Table(
    "wrong_details",
    metadata,
    Column("task_id", Uuid, primary_key=True),
    Column("person", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("flagged_on", Date, nullable=False),
    Column("flagged_by", Text, nullable=False),
)

bookmarks = Table(
    "bookmarks",
    metadata,
    Column("facility_id", Text, primary_key=True),
    Column("reason", Text),
    Column("marked_by", Text, nullable=False),
    Column("marked_on", Date, nullable=False),
)

activities = Table(
    "activities",
    metadata,
    Column("activity_id", Uuid, primary_key=True),
    Column("facility_id", Text, nullable=False),
    Column("task_id", Uuid),
    Column("kind", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("persona", Text, nullable=False),
    Column("outcome", Text),
    Column("note", Text),
    Column("rep", Text, nullable=False),
    Column("touched_on", Date, nullable=False),
    Column("next_follow_up_on", Date),
    Column("reverses", Uuid),
    Column("logged_at", DateTime(timezone=True), nullable=False),
    # The ids of all accounts that it was about.
    Column("reached", JSONB, nullable=False),
    # NULL: when it was logged.
    Column("touched_at", DateTime(timezone=True)),
    # In which order they were recorded: several may have the same time.
    Column("number", BigInteger, Identity(), nullable=False),
    Index("activities_facility_id", "facility_id", "touched_on"),
    Index("activities_reverses", "reverses"),
    Index("activities_reached", "reached", postgresql_using="gin"),
)
