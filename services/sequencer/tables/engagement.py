"""Which table holds engagement?"""

from __future__ import annotations

from sqlalchemy import Column, Date, DateTime, Index, Table, Text, Uuid

from services.sequencer.tables.base import metadata

# Append-only: what prospects did, and what reported it.
engagements = Table(
    "engagements",
    metadata,
    Column("engagement_id", Uuid, primary_key=True),
    Column("facility_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("engaged_on", Date, nullable=False),
    Column("engaged_at", DateTime(timezone=True)),
    Column("email", Text),
    Column("what", Text),
    Column("url", Text),
    Column("source", Text, nullable=False),
    # The id in its source; with the source, it determines `engagement_id`.
    Column("source_id", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Index("engagements_by_facility", "facility_id"),
)
