"""Which published datasets are polled, and what was downloaded?"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, DateTime, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from services.ingest.tables.base import metadata

# The datasets that are polled, with what the catalogue offered last.
datasets = Table(
    "datasets",
    metadata,
    Column("name", Text, primary_key=True),
    Column("modified", Text),
    Column("url", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("sha256", Text),
    Column("asked_at", DateTime(timezone=True)),
    Column("error", Text),
)

# The versions of a dataset that were downloaded, and what became of each.
vintages = Table(
    "vintages",
    metadata,
    Column("dataset", Text, primary_key=True),
    Column("vintage_no", Integer, primary_key=True),
    Column("state", Text, nullable=False),
    Column("modified", Text, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("url", Text),
    Column("sha256", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("unreadable", Integer, nullable=False),
    Column("header", JSONB, nullable=False),
    # What the next vintage is compared with: a number by account key. Vintages before the last imported have none.
    Column("facilities", JSONB),
    Column("facility_count", Integer, nullable=False),
    Column("reasons", JSONB, nullable=False),
    Column("import_id", Uuid, nullable=False),
    Column("found_at", DateTime(timezone=True), nullable=False),
    Column("decided_by", Text),
    Column("decided_at", DateTime(timezone=True)),
    Column("imported_at", DateTime(timezone=True)),
    Column("counts", JSONB, nullable=False),
    Column("note", Text),
)
