"""What is yet to be published becomes a list of ids beside the outbox, whose rows are never changed any more.

Event ids are in the order of their making, so that the outbox needs no numbers of its own, and headers are stored as
they were written.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE unpublished (event_id uuid PRIMARY KEY)
        WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000)
    """)
    op.execute("INSERT INTO unpublished SELECT event_id FROM outbox WHERE published_at IS NULL")
    op.drop_index("outbox_unpublished", "outbox")
    op.drop_column("outbox", "published_at")
    op.drop_column("outbox", "outbox_no")
    op.execute("ALTER TABLE outbox ALTER headers TYPE json USING headers::json")


def downgrade() -> None:
    op.execute("ALTER TABLE outbox ALTER headers TYPE jsonb USING headers::jsonb")
    op.add_column("outbox", sa.Column("outbox_no", sa.BigInteger))
    op.add_column("outbox", sa.Column("published_at", sa.DateTime(timezone=True)))
    op.execute(
        "UPDATE outbox SET outbox_no = numbered.outbox_no,"
        " published_at = CASE WHEN unpublished.event_id IS NULL THEN stored_at END"
        " FROM (SELECT event_id, row_number() OVER (ORDER BY event_id) AS outbox_no FROM outbox) AS numbered"
        " LEFT JOIN unpublished USING (event_id) WHERE numbered.event_id = outbox.event_id"
    )
    op.alter_column("outbox", "outbox_no", nullable=False)
    op.execute("ALTER TABLE outbox ALTER outbox_no ADD GENERATED ALWAYS AS IDENTITY")
    op.execute(
        "SELECT setval(pg_get_serial_sequence('outbox', 'outbox_no'), coalesce(max(outbox_no), 0) + 1, false)"
        " FROM outbox"
    )
    op.create_index("outbox_unpublished", "outbox", ["outbox_no"], postgresql_where=sa.text("published_at IS NULL"))
    op.drop_table("unpublished")
