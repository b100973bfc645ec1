"""Inbox and outbox are partitioned by the time in the event id, so that old weeks can be dropped whole.

Names and columns stay. The weeks themselves are made by `shared.storage.retention` when a service starts, which also
moves what is in the default partition to where it belongs.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.rename_table("inbox", "inbox_before")
    op.rename_table("outbox", "outbox_before")
    op.drop_index("outbox_unpublished", "outbox_before")
    op.execute("""
        CREATE TABLE inbox (
            event_id uuid PRIMARY KEY,
            consumer text NOT NULL,
            taken_at timestamptz NOT NULL DEFAULT clock_timestamp()
        ) PARTITION BY RANGE (event_id)
    """)
    # The number only orders: what is unique in a partitioned table must hold the partition's key.
    op.execute("""
        CREATE TABLE outbox (
            outbox_no bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
            event_id uuid PRIMARY KEY,
            subject text NOT NULL,
            headers jsonb NOT NULL,
            body text NOT NULL,
            stored_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            published_at timestamptz
        ) PARTITION BY RANGE (event_id)
    """)
    op.create_index("outbox_unpublished", "outbox", ["outbox_no"], postgresql_where=sa.text("published_at IS NULL"))
    for table in ("inbox", "outbox"):
        op.execute(f"CREATE TABLE {table}_default PARTITION OF {table} DEFAULT")
    op.execute("INSERT INTO inbox SELECT event_id, consumer, taken_at FROM inbox_before")
    op.execute("""
        INSERT INTO outbox OVERRIDING SYSTEM VALUE
        SELECT outbox_no, event_id, subject, headers, body, stored_at, published_at FROM outbox_before
    """)
    op.execute(
        "SELECT setval(pg_get_serial_sequence('outbox', 'outbox_no'), coalesce(max(outbox_no), 0) + 1, false)"
        " FROM outbox"
    )
    op.drop_table("inbox_before")
    op.drop_table("outbox_before")


def downgrade() -> None:
    op.execute("CREATE TABLE inbox_after AS SELECT * FROM inbox")
    op.execute("CREATE TABLE outbox_after AS SELECT * FROM outbox")
    op.drop_table("inbox")
    op.drop_table("outbox")
    op.rename_table("inbox_after", "inbox")
    op.execute(
        "ALTER TABLE inbox ADD PRIMARY KEY (event_id), ALTER consumer SET NOT NULL, ALTER taken_at SET NOT NULL,"
        " ALTER taken_at SET DEFAULT clock_timestamp()"
    )
    op.rename_table("outbox_after", "outbox")
    op.execute(
        "ALTER TABLE outbox ADD PRIMARY KEY (outbox_no), ADD UNIQUE (event_id), ALTER subject SET NOT NULL,"
        " ALTER headers SET NOT NULL, ALTER body SET NOT NULL, ALTER stored_at SET NOT NULL,"
        " ALTER stored_at SET DEFAULT clock_timestamp(), ALTER event_id SET NOT NULL"
    )
    op.execute("ALTER TABLE outbox ALTER outbox_no ADD GENERATED ALWAYS AS IDENTITY")
    op.execute(
        "SELECT setval(pg_get_serial_sequence('outbox', 'outbox_no'), coalesce(max(outbox_no), 0) + 1, false)"
        " FROM outbox"
    )
    op.create_index("outbox_unpublished", "outbox", ["outbox_no"], postgresql_where=sa.text("published_at IS NULL"))
