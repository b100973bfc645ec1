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
    # What the text rests on, as it was known when it was written.
    Column("facts", JSONB, nullable=False),
    Column("pack", Text, nullable=False),
    # Of the touch's state that it was written from.
    Column("version", BigInteger, nullable=False, server_default=text("1")),
    # By what a suppression knows whom it is for, and why nobody may send it: derived from `suppressions`.
    Column("marks", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("withdrawn", Text),
    Index("drafts_by_age", "drafted_on", "facility_id", "draft_id"),
    Index("drafts_marks", "marks", postgresql_using="gin"),
)

# Our own copy of who is not to be contacted; without channels it is lifted.
suppressions = Table(
    "suppressions",
    metadata,
    Column("suppression_id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("channels", ARRAY(Text), nullable=False),
    Column("marks", ARRAY(Text), nullable=False),
    Column("why", Text, nullable=False),
    # Every draft looks here: what was written last must not wait in a list that each of them reads through.
    Index("suppressions_marks", "marks", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
)

task_states = Table(
    "task_states",
    metadata,
    Column("task_id", Uuid, primary_key=True),
    Column("status", Text, nullable=False),
    Column("done_on", Date, nullable=False),
)
