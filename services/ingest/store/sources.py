"""Which sources may submit over HTTP, and by which keys?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.database import Tx


@dataclass(frozen=True, slots=True)
class Source:
    """A source with a key. The key itself is kept nowhere."""

    name: str
    key_hash: str
    created_at: datetime
    key_changed_at: datetime


async def every(tx: Tx) -> list[Source]:
    return await tx.all(Source, "SELECT name, key_hash, created_at, key_changed_at FROM sources ORDER BY name")


async def set_key(tx: Tx, name: str, key_hash: str) -> None:
    """A new source, or a new key for a known one; the old key is worth nothing from now on."""
    await tx.run(
        """
        INSERT INTO sources (name, key_hash, created_at, key_changed_at) VALUES (%(name)s, %(hash)s, %(now)s, %(now)s)
        ON CONFLICT (name) DO UPDATE SET key_hash = excluded.key_hash, key_changed_at = excluded.key_changed_at
        """,
        name=name,
        hash=key_hash,
        now=tx.now,
    )
