"""Which events were published, and which of them did a consumer never process?"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from shared.contracts.envelope import Envelope
from shared.contracts.kernel import PublishedSubject, UnprocessedEvents
from shared.storage.database import Tx

_PUBLISHED = "NOT EXISTS (SELECT FROM unpublished WHERE unpublished.event_id = outbox.event_id)"


async def window(tx: Tx, first: UUID) -> list[PublishedSubject]:
    """For each subject: the number of events from an id on, the oldest and the newest."""
    return await tx.all(
        PublishedSubject,
        f"""
        SELECT subject, count(*) AS events, min(stored_at) AS oldest, max(stored_at) AS newest FROM outbox
        WHERE event_id >= %(first)s AND {_PUBLISHED} GROUP BY subject ORDER BY subject
        """,
        first=first,
    )


async def ids(tx: Tx, subject: str, first: UUID, after: UUID, limit: int) -> list[UUID]:
    """A page of the ids published on a subject, from `first` on and after `after`, in order."""
    found = await tx.dicts(
        f"""
        SELECT event_id FROM outbox
        WHERE event_id >= %(first)s AND event_id > %(after)s AND {_PUBLISHED} AND subject = %(subject)s
        ORDER BY event_id LIMIT %(limit)s
        """,
        first=first,
        after=after,
        subject=subject,
        limit=limit,
    )
    return [row["event_id"] for row in found]


async def page(
    tx: Tx, first: UUID, after: UUID, limit: int, subjects: Sequence[str] = (), key: str | None = None
) -> list[Envelope]:
    """A page of the events published on these subjects (or on any), from `first` on and after `after`, in order.

    Includes the weeks that were moved from the outbox to the history.
    """
    return await tx.all(
        Envelope,
        """
        SELECT event_id, subject, headers, body
        FROM (SELECT * FROM history UNION ALL SELECT * FROM outbox) AS stored
        WHERE event_id >= %(first)s AND event_id > %(after)s
            AND (%(subjects)s::text[] = '{}' OR subject = ANY(%(subjects)s))
            AND (%(key)s::text IS NULL OR headers ->> 'ce-subject' = %(key)s)
            AND NOT EXISTS (SELECT FROM unpublished WHERE unpublished.event_id = stored.event_id)
        ORDER BY event_id LIMIT %(limit)s
        """,
        first=first,
        after=after,
        limit=limit,
        subjects=list(subjects),
        key=key,
    )


async def by_ids(tx: Tx, event_ids: Sequence[UUID]) -> list[Envelope]:
    return await tx.all(
        Envelope,
        "SELECT event_id, subject, headers, body FROM outbox WHERE event_id = ANY(%(ids)s) ORDER BY event_id",
        ids=list(event_ids),
    )


async def unprocessed(tx: Tx, event_ids: Sequence[UUID], durable: str) -> UnprocessedEvents:
    """The events that had no effect: those that are dead letters or were discarded, and those that never arrived."""
    found = await tx.dicts(
        """
        SELECT id, dead_no IS NOT NULL AS dead FROM unnest(%(ids)s::uuid[]) AS id
        LEFT JOIN dead_letters ON dead_letters.event_id = id::text AND dead_letters.consumer = %(durable)s
            AND resolution IS DISTINCT FROM 'retried'
        WHERE dead_no IS NOT NULL OR NOT EXISTS (SELECT FROM inbox WHERE inbox.event_id = id) ORDER BY id
        """,
        ids=list(event_ids),
        durable=durable,
    )
    return UnprocessedEvents(
        dead=[row["id"] for row in found if row["dead"]],
        missing=[row["id"] for row in found if not row["dead"]],
    )
