"""The read models: what events state, in a schema that can be dropped and rebuilt."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
    CREATE SCHEMA read;
    CREATE TABLE read.states (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        facility_id TEXT,
        version BIGINT NOT NULL,
        status TEXT NOT NULL,
        rep TEXT,
        day DATE,
        data JSONB NOT NULL,
        PRIMARY KEY (kind, id)
    );
    CREATE INDEX states_by_facility ON read.states (facility_id, kind);
    CREATE INDEX states_by_rep ON read.states (kind, status, rep, day);
    CREATE TABLE read.personal (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        version BIGINT NOT NULL,
        data JSONB NOT NULL,
        PRIMARY KEY (kind, id)
    );
    CREATE TABLE read.facilities (
        facility_id TEXT NOT NULL,
        name TEXT,
        city TEXT,
        state TEXT,
        zip TEXT,
        phone TEXT,
        chain TEXT,
        listed BOOLEAN DEFAULT false NOT NULL,
        listed_version BIGINT DEFAULT 0 NOT NULL,
        search TEXT DEFAULT '' NOT NULL,
        tier INTEGER,
        score NUMERIC,
        urgency INTEGER,
        score_version BIGINT DEFAULT 0 NOT NULL,
        owner TEXT,
        client BOOLEAN DEFAULT false NOT NULL,
        account_version BIGINT DEFAULT 0 NOT NULL,
        touched_on DATE,
        PRIMARY KEY (facility_id)
    );
    CREATE INDEX facilities_by_chain ON read.facilities (chain);
    CREATE INDEX facilities_by_rank ON read.facilities (score DESC NULLS LAST, facility_id) WHERE listed;
    CREATE INDEX facilities_without_posting ON read.facilities (score DESC, facility_id) INCLUDE (tier, owner)
        WHERE listed AND NOT client AND urgency IS NULL AND score IS NOT NULL;
    CREATE INDEX facilities_by_owner ON read.facilities (owner);
    CREATE INDEX facilities_by_score ON read.facilities (tier, score DESC, facility_id);
    CREATE TABLE read.log (
        event_id UUID NOT NULL,
        subject TEXT NOT NULL,
        facility_id TEXT,
        rep TEXT,
        day DATE,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        trace TEXT NOT NULL,
        data JSONB NOT NULL,
        written BIGINT DEFAULT pg_current_xact_id()::text::bigint NOT NULL,
        PRIMARY KEY (event_id)
    );
    CREATE INDEX log_by_facility ON read.log (facility_id, event_id DESC);
    CREATE INDEX log_by_subject ON read.log (subject, event_id DESC);
    CREATE INDEX log_by_trace ON read.log (trace);
    CREATE INDEX log_by_written ON read.log (written);
    CREATE TABLE read.matches (
        posting_id UUID NOT NULL,
        facility_id TEXT NOT NULL,
        version BIGINT NOT NULL,
        PRIMARY KEY (posting_id)
    );
    CREATE INDEX matches_by_facility ON read.matches (facility_id);
"""

# What the role of a session may not see, no query of it returns. Without a role, nothing is returned.
ROWS = """
    ALTER TABLE read.personal ENABLE ROW LEVEL SECURITY;
    ALTER TABLE read.personal FORCE ROW LEVEL SECURITY;
    CREATE POLICY seen ON read.personal USING (current_setting('app.role', true) IN ('service', 'rep', 'manager'));
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(ROWS)
    # Statements name no schema, so that a rebuild can write the same tables in another one.
    op.execute("ALTER ROLE CURRENT_USER SET search_path = public, read, kept")
    op.execute("SET search_path = public, read, kept")
