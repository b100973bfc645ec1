"""Which tables hold accounts, signals, contacts and reps?"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    Time,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.sequencer.tables.base import metadata

accounts = Table(
    "accounts",
    metadata,
    Column("facility_id", Text, primary_key=True),
    # Listed while the last listing is newer than the last delisting, whatever order they arrive in.
    Column("listed_version", BigInteger, nullable=False, server_default=text("0")),
    Column("delisted_version", BigInteger, nullable=False, server_default=text("0")),
    Column("delisted_as_of", Date),
    Column("name", Text),
    Column("city", Text),
    Column("state", Text),
    Column("phone", Text),
    Column("chain", Text),
    Column("status", Text, nullable=False, server_default=text("'prospect'")),
    Column("owner", Text),
    # Grows with every change of the owner.
    Column("owner_version", BigInteger, nullable=False, server_default=text("0")),
    # Why it has this owner, or why no rule finds one.
    Column("owner_reason", Text),
    Column("score_version", BigInteger, nullable=False, server_default=text("0")),
    Column("score", Numeric),
    Column("tier", Integer),
    Column("scored_on", Date),
    Column("tier_version", BigInteger, nullable=False, server_default=text("0")),
    Column("tier_since", Date),
    Column("urgency", Integer),
    Column("last_seen_on", Date),
    Column("measure", Numeric),
    Column("evidence", JSONB),
    Column("last_contacted_on", Date),
    Column("next_follow_up_on", Date),
    Index("accounts_chain", "chain"),
    Index("accounts_tier", "tier", "status"),
)

reps = Table(
    "reps",
    metadata,
    Column("rep", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text),
    Column("phone", Text),
    Column("from_hour", Time, nullable=False),
    Column("to_hour", Time, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("joined_on", Date),
    Column("left_on", Date),
    Column("version", BigInteger, nullable=False),
    Column("territories", JSONB, nullable=False, server_default=text("'[]'")),
)

leaves = Table(
    "leaves",
    metadata,
    Column("leave_id", Uuid, primary_key=True),
    Column("rep", Text, ForeignKey("reps.rep"), nullable=False),
    Column("from_on", Date, nullable=False),
    Column("to_on", Date, nullable=False),
    Column("cover", Text),
    Column("version", BigInteger, nullable=False),
    Index("leaves_to_on", "to_on"),
)

account_signals = Table(
    "account_signals",
    metadata,
    Column("facility_id", Text, primary_key=True),
    Column("role_family", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("signals", JSONB, nullable=False),
)

contacts = Table(
    "contacts",
    metadata,
    Column("contact_id", Uuid, primary_key=True),
    Column("facility_id", Text),
    Column("chain", Text),
    Column("role", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("direct_phone", Text),
    Column("email", Text),
    Column("source", Text, nullable=False),
    Column("source_date", Date, nullable=False),
    Column("source_url", Text),
    # The person of the team who found it out; NULL for a file.
    Column("stated_by", Text),
    Index("contacts_facility_id", "facility_id"),
    Index("contacts_chain", "chain"),
    Index("contacts_email", "email"),
    Index("contacts_direct_phone", "direct_phone"),
)

# The people who left a facility or a chain, as someone of the team stated.
departures = Table(
    "departures",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("left_on", Date, nullable=False),
    Column("stated_by", Text, nullable=False),
    Column("stated_on", Date, nullable=False),
)

# People who are named in two ways, as someone of the team stated: an alias, not a rewrite.
contact_merges = Table(
    "contact_merges",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kept_subject", Text, nullable=False),
    Column("kept_person", Text, nullable=False),
    Column("kept_name", Text, nullable=False),
    Column("merged_by", Text, nullable=False),
    Column("merged_on", Date, nullable=False),
)

contact_states = Table(
    "contact_states",
    metadata,
    Column("facility_id", Text, primary_key=True),
    Column("role", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("changed_on", Date),
    Column("has_direct_phone", Boolean, nullable=False),
    Column("has_email", Boolean, nullable=False),
)
