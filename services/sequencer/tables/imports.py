"""Which tables hold imports, and what each of them changed?"""

from __future__ import annotations

from sqlalchemy import Column, Date, DateTime, ForeignKey, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from services.sequencer.tables.base import metadata

imports = Table(
    "imports",
    metadata,
    Column("import_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("imported_by", Text, nullable=False),
    Column("imported_on", Date, nullable=False),
    Column("imported_at", DateTime(timezone=True), nullable=False),
    Column("undone_at", DateTime(timezone=True)),
    Column("undone_by", Text),
    # The reply to its undo.
    Column("undone", JSONB),
)

# What an import added or changed: the first state before it (none if it added the thing), and the last one after it.
import_changes = Table(
    "import_changes",
    metadata,
    Column("import_id", Uuid, ForeignKey("imports.import_id"), primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("before", JSONB),
    Column("after", JSONB, nullable=False),
)
