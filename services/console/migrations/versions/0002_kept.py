"""What only the console knows: users, sessions, views and the audit log."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = """
    CREATE SCHEMA kept;
    CREATE TABLE kept.users (
        name TEXT NOT NULL,
        role TEXT NOT NULL,
        rep TEXT,
        full_name TEXT NOT NULL,
        email TEXT,
        timezone TEXT DEFAULT '' NOT NULL,
        theme TEXT DEFAULT '' NOT NULL,
        keys_off BOOLEAN DEFAULT false NOT NULL,
        password TEXT,
        totp_secret TEXT,
        totp_step BIGINT DEFAULT 0 NOT NULL,
        recovery TEXT[] DEFAULT '{}' NOT NULL,
        reviewed_on DATE,
        removed BOOLEAN DEFAULT false NOT NULL,
        version BIGINT DEFAULT 1 NOT NULL,
        added_at TIMESTAMP WITH TIME ZONE NOT NULL,
        PRIMARY KEY (name)
    );
    CREATE TABLE kept.links (
        token_hash TEXT NOT NULL,
        name TEXT NOT NULL,
        purpose TEXT NOT NULL,
        reset_code BOOLEAN DEFAULT false NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        used_at TIMESTAMP WITH TIME ZONE,
        PRIMARY KEY (token_hash)
    );
    CREATE TABLE kept.attempts (
        typed_hash TEXT NOT NULL,
        failures INTEGER NOT NULL,
        failed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        PRIMARY KEY (typed_hash)
    );
    CREATE TABLE kept.sessions (
        token_hash TEXT NOT NULL,
        session_id UUID NOT NULL,
        name TEXT NOT NULL,
        begun_at TIMESTAMP WITH TIME ZONE NOT NULL,
        used_at TIMESTAMP WITH TIME ZONE NOT NULL,
        verified BOOLEAN DEFAULT false NOT NULL,
        secret TEXT,
        agent TEXT DEFAULT '' NOT NULL,
        status JSONB,
        PRIMARY KEY (token_hash),
        UNIQUE (session_id)
    );
    CREATE INDEX sessions_by_name ON kept.sessions (name);
    CREATE TABLE kept.passkeys (
        key_id BYTEA NOT NULL,
        name TEXT NOT NULL,
        title TEXT NOT NULL,
        public_key BYTEA NOT NULL,
        counter BIGINT NOT NULL,
        added_at TIMESTAMP WITH TIME ZONE NOT NULL,
        PRIMARY KEY (key_id)
    );
    CREATE INDEX passkeys_by_name ON kept.passkeys (name);
    CREATE TABLE kept.views (
        view_id UUID NOT NULL,
        name TEXT NOT NULL,
        title TEXT NOT NULL,
        url TEXT NOT NULL,
        PRIMARY KEY (view_id),
        CONSTRAINT views_title_key UNIQUE (name, title)
    );
    CREATE TABLE kept.audit (
        audit_no BIGINT GENERATED ALWAYS AS IDENTITY,
        command_id UUID NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        name TEXT NOT NULL,
        role TEXT NOT NULL,
        action TEXT NOT NULL,
        target TEXT NOT NULL,
        details JSONB NOT NULL,
        before_hash TEXT NOT NULL,
        hash TEXT NOT NULL,
        PRIMARY KEY (audit_no),
        UNIQUE (command_id)
    );
    CREATE INDEX audit_by_name ON kept.audit (name, audit_no DESC);
    CREATE TABLE kept.rebuilds (
        began_at TIMESTAMP WITH TIME ZONE NOT NULL,
        ended_at TIMESTAMP WITH TIME ZONE,
        steps INTEGER NOT NULL,
        done INTEGER DEFAULT 0 NOT NULL,
        events BIGINT DEFAULT 0 NOT NULL,
        PRIMARY KEY (began_at)
    );
    CREATE TABLE kept.results (
        command_id UUID NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        outcome TEXT NOT NULL,
        message TEXT NOT NULL,
        PRIMARY KEY (command_id)
    );
"""

# The audit log is only ever appended to; and a role sees its own rows, unless it may see all.
AUDIT = """
    CREATE FUNCTION kept.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the audit log is append-only';
    END $$;
    CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON kept.audit
    FOR EACH STATEMENT EXECUTE FUNCTION kept.refuse_change();
    ALTER TABLE kept.audit ENABLE ROW LEVEL SECURITY;
    ALTER TABLE kept.audit FORCE ROW LEVEL SECURITY;
    CREATE POLICY added ON kept.audit FOR INSERT WITH CHECK (true);
    CREATE POLICY seen ON kept.audit FOR SELECT USING (
        current_setting('app.role', true) IN ('service', 'operations', 'auditor')
        OR (current_setting('app.role', true) = 'manager' AND role IN ('rep', 'manager'))
        OR name = current_setting('app.user', true)
    );
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(AUDIT)
