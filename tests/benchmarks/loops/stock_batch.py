"""The full loop as FastStream offers it in batches: set-based SQL, gathered publications, its own acknowledgments.

Publications are not marked in the outbox, which spares this peer a statement that the kernel does execute.
"""

from __future__ import annotations

import asyncio
import json
import os
from typing import Any
from uuid import UUID

import uvloop
from faststream import AckPolicy, FastStream
from faststream.nats import JStream, NatsBroker, NatsMessage, PullSub
from nats.js.api import ConsumerConfig
from psycopg_pool import AsyncConnectionPool

from shared.contracts.envelope import seal
from shared.contracts.events import PostingSeen
from tests.benchmarks.feed import NOW, matched

broker = NatsBroker(os.environ["PIPELINE_NATS_URL"])
pool = AsyncConnectionPool(os.environ["PIPELINE_DATABASE_URL"], min_size=2, max_size=4, open=False)
BATCH = int(os.environ.get("BATCH", "500"))

INBOX = (
    "INSERT INTO inbox (event_id, consumer) SELECT id, 'peer' FROM unnest(%s::uuid[]) AS id"
    " ON CONFLICT DO NOTHING RETURNING event_id"
)
EFFECT = (
    "INSERT INTO sightings (posting_id, version, title, employer_name, last_seen_on)"
    " SELECT posting_id, version, title, employer_name, last_seen_on"
    " FROM json_populate_recordset(NULL::sightings, %s::json)"
    " ON CONFLICT (posting_id) DO UPDATE SET version = excluded.version WHERE excluded.version > sightings.version"
)
OUTBOX = (
    "INSERT INTO outbox (event_id, subject, headers, body)"
    " SELECT event_id, subject, headers, body FROM json_populate_recordset(NULL::outbox, %s::json)"
)


@broker.subscriber(
    "posting.seen",
    stream=JStream("INGEST", declare=False),
    durable="matcher-posting-seen",
    config=ConsumerConfig(max_ack_pending=5_000),
    pull_sub=PullSub(batch_size=BATCH, timeout=0.1, batch=True),
    ack_policy=AckPolicy.NACK_ON_ERROR,
)
async def note(events: list[PostingSeen], message: NatsMessage) -> None:
    raw: Any = message.raw_message
    by_id = {UUID(m.headers["ce-id"]): e for m, e in zip(raw, events, strict=True)}
    async with pool.connection() as connection:
        cursor = await connection.execute(INBOX, [list(by_id)])
        fresh = [by_id[row[0]] for row in await cursor.fetchall()]
        await connection.execute(EFFECT, ["[" + ",".join(event.model_dump_json() for event in fresh) + "]"])
        outgoing = [seal(matched(event), "matcher", NOW) for event in fresh]
        values = [
            {"event_id": str(e.event_id), "subject": e.subject, "headers": e.headers, "body": e.body} for e in outgoing
        ]
        await connection.execute(OUTBOX, [json.dumps(values)])
    await asyncio.gather(
        *(broker.publish(e.body.encode(), e.subject, headers=e.headers, stream="MATCHER", timeout=5) for e in outgoing)
    )


async def main() -> None:
    await pool.open()
    await FastStream(broker).run()
    await pool.close()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
