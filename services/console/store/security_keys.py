"""Which security keys have users?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.console.domain.security_keys import NewKey
from shared.storage.database import Tx


@dataclass(frozen=True, slots=True)
class SecurityKey:
    """A key of a user."""

    key_id: bytes
    title: str
    public_key: bytes
    counter: int
    added_at: datetime
    used_at: datetime | None

    def as_new(self) -> NewKey:
        return NewKey(self.key_id, self.public_key, self.counter)


async def of(tx: Tx, name: str) -> list[SecurityKey]:
    """The keys of a user, the first one first; their rows are locked, so that a count is only used once."""
    return await tx.all(
        SecurityKey,
        """
        SELECT key_id, title, public_key, counter, added_at, used_at FROM passkeys WHERE name = %(name)s
        ORDER BY added_at, key_id FOR UPDATE
        """,
        name=name,
    )


async def add(tx: Tx, name: str, title: str, key: NewKey) -> bool:
    """Returns whether the key was new."""
    return bool(
        await tx.run(
            """
            INSERT INTO passkeys (key_id, name, title, public_key, counter, added_at)
            VALUES (%(id)s, %(name)s, %(title)s, %(public)s, %(counter)s, %(now)s) ON CONFLICT DO NOTHING
            """,
            id=key.key_id,
            name=name,
            title=title,
            public=key.public_key,
            counter=key.counter,
            now=tx.now,
        )
    )


async def use(tx: Tx, key_id: bytes, counter: int) -> None:
    sql = "UPDATE passkeys SET counter = %(counter)s, used_at = %(now)s WHERE key_id = %(id)s"
    await tx.run(sql, id=key_id, counter=counter, now=tx.now)


async def remove(tx: Tx, name: str, key_id: bytes) -> bool:
    """Returns whether there was such a key of this user."""
    return bool(await tx.run("DELETE FROM passkeys WHERE name = %(name)s AND key_id = %(id)s", name=name, id=key_id))
