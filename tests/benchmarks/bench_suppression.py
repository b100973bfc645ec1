"""What does it cost a send that 100,000 addresses are suppressed?

`python -m tests.benchmarks.run --only suppression` claims letters as the notifier does, one by one and 50 at a time,
before and after the suppressions are there, on one server; and imports them in the batches of a file.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from statistics import median
from time import perf_counter
from uuid import uuid4

import psycopg

from engines.suppression.changes import Cause, Stated
from services.notifier.domain.suppressing import of_address
from services.notifier.usecases.suppressing import Letter, refused, suppress
from shared.storage import arrays
from shared.storage.database import Tx
from tests.benchmarks.world import world

Figures = dict[str, float]

ADDRESSES = 100_000
BATCH = 1_000
CLAIM = 50
CLAIMS = 200
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


async def suppression(repeats: int, peers: str) -> dict[str, Figures]:
    """Milliseconds per letter; `costs` is the difference that the suppressions make."""
    async with world() as servers:
        await servers.clean("notifier")
        async with await psycopg.AsyncConnection.connect(
            servers.service_url("notifier"), autocommit=True
        ) as connection:
            arrays.register(connection.adapters)
            await _claims(connection)  # to warm up
            before = [await _claims(connection) for _ in range(repeats)]
            seconds = await _imported(connection)
            after = [await _claims(connection) for _ in range(repeats)]
    none, many = _middle(before), _middle(after)
    figures = {f"{name}_ms": round(value, 3) for name, value in many.items()}
    costs = {f"{name}_costs_ms": round(value - none[name], 3) for name, value in many.items()}
    return {"suppression": figures | costs | {"imported_per_second": round(ADDRESSES / seconds)}}


async def _claims(connection: psycopg.AsyncConnection) -> Figures:
    """The median time per letter of claims of one letter, and of `CLAIM` letters."""
    return {"one": await _claimed(connection, 1), f"of_{CLAIM}": await _claimed(connection, CLAIM)}


async def _claimed(connection: psycopg.AsyncConnection, size: int) -> float:
    times = []
    for at in range(CLAIMS):
        letters = [_letter(at * size + n) for n in range(size)]
        began = perf_counter()
        async with _transaction(connection) as tx:
            assert not await refused(tx, letters)
        times.append((perf_counter() - began) / size * 1_000)
    return median(times)


async def _imported(connection: psycopg.AsyncConnection) -> float:
    """The seconds to suppress all addresses."""
    began = perf_counter()
    for first in range(0, ADDRESSES, BATCH):
        async with _transaction(connection) as tx:
            assert len(await suppress(tx, _listed(first))) == BATCH
    await connection.execute("ANALYZE suppressions")
    return perf_counter() - began


def _listed(first: int) -> Sequence[Stated]:
    cause = Cause("on an imported list", "list old.csv", "ann", NOW.date())
    return [of_address(f"person.{n}@company-{n % 5_000}.example", cause) for n in range(first, first + BATCH)]


def _letter(n: int) -> Letter:
    marks = [f"facility:{n:06}", f"chain:CHAIN {n % 300}", f"name:facility:{n:06}/ada moss"]
    return Letter(uuid4(), f"other.{n}@company-{n % 5_000}.example", marks, f"{n:06}")


@asynccontextmanager
async def _transaction(connection: psycopg.AsyncConnection) -> AsyncIterator[Tx]:
    """A transaction without an outbox."""
    async with connection.transaction():
        yield Tx(connection, "notifier", NOW, NOW.date(), {})


def _middle(runs: Sequence[Figures]) -> Figures:
    return {name: median(run[name] for run in runs) for name in runs[0]}
