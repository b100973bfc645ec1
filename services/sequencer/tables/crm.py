"""Which table holds what people changed in a CRM?"""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Index, Table, Text, Uuid

from services.sequencer.tables.base import metadata

# Append-only: each value with what came of it.
crm_changes = Table(
    "crm_changes",
    metadata,
    # Of the event that stated it; later ones are larger.
    Column("event_id", Uuid, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("facility_id", Text, nullable=False),
    Column("system", Text, nullable=False),
    Column("value", Text),
    Column("changed_at", DateTime(timezone=True)),
    # NULL: it counts here.
    Column("refused", Text),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Index("crm_changes_by_facility", "facility_id", "field"),
)
