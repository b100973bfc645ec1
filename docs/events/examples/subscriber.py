"""Keeps the current score of every facility in a database of its own, from the events on NATS.

pip install nats-py
PIPELINE_SUBSCRIBER_NATS_URL=nats://subscriber:PASSWORD@HOST:4222 python subscriber.py
"""

import asyncio
import json
import os
import sqlite3

import nats


def opened(message):
    """The id and the data of a CloudEvent, which has its attributes in the headers or in the body."""
    headers = message.headers or {}
    if headers.get("Content-Type", "").startswith("application/cloudevents"):
        event = json.loads(message.data)
        return event["id"], event["data"]
    return headers["ce-id"], json.loads(message.data)


def store(database, event_id, score):
    """An event may arrive twice, and after a newer one: both change nothing."""
    if database.execute("INSERT OR IGNORE INTO processed VALUES (?)", [event_id]).rowcount:
        database.execute(
            "INSERT INTO scores VALUES (:facility_id, :score_version, :score, :tier) ON CONFLICT (facility_id)"
            " DO UPDATE SET version = excluded.version, score = excluded.score, tier = excluded.tier"
            " WHERE excluded.version > scores.version",
            score,
        )


async def main():
    database = sqlite3.connect(os.environ.get("DATABASE", "scores.db"))
    database.execute("CREATE TABLE IF NOT EXISTS processed (event_id TEXT PRIMARY KEY)")
    database.execute(
        "CREATE TABLE IF NOT EXISTS scores (facility_id TEXT PRIMARY KEY, version INT, score TEXT, tier INT)"
    )

    client = await nats.connect(os.environ["PIPELINE_SUBSCRIBER_NATS_URL"], inbox_prefix="_INBOX_subscriber")
    # Set-up declared this consumer. The server keeps its position, and copies of this program share its events.
    consumer = await client.jetstream().pull_subscribe_bind("subscriber-score-changed", "SCORER")
    while True:
        messages = await consumer.fetch(100, timeout=None)
        with database:  # one transaction for all
            for message in messages:
                store(database, *opened(message))
        for message in messages:  # only now: what was not committed is delivered again
            await message.ack()
        print(f"{len(messages)} events processed", flush=True)


asyncio.run(main())
