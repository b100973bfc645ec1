"""Which tables does the notifier own?"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Index, MetaData, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata = MetaData()

drafts = Table(
    "drafts",
    metadata,
    Column("draft_id", Uuid, primary_key=True),
    Column("task_id", Uuid, nullable=False, unique=True),
    Column("facility_id", Text, nullable=False),
    Column("rep", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("template", Text),
    Column("to_email", Text),
    Column("subject", Text),
    Column("body", Text),
    # Why there is no text; a draft with a reason has failed.
    Column("reason", Text),
    Column("drafted_on", Date, nullable=False),
    # The facts that the text uses, as of when it was written.
    Column("facts", JSONB, nullable=False),
    Column("pack", Text, nullable=False),
    # The version of the task that it was written from.
    Column("version", BigInteger, nullable=False, server_default=text("1")),
    # The marks that suppressions can match, and why the draft may not be sent, derived from `suppressions`.
    Column("marks", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("withdrawn", Text),
    Index("drafts_by_age", "drafted_on", "facility_id", "draft_id"),
    Index("drafts_marks", "marks", postgresql_using="gin"),
)

# The notifier's copy of all suppressions. One without channels has been lifted.
suppressions = Table(
    "suppressions",
    metadata,
    Column("suppression_id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("channels", ARRAY(Text), nullable=False),
    Column("marks", ARRAY(Text), nullable=False),
    Column("why", Text, nullable=False),
    # Every draft searches here. With `fastupdate` each search would also scan the list of pending entries.
    Index("suppressions_marks", "marks", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
)

task_states = Table(
    "task_states",
    metadata,
    Column("task_id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("status", Text, nullable=False),
)
