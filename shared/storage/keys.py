"""Who may ask a service over HTTP, and by which key?

A plain hash is enough to know a long and random key again by. Every service stores those of its own surface.
"""

from __future__ import annotations

import hmac

from shared.contracts.keys import KeyHolder
from shared.contracts.refusals import Refused
from shared.storage.database import Tx


async def put(tx: Tx, name: str, key_hash: str) -> None:
    """The key of a new or a known holder; an old one no longer works."""
    await tx.run(
        """
        INSERT INTO api_keys (name, key_hash, created_at, key_changed_at) VALUES (%(name)s, %(hash)s, %(now)s, %(now)s)
        ON CONFLICT (name) DO UPDATE SET key_hash = excluded.key_hash, key_changed_at = excluded.key_changed_at
        """,
        name=name,
        hash=key_hash,
        now=tx.now,
    )


async def revoke(tx: Tx, name: str) -> None:
    """End a holder's key; refuses a name that has none."""
    if not await tx.run("DELETE FROM api_keys WHERE name = %(name)s", name=name):
        known = ", ".join(each.name for each in await holders(tx)) or "nobody"
        raise Refused(f"{name} has no key; {known} has.", 404)


async def holders(tx: Tx) -> list[KeyHolder]:
    """Everybody who has a key, and since when."""
    return await tx.all(KeyHolder, "SELECT name, created_at, key_changed_at FROM api_keys ORDER BY name")


async def holder_of(tx: Tx, given: str) -> str | None:
    """Whose key this is the hash of."""
    kept = await tx.dicts("SELECT name, key_hash FROM api_keys")
    # All of them are compared, each in constant time, so that the time taken tells nothing.
    found: list[str] = [each["name"] for each in kept if hmac.compare_digest(each["key_hash"], given)]
    return found[0] if found else None
