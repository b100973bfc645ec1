"""Which table holds the breaches that were called out?"""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, Table, Text

from services.sequencer.tables.base import metadata

# One row for each clock: an account, its tier, and the day on which the clock started.
sla_breaches = Table(
    "sla_breaches",
    metadata,
    Column("facility_id", Text, primary_key=True),
    Column("tier", Integer, primary_key=True),
    Column("started_on", Date, primary_key=True),
    Column("breached_on", Date, nullable=False),
    Column("label", Text, nullable=False),
)
