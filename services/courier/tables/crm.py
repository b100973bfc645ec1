"""What should a CRM show, and how far has the exchange with it come?"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.courier.tables.base import metadata

# What a CRM should show, field by field, as our events state it.
crm_fields = Table(
    "crm_fields",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("value", Text),
    # In the sequence of the events that state this field.
    Column("version", BigInteger, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Index("crm_fields_of_an_email", text("lower(value)"), postgresql_where=text("field = 'email'")),
    Index("crm_fields_of_an_owner", "value", postgresql_where=text("field = 'owner'")),
)

# A record of ours; its revision grows when one of its fields changes.
crm_records = Table(
    "crm_records",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("revision", BigInteger, nullable=False, server_default=text("1")),
    # The version of what follows; -1: no event stated that yet.
    Column("version", BigInteger, nullable=False),
    # By which suppressions stop it.
    Column("marks", ARRAY(Text), nullable=False),
    # What it is about. The contact of a note is the one of its task.
    Column("facility_id", Text),
    Column("contact_id", Text),
    Column("task_id", Text),
    Column("stated_at", DateTime(timezone=True), nullable=False),
    Index("crm_records_marks", "marks", postgresql_using="gin"),
    Index("crm_records_of_a_company", "facility_id", postgresql_where=text("facility_id IS NOT NULL")),
    Index("crm_records_of_a_task", "task_id", postgresql_where=text("task_id IS NOT NULL")),
    Index("crm_records_of_a_contact", "contact_id", postgresql_where=text("contact_id IS NOT NULL")),
)

# Who must not be contacted, by marks; none, once that is lifted.
crm_suppressions = Table(
    "crm_suppressions",
    metadata,
    Column("suppression_id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("marks", ARRAY(Text), nullable=False),
    Index("crm_suppressions_marks", "marks", postgresql_using="gin"),
)

# Which record of a CRM is which of ours, and what both sides last agreed on.
crm_links = Table(
    "crm_links",
    metadata,
    Column("system", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("their_id", Text),
    Column("agreed", JSONB, nullable=False),
    # The company and the contact with which it was associated, by their ids there.
    Column("about", JSONB, nullable=False),
    # 0: it is to be read and merged again.
    Column("sent_revision", BigInteger, nullable=False),
    Column("pushed_at", DateTime(timezone=True)),
    Column("failures", Integer, nullable=False),
    # Of one that failed and is tried again.
    Column("next_at", DateTime(timezone=True)),
    Column("cause", Text),
    Column("error", Text),
    # The job that sends it now.
    Column("job", Text),
    Index("crm_links_of_a_job", "system", "kind", "job", postgresql_where=text("job IS NOT NULL")),
)

# How far the exchange of a kind of records has come, which is one item of work.
crm_lanes = Table(
    "crm_lanes",
    metadata,
    Column("system", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    # NULL: an operator has not asked for the properties yet, or they are to be created.
    Column("set_up_at", DateTime(timezone=True)),
    # Sentences about properties that are there and do not fit.
    Column("wrong", ARRAY(Text), nullable=False),
    Column("owners", JSONB, nullable=False),
    Column("owners_at", DateTime(timezone=True)),
    # What they changed until then is known; `page` is where the next page of later changes begins.
    Column("polled_until", DateTime(timezone=True)),
    Column("polled_at", DateTime(timezone=True)),
    Column("page", Text),
    Column("failures", Integer, nullable=False),
    Column("rests_until", DateTime(timezone=True)),
    Column("cause", Text),
    Column("error", Text),
    # The job that sends records now, of which the next slice asks.
    Column("job", Text),
)

# The last comparison of all records of a kind.
crm_comparisons = Table(
    "crm_comparisons",
    metadata,
    Column("system", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("began_at", DateTime(timezone=True), nullable=False),
    # NULL: it has not ended.
    Column("compared_at", DateTime(timezone=True)),
    Column("records", Integer, nullable=False),
    Column("differences", JSONB, nullable=False),
    Column("error", Text),
)

# A field that both sides changed, with both values.
crm_conflicts = Table(
    "crm_conflicts",
    metadata,
    Column("conflict_no", BigInteger, Identity(always=True), primary_key=True),
    Column("system", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("base", Text),
    Column("ours", Text),
    Column("theirs", Text),
    Column("kept", Text, nullable=False),
    Column("rule", Text, nullable=False),
    # Of a value of theirs that does not count here.
    Column("why", Text),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("crm_conflicts_of_a_record", "kind", "id"),
)
