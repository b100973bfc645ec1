"""Which postings came, and what was stated about each?"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, DateTime, Identity, Integer, Table, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from services.ingest.tables.base import metadata

# Append-only: a trigger refuses updates and deletes. Each distinct submission has a row.
raw_postings = Table(
    "raw_postings",
    metadata,
    Column("raw_no", BigInteger, Identity(always=True), primary_key=True),
    Column("posting_id", Uuid, nullable=False),
    Column("source", Text, nullable=False),
    Column("source_posting_id", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("seen_on", Date, nullable=False),
    Column("closed_on", Date),
    Column("content", JSONB, nullable=False),
    Column("role_family", Text, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("pack", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    # The row of the ledger that accounts for it.
    Column("fetch_no", BigInteger),
    UniqueConstraint("source", "source_posting_id", "content_hash", "seen_at", name="raw_postings_content_key"),
)

postings = Table(
    "postings",
    metadata,
    Column("posting_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("source_posting_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("employer_name", Text, nullable=False),
    Column("city", Text),
    Column("state", Text),
    Column("zip", Text),
    Column("address", Text),
    Column("phone", Text),
    Column("facility_id", Text),
    Column("url", Text),
    Column("posted_on", Date),
    Column("role_family", Text, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("pack", Text, nullable=False),
    Column("first_seen_on", Date, nullable=False),
    Column("last_seen_on", Date, nullable=False),
    Column("closed_on", Date),
    Column("reported_closed_on", Date),
    Column("content_seen_at", DateTime(timezone=True), nullable=False),
    Column("content_raw_no", BigInteger, nullable=False),
    UniqueConstraint("source", "source_posting_id", name="postings_source_key"),
)
