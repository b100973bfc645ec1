"""The first tables of ingest."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;
END $$
"""

APPEND_ONLY = """
CREATE TRIGGER raw_postings_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON raw_postings
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""


def upgrade() -> None:
    op.create_table(
        "raw_postings",
        sa.Column("raw_no", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("posting_id", sa.Uuid, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("source_posting_id", sa.Text, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_on", sa.Date, nullable=False),
        sa.Column("closed_on", sa.Date),
        sa.Column("content", JSONB, nullable=False),
        sa.Column("role_family", sa.Text, nullable=False),
        sa.Column("urgency", sa.Integer, nullable=False),
        sa.Column("pack", sa.Text, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("source", "source_posting_id", "content_hash", "seen_at", name="raw_postings_said_once"),
    )
    op.create_table(
        "postings",
        sa.Column("posting_id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("source_posting_id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("employer_name", sa.Text, nullable=False),
        sa.Column("city", sa.Text),
        sa.Column("state", sa.Text),
        sa.Column("zip", sa.Text),
        sa.Column("address", sa.Text),
        sa.Column("phone", sa.Text),
        sa.Column("ccn", sa.Text),
        sa.Column("url", sa.Text),
        sa.Column("posted_on", sa.Date),
        sa.Column("role_family", sa.Text, nullable=False),
        sa.Column("urgency", sa.Integer, nullable=False),
        sa.Column("pack", sa.Text, nullable=False),
        sa.Column("first_seen_on", sa.Date, nullable=False),
        sa.Column("last_seen_on", sa.Date, nullable=False),
        sa.Column("closed_on", sa.Date),
        sa.Column("reported_closed_on", sa.Date),
        sa.Column("content_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content_raw_no", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("source", "source_posting_id", name="postings_source_key"),
    )
    op.create_table(
        "sources",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("key_hash", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_changed_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "facilities",
        sa.Column("ccn", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("other_names", JSONB, nullable=False),
        sa.Column("address", sa.Text),
        sa.Column("city", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("zip", sa.Text),
        sa.Column("county", sa.Text),
        sa.Column("phone", sa.Text),
        sa.Column("chain", sa.Text),
        sa.Column("listed_as_of", sa.Date, nullable=False),
        sa.Column("import_no", sa.Integer, nullable=False),
        sa.Column("delisted", sa.Boolean, nullable=False),
        sa.Column("delisted_as_of", sa.Date),
    )
    op.create_index("facilities_state", "facilities", ["state"])
    op.create_table(
        "facility_facts",
        sa.Column("ccn", sa.Text, primary_key=True),
        sa.Column("field", sa.Text, primary_key=True),
        sa.Column("as_of", sa.Date, primary_key=True),
        sa.Column("import_no", sa.Integer, nullable=False),
        sa.Column("value", sa.Text),
        sa.Column("unknown", sa.Boolean, nullable=False),
    )
    op.create_table(
        "imports",
        sa.Column("import_no", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("import_id", sa.Uuid, nullable=False, unique=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text),
        sa.Column("size", sa.BigInteger),
        sa.Column("state", sa.Text),
        sa.Column("complete", sa.Text),
        sa.Column("as_of", sa.Date),
        sa.Column("complete_as_of", sa.Date),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("listed", sa.Integer, nullable=False),
        sa.Column("rejected", sa.Integer, nullable=False),
        sa.Column("delisted", sa.Integer, nullable=False),
    )
    op.create_table(
        "import_lines",
        sa.Column("import_no", sa.Integer, primary_key=True),
        sa.Column("ccn", sa.Text, primary_key=True),
        sa.Column("line", sa.Integer, nullable=False),
    )
    op.create_table(
        "import_rejects",
        sa.Column("import_no", sa.Integer, primary_key=True),
        sa.Column("line", sa.Integer, primary_key=True),
        sa.Column("ccn", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.execute(REFUSE_CHANGE)
    op.execute(APPEND_ONLY)


def downgrade() -> None:
    for table in (
        "import_rejects",
        "import_lines",
        "imports",
        "facility_facts",
        "facilities",
        "sources",
        "postings",
        "raw_postings",
    ):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_change")
