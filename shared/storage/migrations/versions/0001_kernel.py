"""The kernel's own tables in every service's database.

Inbox and outbox are partitioned by the time in the event id, so that old weeks can be detached or dropped whole;
`shared.storage.retention` makes the weeks when a service starts.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PARTITIONED = """
CREATE TABLE inbox (
    event_id uuid PRIMARY KEY,
    consumer text NOT NULL,
    taken_at timestamptz NOT NULL DEFAULT clock_timestamp()
) PARTITION BY RANGE (event_id);
CREATE TABLE inbox_default PARTITION OF inbox DEFAULT;

-- Rows are never changed: what is yet to be published is a list of ids beside them.
CREATE TABLE outbox (
    event_id uuid PRIMARY KEY,
    subject text NOT NULL,
    headers json NOT NULL,
    body text NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT clock_timestamp()
) PARTITION BY RANGE (event_id);
CREATE TABLE outbox_default PARTITION OF outbox DEFAULT;

-- What an outbox no longer publishes again: whole weeks of it, which nobody changes.
CREATE TABLE history (LIKE outbox INCLUDING ALL) PARTITION BY RANGE (event_id);
CREATE TABLE history_default PARTITION OF history DEFAULT;
CREATE FUNCTION refuse_change_of_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;
END $$;
CREATE TRIGGER history_append_only BEFORE UPDATE OR TRUNCATE ON history
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_history();

CREATE TABLE unpublished (event_id uuid PRIMARY KEY)
WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);
"""


def upgrade() -> None:
    op.execute(PARTITIONED)
    op.create_table(
        "failures",
        sa.Column("event_id", sa.Text, primary_key=True),
        sa.Column("consumer", sa.Text, primary_key=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
    )
    op.create_table(
        "dead_letters",
        sa.Column("dead_no", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("consumer", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("headers", JSONB, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("died_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolution", sa.Text),
        sa.UniqueConstraint("event_id", "consumer"),
    )
    op.create_table(
        "jobs",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("last_due", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table("simulated_time", sa.Column("now", sa.DateTime(timezone=True), nullable=False))
    op.create_table(
        "streams_seen",
        sa.Column("stream", sa.Text, primary_key=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seq", sa.BigInteger, nullable=False),
        sa.Column("last_event", sa.Text),
        sa.Column("healed", sa.Integer, nullable=False, server_default="0"),
    )
    op.create_table(
        "api_keys",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("key_hash", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_changed_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "commands",
        sa.Column("command_id", sa.Uuid, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column(
            "answered_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("clock_timestamp()")
        ),
    )


def downgrade() -> None:
    for table in (
        "commands",
        "api_keys",
        "streams_seen",
        "simulated_time",
        "jobs",
        "dead_letters",
        "failures",
        "unpublished",
        "history",
        "outbox",
        "inbox",
    ):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_change_of_history")
