"""Which tables does the notifier own?"""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

drafts = Table(
    "drafts",
    metadata,
    Column("draft_id", Uuid, primary_key=True),
    Column("task_id", Uuid, nullable=False, unique=True),
    Column("ccn", Text, nullable=False),
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
    Index("drafts_by_age", "drafted_on", "ccn", "draft_id"),
)

task_states = Table(
    "task_states",
    metadata,
    Column("task_id", Uuid, primary_key=True),
    Column("status", Text, nullable=False),
    Column("done_on", Date, nullable=False),
)
