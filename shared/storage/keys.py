"""Which clients of a service's HTTP surface have an API key?

A plain hash suffices to recognize a long and random key. Every service stores the hashes for its own surface.
"""

from __future__ import annotations

import hmac

from shared.contracts.keys import KeyHolder
from shared.contracts.refusals import Refused
from shared.storage.database import Tx


async def put(tx: Tx, name: str, key_hash: str) -> None:
    """Store the key of a holder; the previous one stops working."""
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
    """Revoke a holder's key; refuses a name without one."""
    if not await tx.run("DELETE FROM api_keys WHERE name = %(name)s", name=name):
        known = ", ".join(each.name for each in await holders(tx)) or "none"
        raise Refused(f"{name} has no key. Holders of keys: {known}.", 404)


async def holders(tx: Tx) -> list[KeyHolder]:
    """All holders of keys, and since when."""
    return await tx.all(KeyHolder, "SELECT name, created_at, key_changed_at FROM api_keys ORDER BY name")


async def holder_of(tx: Tx, key_hash: str) -> str | None:
    """The holder of a key, given its hash."""
    stored = await tx.dicts("SELECT name, key_hash FROM api_keys")
    # All are compared, each in constant time, so that the duration reveals nothing.
    found: list[str] = [each["name"] for each in stored if hmac.compare_digest(each["key_hash"], key_hash)]
    return found[0] if found else None
