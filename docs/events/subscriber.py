"""Prints every change of a score, for ever: all that a tool of yours needs, with nothing but nats-py installed."""

import asyncio
import json
import os

import nats


async def main() -> None:
    client = await nats.connect(os.environ["PIPELINE_SUBSCRIBER_NATS_URL"], inbox_prefix="_INBOX_subscriber")
    scores = await client.jetstream().pull_subscribe_bind("subscriber-score-changed", "SCORER")
    while True:
        for message in await scores.fetch(100, timeout=None):
            score = json.loads(message.data)
            print(score["facility_id"], score["score"], score["tier"], message.headers["ce-id"], flush=True)
            await message.ack()


asyncio.run(main())
