"""Tasks in the read models state whether they ended, so that pages count those that are due by an index."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        UPDATE states AS task SET status = CASE WHEN EXISTS (
            SELECT FROM states AS ended
            WHERE ended.kind = 'task_end' AND ended.id = task.id AND ended.version >= task.version
        ) THEN 'ended' ELSE 'open' END
        WHERE task.kind = 'task'
    """)
