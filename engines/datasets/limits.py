"""How long may a text from a file be?

Longer ones are nobody's name: they come from lines that ran together, and no index of a database takes them. Characters
take up to four bytes, and PostgreSQL's indexes up to 2,700 of these.
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
    "owner": 200,
    "value": 200,
}
"""Characters, by field."""
OTHERWISE = 300
SHORTEST = min(LIMITS.values())


def too_long(field: str, text: str) -> str | None:
    """What is wrong with a text that is longer than its field's limit; None if it is not."""
    most = LIMITS.get(field, OTHERWISE)
    return f"{field} has {len(text):,} characters, and at most {most} are taken" if len(text) > most else None


def first_too_long(texts: Mapping[str, str]) -> str | None:
    return next(filter(None, (too_long(field, text) for field, text in texts.items())), None)
