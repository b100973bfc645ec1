"""How many events does the full loop handle, beside what FastStream does with the same work?

JetStream, then inbox, effect and outbox in one transaction, then JetStream again and the acknowledgment.
"""

from __future__ import annotations

import psycopg

from tests.benchmarks.feed import preload
from tests.benchmarks.world import World, process, rate, service_environment

SIGHTINGS = (
    "CREATE TABLE sightings (posting_id uuid PRIMARY KEY, version integer NOT NULL, title text NOT NULL,"
    " employer_name text NOT NULL, last_seen_on date NOT NULL)"
)


async def run(world: World, loop: str, events: int, python: str, **environment: str) -> dict[str, float]:
    """One loop over a backlog of this many postings."""
    await world.clean("matcher")
    async with await psycopg.AsyncConnection.connect(world.service_url("matcher"), autocommit=True) as connection:
        await connection.execute(SIGHTINGS)
    await preload(world.nats_url("ingest"), range(events))
    variables = {**service_environment(world, "matcher"), **environment}
    with process(f"tests.benchmarks.loops.{loop}", python, **variables) as consumer:
        return await rate(world, "MATCHER", events, [consumer])
