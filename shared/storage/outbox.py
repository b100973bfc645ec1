"""Which events has this service processed (inbox), and which has it published or still to publish (outbox)?

Inbox and outbox rows commit with the effects. Published rows are kept: the outbox is the durable record, the stream is
only the transport. The unpublished events are a separate list of ids: deleting an id costs a quarter of updating a row
that contains an entire event.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from pydantic_core import to_json

from shared.contracts.envelope import Envelope
from shared.contracts.kernel import NO_ID
from shared.storage.arrays import texts, uuids
from shared.storage.database import LOCK, Tx

SWEEP_AFTER_SECONDS = 2
"""A younger row is still being published by the replica that committed it."""


async def accept_unseen(
    tx: Tx,
    event_ids: Collection[UUID],
    consumer: str,
    kind: str = "",
    keys: Collection[str] = (),
    shared: Collection[str] = (),
) -> set[UUID]:
    """Insert events into the inbox, then take the locks that their handler needs, in one round trip.

    Returns the events that were not in the inbox yet.
    """
    seen = await tx.value(
        f"""
        WITH offered AS (SELECT unnest(%(ids)s) AS event_id), unseen AS (
            INSERT INTO inbox (event_id, consumer) SELECT event_id, %(consumer)s FROM offered
            ON CONFLICT DO NOTHING RETURNING event_id
        )
        SELECT
            (SELECT array_agg(event_id) FROM (SELECT event_id FROM offered EXCEPT SELECT event_id FROM unseen) AS seen),
            (SELECT count(pg_advisory_xact_lock_shared(hashtextextended(%(kind)s || ':' || key, 0)))
            FROM unnest(%(shared)s) AS key),
            (SELECT count(*) FROM ({LOCK}) AS locked)
        """,
        ids=uuids(event_ids),
        consumer=consumer,
        kind=kind,
        keys=texts(keys),
        shared=texts(shared),
    )
    return set(event_ids).difference(seen or ())


async def write(tx: Tx, envelopes: Sequence[Envelope]) -> None:
    """Store outgoing events as unpublished."""
    await tx.run(
        """
        WITH waiting AS (INSERT INTO unpublished SELECT unnest(%(ids)s))
        INSERT INTO outbox (event_id, subject, headers, body)
        SELECT event_id, subject, headers::json, body
        FROM unnest(%(ids)s, %(subjects)s, %(headers)s, %(bodies)s) AS new (event_id, subject, headers, body)
        """,
        ids=uuids(e.event_id for e in envelopes),
        subjects=texts(e.subject for e in envelopes),
        headers=texts(to_json(e.headers).decode() for e in envelopes),
        bodies=texts(e.body for e in envelopes),
    )


async def unpublished(tx: Tx, limit: int, after: UUID = NO_ID) -> list[Envelope]:
    """The oldest unpublished events after an id, left behind by a crash or a lost connection.

    Nothing is locked: it is harmless if another replica publishes the same events.
    """
    return await tx.all(
        Envelope,
        """
        SELECT event_id, subject, headers, body FROM outbox
        WHERE event_id = ANY(ARRAY(
            SELECT event_id FROM unpublished WHERE event_id > %(after)s ORDER BY event_id LIMIT %(limit)s
        ))
        AND stored_at < clock_timestamp() - %(age)s * interval '1 second' ORDER BY event_id
        """,
        age=SWEEP_AFTER_SECONDS,
        after=after,
        limit=limit,
    )


async def mark_published(tx: Tx, event_ids: Sequence[UUID]) -> None:
    await tx.run("DELETE FROM unpublished WHERE event_id = ANY(%(ids)s)", ids=uuids(event_ids))


async def unmark(tx: Tx, first: UUID) -> int:
    """Mark all events from an id on as unpublished, so that they are republished in order; returns how many."""
    return await tx.run(
        "INSERT INTO unpublished SELECT event_id FROM outbox WHERE event_id >= %(first)s ON CONFLICT DO NOTHING",
        first=first,
    )


async def backlog(tx: Tx, excluding: Collection[UUID] = ()) -> int:
    """How many events are unpublished, not counting some."""
    return int(await tx.value("SELECT count(*) FROM unpublished WHERE event_id <> ALL(%(ids)s)", ids=uuids(excluding)))
