"""When a security key was used last, and what a browser was asked to sign."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE kept.passkeys ADD COLUMN used_at TIMESTAMP WITH TIME ZONE")
    op.execute("""
        CREATE TABLE kept.challenges (
            browser TEXT NOT NULL,
            content TEXT NOT NULL,
            ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
            PRIMARY KEY (browser)
        )
    """)
