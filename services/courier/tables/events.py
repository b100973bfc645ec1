"""What does the courier know of events, and who gets them?

It has one log of all events, whose positions are cursors, and one ledger of what it delivered. A webhook has no secret
here: its secret follows from the key of the deployment.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    Time,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON

from services.courier.tables.base import metadata

# Every event, once. A transaction that adds events has the lock of the log until it commits, so positions become
# visible in their order: who has read one misses none before it.
log = Table(
    "log",
    metadata,
    Column("position", BigInteger, Identity(always=True), primary_key=True),
    Column("event_id", Uuid, nullable=False, unique=True),
    Column("type", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("facility_id", Text),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("trace", Text, nullable=False),
    Column("data", JSON, nullable=False),
    Index("log_by_type", "type", "position"),
)

# One row: the last position that was removed because of its age.
removed = Table(
    "removed",
    metadata,
    Column("one", Boolean, primary_key=True, server_default=text("true")),
    Column("position", BigInteger, nullable=False, server_default=text("0")),
    CheckConstraint("one", name="removed_is_one_row"),
)

# What filters ask of a facility, and what notices state of it, as its events state it.
facilities = Table(
    "facilities",
    metadata,
    Column("facility_id", Text, primary_key=True),
    Column("name", Text),
    Column("city", Text),
    Column("state", Text),
    Column("listed_version", BigInteger, nullable=False, server_default=text("0")),
    Column("tier", Integer),
    Column("score_version", BigInteger, nullable=False, server_default=text("0")),
    Column("owner", Text),
    Column("account_version", BigInteger, nullable=False, server_default=text("0")),
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("url", Text, nullable=False),
    # What it gets: types of events, or `lead.*`; `patterns` has the same for LIKE.
    Column("types", ARRAY(Text), nullable=False),
    Column("patterns", ARRAY(Text), nullable=False),
    # NULL: any.
    Column("tiers", ARRAY(Integer)),
    Column("states", ARRAY(Text)),
    Column("owners", ARRAY(Text)),
    Column("ordered", Boolean, nullable=False),
    Column("personal", Boolean, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    # The log was read until here.
    Column("position", BigInteger, nullable=False),
    # What its secrets follow from, besides the key of the deployment.
    Column("nonce", Uuid, nullable=False),
    Column("secret_version", Integer, nullable=False, server_default=text("1")),
    Column("both_until", DateTime(timezone=True)),
    # How its receiver is doing.
    Column("failures", Integer, nullable=False, server_default=text("0")),
    Column("rests", Integer, nullable=False, server_default=text("0")),
    Column("failing_since", DateTime(timezone=True)),
    Column("rest_until", DateTime(timezone=True)),
    Column("paused_at", DateTime(timezone=True)),
    Column("paused_by", Text),
    Column("paused_why", Text),
)

# The ledger: one row for each event that a webhook got, or is still to get. Tests have positions below 0.
deliveries = Table(
    "deliveries",
    metadata,
    Column("webhook", Text, ForeignKey("webhooks.name", ondelete="CASCADE"), primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("event_id", Uuid, nullable=False),
    Column("type", Text, nullable=False),
    Column("key", Text, nullable=False),
    # `waiting` for its next attempt, `blocked` by an earlier one of its facility, `delivered` or `failed`.
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", DateTime(timezone=True)),
    Column("first_at", DateTime(timezone=True)),
    Column("last_at", DateTime(timezone=True)),
    Column("status", Integer),
    Column("millis", Integer),
    Column("answer", Text),
    Column("error", Text),
    Index("deliveries_due", "webhook", "next_at", postgresql_where=text("state = 'waiting'")),
    Index("deliveries_by_key", "webhook", "key", postgresql_where=text("state IN ('waiting', 'blocked')")),
    Index("deliveries_ended", "last_at", postgresql_where=text("state IN ('delivered', 'failed')")),
)

# What the holder of an API key may read of the feed.
feed_keys = Table(
    "feed_keys",
    metadata,
    Column("name", Text, primary_key=True),
    # `lead.*` means all of leads, also types that are added later; `*` every type.
    Column("types", ARRAY(Text), nullable=False),
    Column("personal", Boolean, nullable=False),
)

# The holders of API keys that manage webhooks.
webhook_keys = Table(
    "webhook_keys",
    metadata,
    Column("name", Text, primary_key=True),
    # They can also let webhooks get events with contact data.
    Column("personal", Boolean, nullable=False),
)

# The newest state of each task, as far as a calendar shows it. One that ended keeps its version for a while.
tasks = Table(
    "tasks",
    metadata,
    Column("task_id", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("rep", Text, nullable=False),
    Column("due_on", Date),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("data", JSON),
    Index("tasks_due", "rep", "due_on", postgresql_where=text("due_on IS NOT NULL")),
)

reps = Table(
    "reps",
    metadata,
    Column("rep", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("email", Text),
)

# The address of a calendar is a secret, of which only the hash is stored.
calendars = Table(
    "calendars",
    metadata,
    Column("rep", Text, primary_key=True),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("personal", Boolean, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("read_at", DateTime(timezone=True)),
)

# Those of our own people who get notices. The address of a chat is a secret, of which only the name is here.
recipients = Table(
    "recipients",
    metadata,
    Column("name", Text, primary_key=True),
    # NULL: what concerns the whole team.
    Column("rep", Text),
    Column("slack", Text),
    Column("email", Text),
    Column("kinds", ARRAY(Text), nullable=False),
    Column("quiet_from", Time),
    Column("quiet_to", Time),
    Column("morning_at", Time, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("paused_at", DateTime(timezone=True)),
    Column("paused_by", Text),
    Column("paused_why", Text),
    # The log was looked through until here for people of accounts who have this e-mail address.
    Column("checked", BigInteger, nullable=False, server_default=text("0")),
    CheckConstraint("(slack IS NULL) <> (email IS NULL)", name="recipient_has_one_address"),
)

# How far each recipient has come in the log with each kind of notice.
followed = Table(
    "followed",
    metadata,
    Column("recipient", Text, ForeignKey("recipients.name", ondelete="CASCADE"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    # When the last notice of this kind was made or sent.
    Column("last_at", DateTime(timezone=True)),
    # Until then, nothing of this kind is looked at.
    Column("wait_until", DateTime(timezone=True)),
)

notices = Table(
    "notices",
    metadata,
    Column("notice_id", Uuid, primary_key=True),
    Column("recipient", Text, ForeignKey("recipients.name", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("title", Text, nullable=False),
    Column("lines", ARRAY(Text), nullable=False),
    # Lines that are only counted.
    Column("more", Integer, nullable=False),
    # `waiting`, `sent`, `failed` or, if it may have arrived, `unsure`.
    Column("state", Text, nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("error", Text),
    Index("notices_of_a_recipient", "recipient", "made_at"),
)
