"""Which table holds who is out of office?"""

from __future__ import annotations

from sqlalchemy import Column, Date, DateTime, Table, Text, Uuid

from services.sequencer.tables.base import metadata

out_of_office = Table(
    "out_of_office",
    metadata,
    Column("address", Text, primary_key=True),
    Column("back_on", Date, nullable=False),
    Column("stated_at", DateTime(timezone=True), nullable=False),
    # The task or the e-mail in which it was stated.
    Column("stated_in", Uuid, nullable=False),
)
