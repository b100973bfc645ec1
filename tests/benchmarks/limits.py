"""What throughput do the hardware and the servers allow?"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import psycopg

from shared.contracts.envelope import seal
from tests.benchmarks import relay
from tests.benchmarks.feed import NOW, a_posting, matched
from tests.benchmarks.world import World

FSYNCS = 200
ROWS = 50_000


async def run(world: World) -> dict[str, float]:
    published = await relay.run(world, "bare_publish", ROWS)
    return {
        "fsyncs_per_second": _fsyncs(),
        "copied_rows_per_second": await _copied(world),
        "published_per_second": published["per_second"],
    }


def _fsyncs() -> float:
    """Appending eight kilobytes and waiting until the disk has them."""
    with tempfile.NamedTemporaryFile(dir=Path.cwd()) as file:
        begun = time.monotonic()
        for _ in range(FSYNCS):
            os.write(file.fileno(), b"x" * 8192)
            os.fdatasync(file.fileno())
        return round(FSYNCS / (time.monotonic() - begun), 1)


async def _copied(world: World) -> float:
    """Rows like those of the outbox, in one COPY into a table without an index, committed."""
    envelope = seal(matched(a_posting(1)), "matcher", NOW)
    row = (envelope.event_id, envelope.subject, "{}", envelope.body)
    async with await psycopg.AsyncConnection.connect(world.service_url("matcher")) as connection:
        await connection.execute("CREATE TABLE copied (event_id uuid, subject text, headers jsonb, body text)")
        begun = time.monotonic()
        async with connection.cursor() as cursor, cursor.copy("COPY copied FROM STDIN") as copy:
            for _ in range(ROWS):
                await copy.write_row(row)
        await connection.commit()
    return round(ROWS / (time.monotonic() - begun), 1)
