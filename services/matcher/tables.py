"""Which tables does the matcher own?"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

# One row, incremented by every transaction that can change what employers match. Its lock makes `changed` grow in the
# order of commits, so that a reader of all changes up to a version has missed none.
directory_version = Table(
    "directory_version",
    metadata,
    Column("only_row", Boolean, primary_key=True, server_default=text("true")),
    Column("version", BigInteger, nullable=False),
)

facilities = Table(
    "facilities",
    metadata,
    Column("facility_id", Text, primary_key=True),
    Column("version", Integer, nullable=False, server_default=text("0")),
    # Listed while the last listing is newer than the last delisting, whatever order they arrive in.
    Column("delisted_version", Integer, nullable=False, server_default=text("0")),
    Column("listed_as_of", Date),
    Column("name", Text),
    Column("address", Text),
    Column("city", Text),
    Column("state", Text),
    Column("zip", Text),
    Column("phone", Text),
    Column("chain", Text),
    Column("changed", BigInteger, nullable=False),
    Index("facilities_changed", "changed"),
)

# Every name in the registry, ever; names of earlier versions are former names.
facility_names = Table(
    "facility_names",
    metadata,
    Column("facility_id", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("version", Integer, nullable=False),
    # The file of aliases that added the name, which keeps its kind whatever the registry states later.
    Column("file", Text),
    # The latest date at which a file with dates states that the facility had the name.
    Column("stated_on", Date),
    # The person who withdrew the name. It stays withdrawn if the registry states it again.
    Column("withdrawn_by", Text),
)

aliases = Table(
    "aliases",
    metadata,
    Column("alias_id", Uuid, primary_key=True),
    Column("facility_id", Text, nullable=False),
    Column("employer_key", Text, nullable=False),
    Column("city_key", Text, nullable=False),
    Column("state_key", Text, nullable=False),
    Column("employer_name", Text, nullable=False),
    Column("city", Text),
    Column("state", Text),
    Column("learned_by", Text, nullable=False),
    Column("learned_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
    Column("changed", BigInteger, nullable=False),
    Index("aliases_facility_id", "facility_id"),
    Index("aliases_changed", "changed"),
)

# The last decision of a person on a group for which no facility was accepted.
verdicts = Table(
    "verdicts",
    metadata,
    Column("employer_key", Text, primary_key=True),
    Column("city_key", Text, primary_key=True),
    Column("state_key", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", DateTime(timezone=True), nullable=False),
    Column("withdrawn", Boolean, nullable=False, server_default=text("false")),
    Column("changed", BigInteger, nullable=False),
    Index("verdicts_changed", "changed"),
)

# Append-only: every decision of a person, including undone ones.
decisions = Table(
    "decisions",
    metadata,
    Column("decision_id", BigInteger, Identity(always=True), primary_key=True),
    Column("decision", Text, nullable=False),
    Column("group_key", Text, nullable=False),
    Column("employer_name", Text, nullable=False),
    Column("city", Text),
    Column("state", Text),
    Column("facility_id", Text),
    Column("reason", Text),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", DateTime(timezone=True), nullable=False),
    Index("decisions_group_key", "group_key"),
)

# Append-only: the judgments of automatic matches by people who did not see them, at most one for each match.
judgments = Table(
    "judgments",
    metadata,
    Column("judgment_no", BigInteger, Identity(always=True), primary_key=True),
    Column("employer_key", Text, nullable=False),
    Column("city_key", Text, nullable=False),
    Column("state_key", Text, nullable=False),
    Column("accepted_facility_id", Text, nullable=False),
    Column("judged_facility_id", Text),
    Column("reason", Text),
    Column("judged_by", Text, nullable=False),
    Column("judged_at", DateTime(timezone=True), nullable=False),
    Index("judgments_match", "state_key", "employer_key", "city_key", "accepted_facility_id", unique=True),
)

postings = Table(
    "postings",
    metadata,
    Column("posting_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("source_posting_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("employer_name", Text, nullable=False),
    Column("city", Text),
    Column("state", Text),
    Column("zip", Text),
    Column("address", Text),
    Column("phone", Text),
    Column("stated_facility_id", Text),
    Column("role_family", Text, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("first_seen_on", Date, nullable=False),
    Column("last_seen_on", Date, nullable=False),
    Column("closed_on", Date),
    Column("event_id", Uuid),
    Column("employer_key", Text, nullable=False),
    Column("city_key", Text, nullable=False),
    Column("state_key", Text, nullable=False),
    # A short key of the group of these three, so that a command finds it by an index.
    Column("group_key", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("facility_id", Text),
    Column("confidence", Float),
    Column("method", Text),
    Column("reason", Text, nullable=False),
    Column("candidates", JSONB, nullable=False),
    Column("decided_by", Text),
    Column("decision_no", Integer, nullable=False),
    Column("waiting_since", Date),
    Column("dismissed_on", Date),
    # When its source would see another outcome, and its number among the outcomes of its source; without a number, it
    # is new to the source.
    Column("outcome_at", DateTime(timezone=True)),
    Column("outcome_no", BigInteger),
    Index("postings_outcome_no", "source", "outcome_no"),
    Index("postings_pair", "facility_id", "role_family"),
    Index("postings_group", "state_key", "employer_key", "city_key"),
    Index("postings_group_key", "group_key"),
    Index("postings_stated_facility_id", "stated_facility_id"),
    Index("postings_waiting", "waiting_since", postgresql_where=text("outcome = 'queued'")),
)

# The last number of each source that has asked for the outcomes of its postings. Numbers are given when it asks, with
# this row locked, so that they grow in the order in which outcomes can be seen.
outcome_numbers = Table(
    "outcome_numbers",
    metadata,
    Column("source", Text, primary_key=True),
    Column("last_no", BigInteger, nullable=False),
)

# One row for each facility and role family: the complete list of signals, as in `facility.matched`.
signals = Table(
    "signals",
    metadata,
    Column("facility_id", Text, primary_key=True),
    Column("role_family", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("signals", JSONB, nullable=False),
    Column("open_through", Date),
    # The expired signal that was announced last; another signal, or another day, is announced again.
    Column("announced_id", Uuid),
    Column("announced_expires_on", Date),
    Index("signals_open_through", "open_through"),
)
