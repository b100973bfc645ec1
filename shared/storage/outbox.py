"""What has this service still to tell the world, and what has it been told already?

Inbox and outbox rows commit with the effects. A published row is kept: the outbox is the durable truth, the stream
only the transport. What is yet to be published is a list of ids beside it: to strike an id off costs a fourth of what
it costs to change a row that carries a whole event.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic_core import from_json, to_json

from shared.contracts.envelope import Envelope
from shared.contracts.kernel import NO_ID
from shared.storage.arrays import texts, uuids
from shared.storage.database import LOCK, Tx

SWEEP_AFTER_SECONDS = 2
"""A younger row is still being published by whoever committed it."""


@dataclass(slots=True)
class Stored:
    """An outbox row."""

    event_id: UUID
    subject: str
    headers: str
    body: str


async def accept_unseen(
    tx: Tx,
    event_ids: Collection[UUID],
    consumer: str,
    kind: str = "",
    keys: Collection[str] = (),
    shared: Collection[str] = (),
) -> set[UUID]:
    """Enter events into the inbox, then hold what is to be held while they are handled, in one round trip; returns
    those that were not there yet."""
    known = await tx.value(
        "WITH offered AS (SELECT unnest(%(ids)s) AS event_id), fresh AS ("
        " INSERT INTO inbox (event_id, consumer) SELECT event_id, %(consumer)s FROM offered"
        " ON CONFLICT DO NOTHING RETURNING event_id)"
        " SELECT (SELECT array_agg(event_id) FROM (SELECT event_id FROM offered EXCEPT SELECT event_id FROM fresh)"
        " AS known), (SELECT count(pg_advisory_xact_lock_shared(hashtextextended(%(kind)s || ':' || key, 0)))"
        f" FROM unnest(%(shared)s) AS key), (SELECT count(*) FROM ({LOCK}) AS held)",
        ids=uuids(event_ids),
        consumer=consumer,
        kind=kind,
        keys=texts(keys),
        shared=texts(shared),
    )
    return set(event_ids).difference(known or ())


async def write(tx: Tx, envelopes: Sequence[Envelope]) -> None:
    """Store outgoing events, yet to be published."""
    await tx.run(
        "WITH waiting AS (INSERT INTO unpublished SELECT unnest(%(ids)s))"
        " INSERT INTO outbox (event_id, subject, headers, body)"
        " SELECT event_id, subject, headers::json, body"
        " FROM unnest(%(ids)s, %(subjects)s, %(headers)s, %(bodies)s) AS new (event_id, subject, headers, body)",
        ids=uuids(e.event_id for e in envelopes),
        subjects=texts(e.subject for e in envelopes),
        headers=texts(to_json(e.headers).decode() for e in envelopes),
        bodies=texts(e.body for e in envelopes),
    )


async def unpublished(tx: Tx, limit: int, after: UUID = NO_ID) -> list[Stored]:
    """The oldest rows, beyond an id, that a crash or a broken connection left behind.

    Nothing is locked: a replica that publishes the same rows does no harm.
    """
    return await tx.all(
        Stored,
        "SELECT event_id, subject, headers::text, body FROM outbox WHERE event_id = ANY(ARRAY("
        " SELECT event_id FROM unpublished WHERE event_id > %(after)s ORDER BY event_id LIMIT %(limit)s))"
        " AND stored_at < clock_timestamp() - %(age)s * interval '1 second' ORDER BY event_id",
        age=SWEEP_AFTER_SECONDS,
        after=after,
        limit=limit,
    )


async def mark_published(tx: Tx, event_ids: Sequence[UUID]) -> None:
    await tx.run("DELETE FROM unpublished WHERE event_id = ANY(%(ids)s)", ids=uuids(event_ids))


async def unmark(tx: Tx, first: UUID) -> int:
    """Have everything since an id published again, in its old order; returns how many events that is."""
    return await tx.run(
        "INSERT INTO unpublished SELECT event_id FROM outbox WHERE event_id >= %(first)s ON CONFLICT DO NOTHING",
        first=first,
    )


async def backlog(tx: Tx, besides: Collection[UUID] = ()) -> int:
    """How many events are yet to be published, besides some."""
    return int(
        await tx.value("SELECT count(*) FROM unpublished WHERE event_id <> ALL(%(besides)s)", besides=uuids(besides))
    )


def sealed(stored: Stored) -> Envelope:
    return Envelope(stored.event_id, stored.subject, from_json(stored.headers), stored.body)
