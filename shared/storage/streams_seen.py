"""In which state did the owner of a stream last see it?"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from shared.storage.database import Tx


@dataclass(frozen=True, slots=True)
class StreamState:
    """The state of a stream at one moment; `last_event` is None if the stream no longer has that message."""

    created_at: datetime
    last_seq: int
    last_event: str | None
    healed: int = 0
    """How often its events have been republished."""


async def find(tx: Tx, stream: str, *, for_update: bool = False) -> StreamState | None:
    """The recorded state; with `for_update`, locked until the end of the transaction."""
    found = "SELECT created_at, last_seq, last_event, healed FROM streams_seen WHERE stream = %(stream)s"
    return await tx.one(StreamState, found + " FOR UPDATE" * for_update, stream=stream)


async def record(tx: Tx, stream: str, state: StreamState) -> bool:
    """Record a state unless it is outdated; a lower sequence than the recorded one changes nothing.

    Returns False if it is outdated: of another store than the recorded one, or from before the latest republication.
    """
    written = await tx.run(
        """
        INSERT INTO streams_seen AS recorded (stream, created_at, last_seq, last_event, healed)
        VALUES (%(stream)s, %(created_at)s, %(last_seq)s, %(last_event)s, %(healed)s)
        ON CONFLICT (stream) DO UPDATE SET
            last_seq = greatest(recorded.last_seq, excluded.last_seq),
            last_event = CASE WHEN recorded.last_seq < excluded.last_seq
                THEN excluded.last_event ELSE recorded.last_event END
        WHERE (recorded.created_at, recorded.healed) = (excluded.created_at, excluded.healed)
        """,
        stream=stream,
        **asdict(state),
    )
    return written > 0


async def delete(tx: Tx, stream: str) -> None:
    await tx.run("DELETE FROM streams_seen WHERE stream = %(stream)s", stream=stream)
