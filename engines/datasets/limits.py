"""How long can a text from a file be?

A longer text results from lines that were joined by mistake, and a database index could not contain it: a character
has up to four bytes, and an entry of a PostgreSQL index at most 2,700.
"""

from __future__ import annotations

from collections.abc import Mapping

LIMITS: Mapping[str, int] = {
    "name": 300,
    "legal": 300,
    "dba": 300,
    "former": 300,
    "address": 300,
    "city": 100,
    "county": 100,
    "zip": 40,
    "phone": 100,
    "chain": 300,
    "role": 60,
    "direct_phone": 100,
    "email": 254,
    "source": 200,
    "source_date": 40,
    "source_url": 2_000,
    "owner": 200,
    "value": 200,
    "note": 2_000,
    "reason": 2_000,
}
"""The maximum number of characters, by field."""
OTHERWISE = 300
SHORTEST = min(LIMITS.values())


def too_long(field: str, text: str) -> str | None:
    """The problem with a text that exceeds the limit of its field; None if it does not."""
    most = LIMITS.get(field, OTHERWISE)
    return f"{field} has {len(text):,} characters, and at most {most} are allowed" if len(text) > most else None


def first_too_long(texts: Mapping[str, str]) -> str | None:
    return next(filter(None, (too_long(field, text) for field, text in texts.items())), None)
