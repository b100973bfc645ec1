"""Who may ask a service over HTTP, and by which key?

A key is long and random, shown once and kept nowhere: a plain hash is enough to know it again by. Every service keeps
the keys to its own surface.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Annotated, Any

from pydantic import Field

from shared.contracts.limits import ShortText
from shared.contracts.refusals import Refused
from shared.contracts.requests import Request
from shared.storage.database import Tx


class Holder(Request):
    """Somebody who has a key of their own, or gets one."""

    name: Annotated[ShortText, Field(min_length=1, max_length=60)]


def hash_of(key: str) -> str:
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()


async def issue(tx: Tx, name: str) -> dict[str, str]:
    """A new key for a new or a known holder; an old one is worth nothing from now on."""
    key = secrets.token_urlsafe(32)
    await tx.run(
        """
        INSERT INTO api_keys (name, key_hash, created_at, key_changed_at) VALUES (%(name)s, %(hash)s, %(now)s, %(now)s)
        ON CONFLICT (name) DO UPDATE SET key_hash = excluded.key_hash, key_changed_at = excluded.key_changed_at
        """,
        name=name,
        hash=hash_of(key),
        now=tx.now,
    )
    return {"name": name, "key": key}


async def take_back(tx: Tx, name: str) -> None:
    """Whoever holds this key is let in no more; refuses a name that has none."""
    if not await tx.run("DELETE FROM api_keys WHERE name = %(name)s", name=name):
        known = ", ".join(each["name"] for each in await holders(tx)) or "nobody"
        raise Refused(f"{name} has no key; {known} has.", 404)


async def holders(tx: Tx) -> list[dict[str, Any]]:
    """Everybody who has a key, and since when."""
    return await tx.dicts("SELECT name, created_at, key_changed_at FROM api_keys ORDER BY name")


async def holder_of(tx: Tx, given: str) -> str | None:
    """Whose key this is the hash of."""
    kept = await tx.dicts("SELECT name, key_hash FROM api_keys")
    # All of them are compared, each in constant time, so that the time taken tells nothing.
    found: list[str] = [each["name"] for each in kept if hmac.compare_digest(each["key_hash"], given)]
    return found[0] if found else None
