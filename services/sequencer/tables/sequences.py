"""Which table holds the versions of sequences?"""

from __future__ import annotations

from sqlalchemy import Column, Date, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from services.sequencer.tables.base import metadata

# Append-only: what a pack stated, by the hash of its content; an enrollment goes on with the version it started with.
sequence_versions = Table(
    "sequence_versions",
    metadata,
    Column("version", Text, primary_key=True),
    Column("sequence", Text, nullable=False),
    Column("content", JSONB, nullable=False),
    Column("first_seen_on", Date, nullable=False),
)
