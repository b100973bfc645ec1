"""How many letters left lately, and how many of them bounced?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from services.notifier.domain.pacing import Today
from shared.storage.database import Tx

LOCK = "sending"
"""The kind of the lock under which letters are counted and claimed, so that replicas keep one limit together."""


async def lock(tx: Tx) -> None:
    """Let no other replica claim letters until the end of the transaction."""
    await tx.lock(LOCK, ["all"])


async def today(tx: Tx, since: datetime, excluding: Collection[UUID]) -> Today:
    """The letters that left since then, may have left, or are leaving, by rep and by domain, not counting some."""
    found = await tx.dicts(
        """
        SELECT rep, split_part(lower(to_email), '@', 2) AS domain, count(*) AS letters FROM messages
        WHERE (sent_at >= %(since)s OR state = 'sending') AND message_id <> ALL(%(excluding)s)
        GROUP BY GROUPING SETS ((rep), (2))
        """,
        since=since,
        excluding=list(excluding),
    )
    by_rep = {row["rep"]: row["letters"] for row in found if row["rep"] is not None}
    return Today(by_rep, {row["domain"]: row["letters"] for row in found if row["domain"] is not None})


async def bounced(tx: Tx, days: int) -> tuple[int, int]:
    """How many letters left or were refused in these days, since a person last resumed, and how many bounced hard."""
    (row,) = await tx.dicts(
        """
        SELECT count(*) AS letters, count(bounced_at) AS bounced
        FROM messages, (SELECT greatest(%(first)s, (SELECT max(resumed_at) FROM resumptions)) AS first) AS counted
        WHERE sent_at >= first OR (sent_at IS NULL AND bounced_at >= first)
        """,
        first=tx.now - timedelta(days=days),
    )
    return row["letters"], row["bounced"]


async def record_bounces(tx: Tx, message_ids: Collection[UUID]) -> None:
    """Store that these letters can never reach their recipients."""
    if message_ids:
        await tx.run(
            "UPDATE messages SET bounced_at = %(now)s WHERE message_id = ANY(%(ids)s) AND bounced_at IS NULL",
            now=tx.now,
            ids=list(message_ids),
        )


async def resume(tx: Tx, by: str) -> None:
    """Let letters leave again, as if none had bounced so far."""
    await tx.run("INSERT INTO resumptions VALUES (%(now)s, %(by)s) ON CONFLICT DO NOTHING", now=tx.now, by=by)
