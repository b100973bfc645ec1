"""What has this service still to tell the world, and what has it been told already?

Inbox and outbox rows commit with the effects. A published row is kept: the outbox is the durable truth, the stream
only the transport.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic_core import from_json, to_json

from shared.arrays import texts, uuids
from shared.database import Tx
from shared.envelope import Envelope

SWEEP_AFTER_SECONDS = 2
"""A younger row is still being published by whoever committed it."""


@dataclass(slots=True)
class Stored:
    """An outbox row."""

    outbox_no: int
    event_id: UUID
    subject: str
    headers: str
    body: str


async def take_unseen(tx: Tx, event_ids: Collection[UUID], consumer: str) -> set[UUID]:
    """Enter events into the inbox; returns those that were not there yet."""
    known = await tx.value(
        "WITH offered AS (SELECT unnest(%(ids)s) AS event_id), fresh AS ("
        " INSERT INTO inbox (event_id, consumer) SELECT event_id, %(consumer)s FROM offered"
        " ON CONFLICT DO NOTHING RETURNING event_id)"
        " SELECT array_agg(event_id) FROM (SELECT event_id FROM offered EXCEPT SELECT event_id FROM fresh) AS known",
        ids=uuids(event_ids),
        consumer=consumer,
    )
    return set(event_ids).difference(known or ())


async def write(tx: Tx, envelopes: Sequence[Envelope]) -> None:
    """Store outgoing events, in order."""
    await tx.run(
        "INSERT INTO outbox (event_id, subject, headers, body)"
        " SELECT event_id, subject, headers::jsonb, body"
        " FROM unnest(%(ids)s, %(subjects)s, %(headers)s, %(bodies)s) AS new (event_id, subject, headers, body)",
        ids=uuids(e.event_id for e in envelopes),
        subjects=texts(e.subject for e in envelopes),
        headers=texts(to_json(e.headers).decode() for e in envelopes),
        bodies=texts(e.body for e in envelopes),
    )


async def unpublished(tx: Tx, limit: int, after: int = 0) -> list[Stored]:
    """The oldest rows, beyond a number, that a crash or a broken connection left behind.

    Nothing is locked: a replica that publishes the same rows does no harm.
    """
    return await tx.all(
        Stored,
        "SELECT outbox_no, event_id, subject, headers::text, body FROM outbox"
        " WHERE published_at IS NULL AND stored_at < clock_timestamp() - %(age)s * interval '1 second'"
        " AND outbox_no > %(after)s ORDER BY outbox_no LIMIT %(limit)s",
        age=SWEEP_AFTER_SECONDS,
        after=after,
        limit=limit,
    )


async def mark_published(tx: Tx, event_ids: Sequence[UUID]) -> None:
    await tx.run(
        "UPDATE outbox SET published_at = clock_timestamp() WHERE event_id = ANY(%(ids)s) AND published_at IS NULL",
        ids=uuids(event_ids),
    )


async def unmark_all(tx: Tx) -> int:
    """Have everything that is kept published again, in its old order; returns how many events that is."""
    return await tx.run("UPDATE outbox SET published_at = NULL WHERE published_at IS NOT NULL")


async def backlog(tx: Tx) -> int:
    return int(await tx.value("SELECT count(*) FROM outbox WHERE published_at IS NULL"))


def sealed(stored: Stored) -> Envelope:
    return Envelope(stored.event_id, stored.subject, from_json(stored.headers), stored.body)
