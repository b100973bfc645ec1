"""What does a sweep of career sites cost the real ingest process, on real servers?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg.rows import dict_row

from shared.contracts.ingest_sources import AddFetchedSource, FetchNow
from shared.contracts.kernel import InFlight
from shared.contracts.refusals import AskFailed
from shared.messaging.broker import Broker, connect
from tests.benchmarks.sources.sites import site
from tests.benchmarks.world import Cpu, World, cpu_of, process, service_environment, world
from tests.support.fakes import Fakes

PATIENCE = 1_200.0
Figures = dict[str, Any]


async def sweeps(fakes: Fakes, sites: int, per_second: float) -> list[Figures]:
    """Two sweeps of all sites: the first finds everything, the second nothing changed."""
    names = [site(number) for number in range(sites)]
    async with AsyncExitStack() as stack:
        servers = await stack.enter_async_context(world())
        await servers.clean("ingest")
        ingest = stack.enter_context(
            process(
                "tests.support.fetching_service",
                **service_environment(servers, "ingest"),
                PIPELINE_OUTBOUND_ALLOW=",".join(f"{name}:{fakes.port}" for name in names),
            )
        )
        broker = await connect(servers.nats_url("cli"), "cli")
        stack.push_async_callback(broker.close)
        await _answers(broker)
        found = []
        for number in (1, 2):
            begun, spent = time.monotonic(), cpu_of([ingest])
            after = await (_add(broker, names, fakes.port, per_second) if number == 1 else _again(broker, names))
            await _complete(servers, sites, after)
            seconds = time.monotonic() - begun
            found.append(
                await _figures(servers, after, seconds, spent, cpu_of([ingest])) | {"rss_mb": _peak(ingest.pid)}
            )
        return found


async def _add(broker: Broker, names: Sequence[str], port: int, per_second: float) -> int:
    for name in names:
        options = {"site": f"http://{name}:{port}"}
        await broker.ask(
            AddFetchedSource(name=name, adapter="career_site", options=options, per_second=per_second, actor="bench"),
            timeout_seconds=60,
        )
    return 0


async def _again(broker: Broker, names: Sequence[str]) -> int:
    return (await broker.ask(FetchNow(names=list(names), actor="bench"), timeout_seconds=60)).after


async def _answers(broker: Broker) -> None:
    for _ in range(600):
        try:
            await broker.ask(InFlight(), timeout_seconds=2, service="ingest")
            return
        except AskFailed:
            await asyncio.sleep(0.05)
    raise TimeoutError("ingest does not answer")


async def _complete(servers: World, sites: int, after: int) -> None:
    """Wait until the listing of every site is complete, and the event of every posting is published."""
    deadline = time.monotonic() + PATIENCE
    while True:
        row = await asyncio.to_thread(_row, servers, _PROGRESS, after)
        if row["complete"] == sites and not row["waiting"]:
            return
        if row["failed"]:
            raise RuntimeError(f"{row['failed']} fetches have failed, such as: {row['note']}")
        if time.monotonic() > deadline:
            raise TimeoutError(f"after {PATIENCE:.0f} s: {row}")
        await asyncio.sleep(0.25)


_PROGRESS = """
    SELECT count(*) FILTER (WHERE outcome = 'complete') AS complete,
           count(*) FILTER (WHERE outcome IN ('failed', 'incomplete')) AS failed, max(note) AS note,
           (SELECT count(*) FROM unpublished) AS waiting
    FROM fetches WHERE fetch_no > %s
"""
_CAME = """
    SELECT count(*) AS fetches, sum(requests)::int AS requests, sum(new)::int AS new, sum(seen)::int AS seen,
           sum(again)::int AS again, sum(refused)::int AS refused, sum(closed)::int AS closed
    FROM fetches WHERE fetch_no > %s
"""


def _row(servers: World, query: str, *given: object) -> dict[str, Any]:
    with psycopg.connect(servers.service_url("ingest"), row_factory=dict_row) as connection:
        return connection.execute(query.encode(), given).fetchone() or {}


async def _figures(servers: World, after: int, seconds: float, before: Cpu, spent: Cpu) -> Figures:
    came = await asyncio.to_thread(_row, servers, _CAME, after)
    cpu = {name: round(getattr(spent, name) - getattr(before, name), 1) for name in ("python", "nats", "postgres")}
    return {"seconds": round(seconds, 1), "cpu_seconds": cpu, **came}


def _peak(pid: int) -> float:
    """The most memory that a process had so far, in MB."""
    stated = Path(f"/proc/{pid}/status")
    if not stated.exists():
        return round(psutil.Process(pid).memory_info().rss / 1e6, 1)
    peak = next(line for line in stated.read_text().splitlines() if line.startswith("VmHWM"))
    return round(int(peak.split()[1]) * 1024 / 1e6, 1)
