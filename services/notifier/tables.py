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
    # The facts that the text may use, as of when it was written, and where each one is from.
    Column("facts", JSONB, nullable=False),
    Column("sources", JSONB, nullable=False, server_default=text("'{}'")),
    Column("pack", Text, nullable=False),
    # The version of the task that it was written from.
    Column("version", BigInteger, nullable=False, server_default=text("1")),
    # The marks that suppressions can match, and why the draft may not be sent, derived from `suppressions`.
    Column("marks", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("withdrawn", Text),
    # The task as it was published, from which the text can be written anew.
    Column("task", JSONB, nullable=False, server_default=text("'{}'")),
    Column("enrollment_id", Uuid),
    # The name of the recipient, as a text has it.
    Column("person", Text),
    # Which text of the pack it is: no person gets the same one twice.
    Column("letter", Text),
    # The earlier draft that it replies to.
    Column("replies_to", Uuid),
    # What must be set before it may be sent.
    Column("missing", Text),
    # What else there is to know about how it was written.
    Column("note", Text),
    # The last day on which all that it states is true.
    Column("fresh_until", Date),
    Index("drafts_by_facility", "facility_id"),
    Index("drafts_by_recipient", text("lower(to_email)")),
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
    # Of a task that was done: the id of its outcome, and the day.
    Column("outcome", Text),
    Column("done_on", Date),
)
