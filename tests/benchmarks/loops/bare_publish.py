"""Bare batch publishing: events from memory go into the stream, and nothing else happens."""

from __future__ import annotations

import asyncio
import os

import uvloop

from shared.contracts.envelope import seal
from shared.messaging.broker import connect
from tests.benchmarks.feed import NOW, a_posting, matched

BATCH = 1_000


async def main() -> None:
    broker = await connect(os.environ["PIPELINE_NATS_URL"], "matcher")
    ready = [seal(matched(a_posting(number)), "matcher", NOW) for number in range(int(os.environ["EVENTS"]))]
    for start in range(0, len(ready), BATCH):
        await broker.publish(ready[start : start + BATCH])
    await asyncio.sleep(60)  # ended from outside, once its CPU has been read


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
