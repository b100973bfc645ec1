"""How was a stream when its owner last looked?"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from shared.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Seen:
    """A stream as it was at one moment; `last_event` is None where the last message is no longer kept."""

    created_at: datetime
    last_seq: int
    last_event: str | None
    healed: int = 0
    """How often its events had been published again by then."""


async def remembered(tx: Tx, stream: str) -> Seen | None:
    return await tx.one(
        Seen,
        "SELECT created_at, last_seq, last_event, healed FROM streams_seen WHERE stream = %(stream)s",
        stream=stream,
    )


async def remembered_for_update(tx: Tx, stream: str) -> Seen | None:
    """The same, and nobody else may change it until the end of the transaction."""
    return await tx.one(
        Seen,
        "SELECT created_at, last_seq, last_event, healed FROM streams_seen WHERE stream = %(stream)s FOR UPDATE",
        stream=stream,
    )


async def remember(tx: Tx, stream: str, seen: Seen) -> bool:
    """False where what was seen is of another store than what is remembered, or of before another replica had the
    events published again. A replica that looked earlier never lowers what another one remembers.
    """
    written = await tx.run(
        "INSERT INTO streams_seen AS held (stream, created_at, last_seq, last_event, healed)"
        " VALUES (%(stream)s, %(created_at)s, %(last_seq)s, %(last_event)s, %(healed)s)"
        " ON CONFLICT (stream) DO UPDATE SET last_seq = greatest(held.last_seq, excluded.last_seq), last_event ="
        " CASE WHEN held.last_seq < excluded.last_seq THEN excluded.last_event ELSE held.last_event END"
        " WHERE (held.created_at, held.healed) = (excluded.created_at, excluded.healed)",
        stream=stream,
        **asdict(seen),
    )
    return written > 0


async def forget(tx: Tx, stream: str) -> None:
    await tx.run("DELETE FROM streams_seen WHERE stream = %(stream)s", stream=stream)
