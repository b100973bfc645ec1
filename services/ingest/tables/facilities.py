"""Which facilities are there, what is stated about each, and which import stated it?"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Index, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from services.ingest.tables.base import metadata

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
