"""How fast does the relay empty an outbox, beside publishing the same events from memory?"""

from __future__ import annotations

import sys

import psycopg

from shared.contracts.envelope import seal
from shared.storage.arrays import register, texts, uuids
from tests.benchmarks.feed import NOW, a_posting, matched
from tests.benchmarks.world import World, process, rate, service_environment


async def run(world: World, loop: str, events: int) -> dict[str, float]:
    """`bare_publish`, or `kernel`: a service that starts with this many unpublished rows."""
    await world.clean("matcher")
    if loop == "kernel":
        await _fill_outbox(world, events)
    variables = {**service_environment(world, "matcher"), "EVENTS": str(events)}
    with process(f"tests.benchmarks.loops.{loop}", sys.executable, **variables) as publisher:
        return await rate(world, "MATCHER", events, [publisher])


async def _fill_outbox(world: World, events: int) -> None:
    envelopes = [seal(matched(a_posting(number)), "matcher", NOW) for number in range(events)]
    async with await psycopg.AsyncConnection.connect(world.service_url("matcher"), autocommit=True) as connection:
        register(connection.adapters)
        await connection.execute(
            "WITH waiting AS (INSERT INTO unpublished SELECT unnest(%(ids)s))"
            " INSERT INTO outbox (event_id, subject, headers, body, stored_at)"
            " SELECT event_id, 'facility.matched', json_build_object('ce-id', event_id, 'ce-type', 'facility.matched',"
            " 'ce-source', '/matcher', 'ce-time', %(now)s::text, 'ce-subject', '33X001', 'Nats-Msg-Id', event_id,"
            " 'traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'),"
            " body, clock_timestamp() - interval '1 hour'"
            " FROM unnest(%(ids)s, %(bodies)s) AS new (event_id, body)",
            {
                "ids": uuids(e.event_id for e in envelopes),
                "bodies": texts(e.body for e in envelopes),
                "now": NOW.isoformat(),
            },
        )
        await connection.execute("ANALYZE outbox, unpublished")
