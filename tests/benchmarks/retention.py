"""What do the weekly partitions of inbox and outbox cost?

`python -m tests.benchmarks.retention` runs the kernel's own statements on whole tables and on eighteen partitions
each, in turns on one server, and prints the medians.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

import psycopg
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from cli.stack import embedded
from cli.stack.target import REPOSITORY
from shared.contracts.envelope import Envelope, new_event_id
from shared.storage import arrays, outbox, retention
from shared.storage.database import Tx

WEEKS_BEFORE = 15
ROUNDS = 5
HEADERS = {"ce-id": "x" * 36, "ce-type": "facility.matched", "traceparent": "y" * 55}

Connections = dict[str, psycopg.AsyncConnection]
Timings = defaultdict[tuple[int, str, str], list[float]]


def make(admin: str, name: str, *, whole: bool) -> str:
    """A database with the kernel's tables, in partitions or `whole`."""
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    url = f"{admin.rpartition('/')[0]}/{name}"
    config = Config()
    config.set_main_option("script_location", str(REPOSITORY / "shared" / "storage" / "migrations"))
    script = ScriptDirectory.from_config(config)
    engine = create_engine("postgresql+psycopg://" + url.split("://", 1)[1])
    upgrade = EnvironmentContext(config, script, fn=lambda now, _: script._upgrade_revs("head", now))
    with engine.begin() as sync, upgrade as context:
        context.configure(connection=sync, version_table="kernel_version")
        context.run_migrations()
    engine.dispose()
    for table in ("inbox", "outbox") if whole else ():
        with psycopg.connect(url) as connection:
            connection.execute(f"CREATE TABLE whole (LIKE {table} INCLUDING ALL)".encode())
            connection.execute(f"DROP TABLE {table}".encode())
            connection.execute(f"ALTER TABLE whole RENAME TO {table}".encode())
    return url


@asynccontextmanager
async def transaction(connection: psycopg.AsyncConnection) -> AsyncIterator[Tx]:
    async with connection.transaction():
        yield Tx(connection, "matcher", datetime.now(UTC), date.today(), {})  # noqa: DTZ011  # no day is at stake


async def fill_weeks(connection: psycopg.AsyncConnection) -> None:
    this = retention.week_of(datetime.now(UTC))
    async with transaction(connection) as tx:
        for table in ("inbox", "outbox"):
            await retention._maintain(tx, table, days=365)
            for n in range(1, WEEKS_BEFORE + 1):
                await retention._add(tx, table, this - n * retention.WEEK)


async def one_batch(connection: psycopg.AsyncConnection, size: int) -> dict[str, float]:
    """The milliseconds of one batch, by statement."""
    ids = [new_event_id() for _ in range(size)]
    envelopes = [Envelope(event_id, "facility.matched", HEADERS, "z" * 400) for event_id in ids]
    marks = [time.perf_counter()]
    async with transaction(connection) as tx:
        await outbox.accept_unseen(tx, ids, "matcher-posting-seen")
        marks.append(time.perf_counter())
        await outbox.write(tx, envelopes)
        marks.append(time.perf_counter())
        await outbox.backlog(tx)
        marks.append(time.perf_counter())
        await outbox.mark_published(tx, ids)
        marks.append(time.perf_counter())
    steps = zip(("take", "store", "backlog", "mark"), marks, marks[1:], strict=False)
    return {name: (after - before) * 1e3 for name, before, after in steps}


async def measure(connections: Connections) -> Timings:
    timings: Timings = defaultdict(list)
    for size, batches in ((1, 100), (20, 50), (500, 12)):
        for _ in range(ROUNDS):
            for name, connection in connections.items():
                for _ in range(batches):
                    for step, taken in (await one_batch(connection, size)).items():
                        timings[size, step, name].append(taken)
    return timings


async def main(admin: str) -> None:
    urls = {"one table": make(admin, "plain", whole=True), "partitions": make(admin, "parts", whole=False)}
    connections = {name: await psycopg.AsyncConnection.connect(url, autocommit=True) for name, url in urls.items()}
    for connection in connections.values():
        arrays.register(connection.adapters)
    await fill_weeks(connections["partitions"])
    timings = await measure(connections)
    print(f"{'events':>6} {'statement':<9} {'one table':>12} {'partitions':>12}")
    for size, step in dict.fromkeys((size, step) for size, step, _ in timings):
        plain, parts = (statistics.median(timings[size, step, name]) for name in urls)
        print(f"{size:>6} {step:<9} {plain:>9.3f} ms {parts:>9.3f} ms")
    for connection in connections.values():
        await connection.close()


if __name__ == "__main__":
    with embedded.servers() as servers:
        asyncio.run(main(servers.database_url))
