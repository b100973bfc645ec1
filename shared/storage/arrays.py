"""How do hundreds of values travel to PostgreSQL as one parameter?

As a binary array that is packed here: psycopg adapts a list value by value, at a microsecond or more each. For the
kernel's own tables, and for the ids and locks of a batch; rows are passed as JSON (`database.rows`), which gets its
types from the table.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from uuid import UUID

from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, Dumper
from psycopg.pq import Format

_HEAD = struct.Struct("!iiIii")  # dimensions, whether it has NULLs, element type, length, first index
_LENGTH = struct.Struct("!i")
_UUID = struct.Struct("!i16s")
_TEXT_TYPE, _UUID_TYPE = 25, 2950


class TextArray(bytes):
    """A `text[]` in binary format."""


class UuidArray(bytes):
    """A `uuid[]` in binary format."""


def texts(values: Iterable[str]) -> TextArray:
    encoded = [value.encode() for value in values]
    parts = [part for value in encoded for part in (_LENGTH.pack(len(value)), value)]
    return TextArray(_HEAD.pack(1, 0, _TEXT_TYPE, len(encoded), 1) + b"".join(parts))


def uuids(values: Iterable[UUID]) -> UuidArray:
    parts = [_UUID.pack(16, value.bytes) for value in values]
    return UuidArray(_HEAD.pack(1, 0, _UUID_TYPE, len(parts), 1) + b"".join(parts))


class _Binary(Dumper):
    format = Format.BINARY

    def dump(self, obj: bytes) -> Buffer:
        return obj


class _Texts(_Binary):
    oid = 1009


class _Uuids(_Binary):
    oid = 2951


def register(adapters: AdaptersMap) -> None:
    """Register both types of array with a connection's adapters."""
    adapters.register_dumper(TextArray, _Texts)
    adapters.register_dumper(UuidArray, _Uuids)
