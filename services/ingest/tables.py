"""Which tables does ingest own?"""

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
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

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

facilities = Table(
    "facilities",
    metadata,
    Column("facility_id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("other_names", JSONB, nullable=False),
    Column("address", Text),
    Column("city", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("zip", Text),
    Column("county", Text),
    Column("phone", Text),
    Column("chain", Text),
    Column("listed_as_of", Date, nullable=False),
    Column("import_no", Integer, nullable=False),
    Column("delisted", Boolean, nullable=False),
    Column("delisted_as_of", Date),
    Index("facilities_state", "state"),
)

facility_facts = Table(
    "facility_facts",
    metadata,
    Column("facility_id", Text, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("as_of", Date, primary_key=True),
    Column("import_no", Integer, nullable=False),
    Column("value", Text),
    Column("unknown", Boolean, nullable=False),
    Column("dataset", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
)

imports = Table(
    "imports",
    metadata,
    Column("import_no", Integer, primary_key=True, autoincrement=False),
    Column("import_id", Uuid, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("sha256", Text),
    Column("size", BigInteger),
    Column("state", Text),
    Column("complete", Text),
    Column("as_of", Date),
    # The date of rows that do not state theirs; `assumed` if the caller gave none.
    Column("undated_as_of", Date),
    Column("assumed", Boolean, nullable=False),
    Column("complete_as_of", Date),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True)),
    Column("listed", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("delisted", Integer, nullable=False),
)

# The line of an import that listed a facility. A facility without a line in a complete import is delisted.
import_lines = Table(
    "import_lines",
    metadata,
    Column("import_no", Integer, primary_key=True),
    Column("facility_id", Text, primary_key=True),
    Column("line", Integer, nullable=False),
)

import_rejects = Table(
    "import_rejects",
    metadata,
    Column("import_no", Integer, primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("facility_id", Text),
    Column("reason", Text, nullable=False),
)

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

# --- sources that are fetched ------------------------------------------------------------------------------------

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
