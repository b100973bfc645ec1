"""Which sources are fetched, what is remembered of them, and which rule allowed each posting?"""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.ingest.tables.base import metadata

sources = Table(
    "sources",
    metadata,
    Column("name", Text, primary_key=True),
    # The sources that share hosts, of which one at a time is fetched; named by one of the hosts.
    Column("lane", Text, nullable=False),
    Column("hosts", ARRAY(Text), nullable=False),
    Column("adapter", Text, nullable=False),
    Column("options", JSONB, nullable=False),
    Column("employer_name", Text),
    # These three only if they differ from those of the pack.
    Column("every", Text),
    Column("at", Text),
    Column("per_second", Double),
    Column("terms_by", Text),
    Column("terms_on", Date),
    Column("licence_until", Date),
    Column("paused", Boolean, nullable=False),
    Column("paused_by", Text),
    Column("pause_reason", Text),
    Column("added_by", Text, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("next_at", DateTime(timezone=True), nullable=False),
    # The number of the listing that is being fetched, or was last; a listing may take several fetches.
    Column("listing_no", Integer, nullable=False),
    Column("listing_since", DateTime(timezone=True)),
    Column("failures", Integer, nullable=False),
    Column("error", Text),
    Column("empty_listings", Integer, nullable=False),
    Column("last_at", DateTime(timezone=True)),
    Column("last_complete_at", DateTime(timezone=True)),
    Column("test_asked_at", DateTime(timezone=True)),
    Column("tested_at", DateTime(timezone=True)),
    Column("test", JSONB),
    Index("sources_lane", "lane", "next_at"),
)

# What is remembered of a page, so that it is asked for on condition that it has changed.
source_pages = Table(
    "source_pages",
    metadata,
    Column("source", Text, primary_key=True),
    Column("page", Text, primary_key=True),
    Column("listing_no", Integer, nullable=False),
    Column("status", Integer, nullable=False),
    Column("lastmod", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("sha256", Text),
    Column("ids", ARRAY(Text), nullable=False),
)

# The postings that a source lists, until they are closed.
source_listings = Table(
    "source_listings",
    metadata,
    Column("source", Text, primary_key=True),
    Column("source_posting_id", Text, primary_key=True),
    Column("posting_id", Uuid, nullable=False),
    Column("listing_no", Integer, nullable=False),
    Column("listed_on", Date, nullable=False),
    # The last fetch that listed it, and how many did.
    Column("fetch_no", BigInteger, nullable=False),
    Column("times", Integer, nullable=False),
    Column("misses", Integer, nullable=False),
    Column("missed_on", Date),
    Column("closes_on", Date),
)

# What a host states about its robots.txt, and when it may be asked again.
hosts = Table(
    "hosts",
    metadata,
    Column("host", Text, primary_key=True),
    Column("robots_status", Integer),
    Column("robots_sha256", Text),
    Column("robots_at", DateTime(timezone=True)),
    # In real time, since rates are: a simulation's clock stands still during a fetch.
    Column("free_at", DateTime(timezone=True)),
)

robots_texts = Table(
    "robots_texts",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("first_seen_at", DateTime(timezone=True), nullable=False),
)

# Append-only, like raw_postings: the ledger. Each fetch, push and part of an imported file has a row.
fetches = Table(
    "fetches",
    metadata,
    Column("fetch_no", BigInteger, Identity(), primary_key=True),
    Column("source", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("adapter", Text),
    Column("rule", Text, nullable=False),
    Column("rule_sha256", Text),
    Column("detail", Text, nullable=False),
    Column("actor", Text),
    Column("import_id", Uuid),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True), nullable=False),
    Column("requests", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("note", Text),
    Column("new", Integer, nullable=False),
    Column("seen", Integer, nullable=False),
    Column("again", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("refusals", JSONB, nullable=False),
    Column("closed", Integer, nullable=False),
    Index("fetches_source", "source", "fetch_no"),
    Index("fetches_day", "started_at", "fetch_no"),
)
