"""What was published, and which of it did a consumer never take?"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from shared.contracts.kernel import PastEvent, PublishedSubject, UnprocessedEvents
from shared.storage.database import Tx
from shared.storage.outbox import Stored


async def window(tx: Tx, first: UUID) -> list[PublishedSubject]:
    """Per subject: how many events since an id, the oldest and the newest."""
    return await tx.all(
        PublishedSubject,
        "SELECT subject, count(*) AS events, min(stored_at) AS oldest, max(stored_at) AS newest FROM outbox"
        " WHERE event_id >= %(first)s"
        " AND NOT EXISTS (SELECT FROM unpublished WHERE unpublished.event_id = outbox.event_id)"
        " GROUP BY subject ORDER BY subject",
        first=first,
    )


async def ids(tx: Tx, subject: str, first: UUID, after: UUID, limit: int) -> list[UUID]:
    """A page of the ids published on a subject since `first` and beyond `after`, in their order."""
    found = await tx.dicts(
        "SELECT event_id FROM outbox WHERE event_id >= %(first)s AND event_id > %(after)s"
        " AND NOT EXISTS (SELECT FROM unpublished WHERE unpublished.event_id = outbox.event_id)"
        " AND subject = %(subject)s ORDER BY event_id LIMIT %(limit)s",
        first=first,
        after=after,
        subject=subject,
        limit=limit,
    )
    return [row["event_id"] for row in found]


async def page(tx: Tx, first: UUID, after: UUID, limit: int) -> list[Stored]:
    """A page of whole rows since `first` and beyond `after`, in their order."""
    return await tx.all(
        Stored,
        "SELECT event_id, subject, headers::text, body FROM outbox"
        " WHERE event_id >= %(first)s AND event_id > %(after)s"
        " AND NOT EXISTS (SELECT FROM unpublished WHERE unpublished.event_id = outbox.event_id)"
        " ORDER BY event_id LIMIT %(limit)s",
        first=first,
        after=after,
        limit=limit,
    )


async def history(tx: Tx, subjects: Sequence[str], first: UUID, after: UUID, limit: int) -> list[PastEvent]:
    """A page of what was published on these subjects (on all of them) since `first` and beyond `after`, in its order.

    The weeks that left the outbox are read as well.
    """
    return await tx.all(
        PastEvent,
        """
        SELECT event_id, subject, headers, body FROM (
            SELECT * FROM history
            UNION ALL
            SELECT * FROM outbox
            WHERE NOT EXISTS (SELECT FROM unpublished WHERE unpublished.event_id = outbox.event_id)
        ) AS published
        WHERE event_id >= %(first)s AND event_id > %(after)s
            AND (%(subjects)s::text[] = '{}' OR subject = ANY(%(subjects)s))
        ORDER BY event_id LIMIT %(limit)s
        """,
        subjects=list(subjects),
        first=first,
        after=after,
        limit=limit,
    )


async def these(tx: Tx, event_ids: Sequence[UUID]) -> list[Stored]:
    return await tx.all(
        Stored,
        "SELECT event_id, subject, headers::text, body FROM outbox WHERE event_id = ANY(%(ids)s) ORDER BY event_id",
        ids=list(event_ids),
    )


async def unprocessed(tx: Tx, event_ids: Sequence[UUID], durable: str) -> UnprocessedEvents:
    """Ids that had no effect: those that wait for a person or were given up by one, and those that never came."""
    found = await tx.dicts(
        "SELECT id, dead_no IS NOT NULL AS dead FROM unnest(%(ids)s::uuid[]) AS id"
        " LEFT JOIN dead_letters ON dead_letters.event_id = id::text AND dead_letters.consumer = %(durable)s"
        " AND resolution IS DISTINCT FROM 'retried'"
        " WHERE dead_no IS NOT NULL OR NOT EXISTS (SELECT 1 FROM inbox WHERE inbox.event_id = id) ORDER BY id",
        ids=list(event_ids),
        durable=durable,
    )
    return UnprocessedEvents(
        dead=[row["id"] for row in found if row["dead"]],
        missing=[row["id"] for row in found if not row["dead"]],
    )
