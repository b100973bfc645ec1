"""Which tables does the console own?

The schema `read` has what events state, and can be dropped and rebuilt; `kept` has what only the console knows.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata = MetaData()

# --- read: what events state ---------------------------------------------------------------------------------

# The current state of each thing, as the event with its highest version states it, without personal data.
states = Table(
    "states",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("facility_id", Text),
    Column("version", BigInteger, nullable=False),
    Column("status", Text, nullable=False),
    Column("rep", Text),
    Column("day", Date),
    Column("data", JSONB, nullable=False),
    Index("states_by_facility", "facility_id", "kind"),
    Index("states_by_rep", "kind", "status", "rep", "day"),
    schema="read",
)

# The personal data that a state or an event of the log contains; row-level security shows it only to some roles.
personal = Table(
    "personal",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("data", JSONB, nullable=False),
    schema="read",
)

# What lists show, sort and filter by: a row for each facility, whichever event mentioned it first.
facilities = Table(
    "facilities",
    metadata,
    Column("facility_id", Text, primary_key=True),
    Column("name", Text),
    Column("city", Text),
    Column("state", Text),
    Column("zip", Text),
    Column("phone", Text),
    Column("chain", Text),
    Column("listed", Boolean, nullable=False, server_default=text("false")),
    Column("listed_version", BigInteger, nullable=False, server_default=text("0")),
    Column("search", Text, nullable=False, server_default=text("''")),
    Column("tier", Integer),
    Column("score", Numeric),
    Column("urgency", Integer),
    Column("score_version", BigInteger, nullable=False, server_default=text("0")),
    Column("owner", Text),
    Column("client", Boolean, nullable=False, server_default=text("false")),
    Column("account_version", BigInteger, nullable=False, server_default=text("0")),
    Column("touched_on", Date),
    Index("facilities_by_score", "tier", text("score DESC"), "facility_id"),
    # The place of an account among all, and what is counted of those without a posting, follow from indexes alone.
    Index("facilities_by_rank", text("score DESC NULLS LAST"), "facility_id", postgresql_where=text("listed")),
    Index(
        "facilities_without_posting",
        text("score DESC"),
        "facility_id",
        postgresql_include=["tier", "owner"],
        postgresql_where=text("listed AND NOT client AND urgency IS NULL AND score IS NOT NULL"),
    ),
    Index("facilities_by_owner", "owner"),
    Index("facilities_by_chain", "chain"),
    schema="read",
)

# Every event, once, without personal data. `written` is the transaction that added it: what is new was written by those
# that were not finished when the log was read last, in whichever order they commit.
log = Table(
    "log",
    metadata,
    Column("event_id", Uuid, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("facility_id", Text),
    Column("rep", Text),
    Column("day", Date),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("trace", Text, nullable=False),
    Column("data", JSONB, nullable=False),
    Column("written", BigInteger, nullable=False, server_default=text("pg_current_xact_id()::text::bigint")),
    Index("log_by_facility", "facility_id", text("event_id DESC")),
    Index("log_by_subject", "subject", text("event_id DESC")),
    Index("log_by_trace", "trace"),
    Index("log_by_written", "written"),
    schema="read",
)

# Which facility a posting belongs to.
matches = Table(
    "matches",
    metadata,
    Column("posting_id", Uuid, primary_key=True),
    Column("facility_id", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Index("matches_by_facility", "facility_id"),
    schema="read",
)

# --- kept: what only the console knows -----------------------------------------------------------------------

users = Table(
    "users",
    metadata,
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("rep", Text),
    Column("full_name", Text, nullable=False),
    Column("email", Text),
    Column("timezone", Text, nullable=False, server_default=text("''")),
    Column("theme", Text, nullable=False, server_default=text("''")),
    Column("keys_off", Boolean, nullable=False, server_default=text("false")),
    Column("password", Text),
    Column("totp_secret", Text),
    Column("totp_step", BigInteger, nullable=False, server_default=text("0")),
    Column("recovery", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("reviewed_on", Date),
    Column("removed", Boolean, nullable=False, server_default=text("false")),
    Column("version", BigInteger, nullable=False, server_default=text("1")),
    Column("added_at", DateTime(timezone=True), nullable=False),
    schema="kept",
)

# One-time links: to begin (password and code), and in a simulation to sign in.
links = Table(
    "links",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("reset_code", Boolean, nullable=False, server_default=text("false")),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),
    schema="kept",
)

# Failed sign-ins, by what was typed as the name, whether or not there is such a user.
attempts = Table(
    "attempts",
    metadata,
    Column("typed_hash", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("failed_at", DateTime(timezone=True), nullable=False),
    schema="kept",
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("session_id", Uuid, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("begun_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True), nullable=False),
    Column("verified", Boolean, nullable=False, server_default=text("false")),
    Column("secret", Text),
    Column("agent", Text, nullable=False, server_default=text("''")),
    Column("status", JSONB),
    Index("sessions_by_name", "name"),
    schema="kept",
)

# What a second factor signs with: WebAuthn keys.
passkeys = Table(
    "passkeys",
    metadata,
    Column("key_id", LargeBinary, primary_key=True),
    Column("name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("counter", BigInteger, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),
    Index("passkeys_by_name", "name"),
    schema="kept",
)

# What a browser was asked, by the id of its session: it answers once, within minutes.
challenges = Table(
    "challenges",
    metadata,
    Column("browser", Text, primary_key=True),
    Column("content", Text, nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    schema="kept",
)

views = Table(
    "views",
    metadata,
    Column("view_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("url", Text, nullable=False),
    UniqueConstraint("name", "title", name="views_title_key"),
    schema="kept",
)

# Every write by a person. Each row contains the hash of the one before, so that a changed row breaks the chain.
audit = Table(
    "audit",
    metadata,
    Column("audit_no", BigInteger, Identity(always=True), primary_key=True),
    Column("command_id", Uuid, nullable=False, unique=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("details", JSONB, nullable=False),
    Column("before_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("audit_by_name", "name", text("audit_no DESC")),
    schema="kept",
)

# The last rebuild of the read models.
rebuilds = Table(
    "rebuilds",
    metadata,
    Column("began_at", DateTime(timezone=True), primary_key=True),
    Column("ended_at", DateTime(timezone=True)),
    Column("steps", Integer, nullable=False),
    Column("done", Integer, nullable=False, server_default=text("0")),
    Column("events", BigInteger, nullable=False, server_default=text("0")),
    schema="kept",
)

# What came of each write: refused, done, or not confirmed; written after the owner has answered.
results = Table(
    "results",
    metadata,
    Column("command_id", Uuid, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("outcome", Text, nullable=False),
    Column("message", Text, nullable=False),
    schema="kept",
)
