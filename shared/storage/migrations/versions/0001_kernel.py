"""The kernel's own tables in every service's database.

Inbox, outbox and history are partitioned by the time in the event id, so that entire weeks can be detached or dropped;
`shared.storage.retention` creates the partitions when a service starts.
"""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    op.execute("DROP TABLE inbox, outbox, unpublished, history, failures, dead_letters, work, jobs, simulated_time")
    op.execute("DROP TABLE streams_seen, api_keys, commands")
    op.execute("DROP FUNCTION refuse_change_of_history")
