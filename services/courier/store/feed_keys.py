"""What may programs read of the feed? Their keys are in the kernel's table."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from shared.contracts.courier_feeds import FeedKey
from shared.storage.arrays import texts
from shared.storage.database import Tx


class Allowed(NamedTuple):
    """Types of events, and whether those with contact data are among them."""

    types: list[str]
    personal: bool


async def put(tx: Tx, name: str, types: Collection[str], personal: bool) -> None:
    await tx.run(
        """
        INSERT INTO feed_keys (name, types, personal) VALUES (%(name)s, %(types)s, %(personal)s)
        ON CONFLICT (name) DO UPDATE SET types = excluded.types, personal = excluded.personal
        """,
        name=name,
        types=texts(types),
        personal=personal,
    )


async def remove(tx: Tx, name: str) -> None:
    await tx.run("DELETE FROM feed_keys WHERE name = %(name)s", name=name)


async def allowed(tx: Tx, name: str) -> Allowed | None:
    """What the holder of a key may read; None if its key is for something else."""
    found = await tx.all(Allowed, "SELECT types, personal FROM feed_keys WHERE name = %(name)s", name=name)
    return found[0] if found else None


async def everyone(tx: Tx) -> list[FeedKey]:
    return await tx.all(
        FeedKey,
        """
        SELECT name, created_at, key_changed_at, types, personal FROM feed_keys JOIN api_keys USING (name) ORDER BY name
        """,
    )
