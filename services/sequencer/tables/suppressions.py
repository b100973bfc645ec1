"""Which tables hold suppressions?"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.sequencer.tables.base import metadata

# The current suppressions. One without channels has been lifted.
suppressions = Table(
    "suppressions",
    metadata,
    Column("suppression_id", Uuid, primary_key=True),
    Column("scope", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("channels", ARRAY(Text), nullable=False),
    Column("marks", ARRAY(Text), nullable=False),
    Column("label", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("stated_by", Text, nullable=False),
    Column("stated_on", Date, nullable=False),
    Index("suppressions_marks", "marks", postgresql_using="gin"),
)

# Append-only: the statements on suppressions, numbered by suppression.
suppression_statements = Table(
    "suppression_statements",
    metadata,
    Column("suppression_id", Uuid, ForeignKey("suppressions.suppression_id"), primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("instruction", Text, nullable=False),
    Column("channels", ARRAY(Text), nullable=False),
    Column("reason", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("stated_by", Text, nullable=False),
    Column("stated_on", Date, nullable=False),
)
