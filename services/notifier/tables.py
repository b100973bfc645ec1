"""Which tables does the notifier own?"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    text,
)
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
    # The facts that the text may state, as of when it was written, where each one is from, and those that it states.
    Column("facts", JSONB, nullable=False),
    Column("sources", JSONB, nullable=False, server_default=text("'{}'")),
    Column("states", ARRAY(Text), nullable=False, server_default=text("'{}'")),
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
    # How often this version was edited or written anew: a person sends the revision that they read.
    Column("edits", BigInteger, nullable=False, server_default=text("0")),
    Column("edited_by", Text),
    Column("discarded", Text),
    Index("drafts_by_facility", "facility_id"),
    Index("drafts_by_recipient", text("lower(to_email)")),
    Index("drafts_by_age", "drafted_on", "facility_id", "draft_id"),
    Index("drafts_marks", "marks", postgresql_using="gin"),
)

# All suppressions: those of addresses and domains, which the notifier owns, and a copy of the sequencer's. One without
# channels has been lifted.
suppressions = Table(
    "suppressions",
    metadata,
    Column("suppression_id", Uuid, primary_key=True),
    Column("scope", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("channels", ARRAY(Text), nullable=False),
    Column("marks", ARRAY(Text), nullable=False),
    Column("label", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("stated_by", Text, nullable=False),
    Column("stated_on", Date, nullable=False),
    # The sentence that a withdrawn draft and a refused send show.
    Column("why", Text, nullable=False),
    # Every draft and every send searches here. With `fastupdate` each search would also scan the list of pending
    # entries.
    Index("suppressions_marks", "marks", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
)

# Append-only: the statements on suppressions of addresses and domains, numbered by suppression.
suppression_statements = Table(
    "suppression_statements",
    metadata,
    Column("suppression_id", Uuid, ForeignKey("suppressions.suppression_id"), primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("instruction", Text, nullable=False),
    Column("channels", ARRAY(Text), nullable=False),
    Column("reason", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("stated_by", Text, nullable=False),
    Column("stated_on", Date, nullable=False),
    # The e-mail that came back, if that is the cause.
    Column("message_id", Uuid),
)

# Append-only: letters that were not sent, each with the version of the suppression that refused it.
refused_sends = Table(
    "refused_sends",
    metadata,
    Column("message_id", Uuid, primary_key=True),
    Column("suppression_id", Uuid, primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("email", Text, nullable=False),
    Column("marks", ARRAY(Text), nullable=False),
    Column("task_id", Uuid),
    Column("facility_id", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("refused_on", Date, nullable=False),
    Column("refused_at", DateTime(timezone=True), nullable=False),
    Index("refused_sends_by_address", "email"),
    Index("refused_sends_by_suppression", "suppression_id"),
)

# Letters that a person sent off, with the text that they read.
messages = Table(
    "messages",
    metadata,
    Column("message_id", Uuid, primary_key=True),
    Column("draft_id", Uuid, nullable=False),
    Column("task_id", Uuid, nullable=False),
    # The version of the task that the draft was written from.
    Column("version", BigInteger, nullable=False),
    Column("revision", Text, nullable=False),
    Column("facility_id", Text, nullable=False),
    Column("rep", Text, nullable=False),
    Column("from_name", Text, nullable=False),
    Column("from_email", Text, nullable=False),
    Column("to_name", Text),
    Column("to_email", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    # The Message-ID of the earlier letter that it replies to.
    Column("in_reply_to", Text),
    Column("state", Text, nullable=False),
    # Why it was refused, or what went wrong with the last try.
    Column("error", Text),
    Column("approved_by", Text, nullable=False),
    Column("approved_at", DateTime(timezone=True), nullable=False),
    # When it left or, if it is unsure, may have left: it counts in the limits of that day.
    Column("sent_at", DateTime(timezone=True)),
    # When it was known that it can never reach its recipient, by a report or by the reply of the mail server.
    Column("bounced_at", DateTime(timezone=True)),
    Index("messages_by_draft", "draft_id"),
    Index("messages_by_recipient", text("lower(to_email)")),
    # A letter that leaves, or may have left, is not sent off a second time.
    Index(
        "messages_under_way",
        "draft_id",
        unique=True,
        postgresql_where=text("state IN ('approved', 'sending', 'unsure')"),
    ),
    Index("messages_by_time", "sent_at", postgresql_where=text("sent_at IS NOT NULL")),
    Index("messages_bounced", "bounced_at", postgresql_where=text("bounced_at IS NOT NULL")),
)

# Append-only: when a person let letters leave again of which too many had bounced.
resumptions = Table(
    "resumptions",
    metadata,
    Column("resumed_at", DateTime(timezone=True), primary_key=True),
    Column("resumed_by", Text, nullable=False),
)

# The letters whose links to unsubscribe were used, so that each is published once.
unsubscriptions = Table(
    "unsubscriptions",
    metadata,
    Column("message_id", Uuid, primary_key=True),
    Column("unsubscribed_at", DateTime(timezone=True), nullable=False),
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

# Messages that came back. What the letters that they are about are called is in `messages`.
incoming = Table(
    "incoming",
    metadata,
    Column("incoming_id", Uuid, primary_key=True),
    # `mailbox`, `postmark` or `ses`.
    Column("source", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("kind", Text, nullable=False),
    Column("from_email", Text, nullable=False),
    # None if the message is sealed.
    Column("subject", Text),
    # What looks like data of a person in care; the text is not displayed then.
    Column("sealed", Text),
    Column("state", Text, nullable=False),
    # Of its letter, as far as it is known.
    Column("message_id", Uuid),
    Column("task_id", Uuid),
    Column("facility_id", Text),
    Column("email", Text),
    # Bytes of the message, of which `originals` has the first part if it is very long.
    Column("size", BigInteger, nullable=False),
    # The person who decided about it, and what for.
    Column("decided_by", Text),
    Column("note", Text),
    Index("incoming_by_time", "received_at", "incoming_id"),
    Index("incoming_waiting", "received_at", "incoming_id", postgresql_where=text("state = 'waiting'")),
    Index("incoming_absences", "message_id", postgresql_where=text("kind = 'absence'")),
)

originals = Table(
    "originals",
    metadata,
    Column("incoming_id", Uuid, primary_key=True),
    Column("raw", LargeBinary, nullable=False),
)

# How far each mailbox has been read.
mailboxes = Table(
    "mailboxes",
    metadata,
    Column("mailbox", Text, primary_key=True),
    # A server that numbers its messages anew changes this number.
    Column("uid_validity", BigInteger, nullable=False),
    Column("last_uid", BigInteger, nullable=False),
)
