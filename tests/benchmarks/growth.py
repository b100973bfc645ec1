"""How do the figures grow with the backlog, the facilities and the replicas, one at a time?"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import time
from time import monotonic
from typing import Any

from cli.demo.simulate import Simulation
from shared.contracts.envelope import seal
from shared.contracts.events import FacilityListed
from shared.messaging.broker import Broker, connect
from tests.benchmarks import full_loop, pipeline
from tests.benchmarks.feed import DAY, NOW
from tests.benchmarks.postings import postings
from tests.benchmarks.world import World, drained, world

POSTINGS = 2_000
PATIENCE = 1_800.0
STATES = ("NY", "NJ", "PA", "CT", "MA", "OH", "IL", "TX", "CA", "FL")


async def backlog(servers: World, sizes: Sequence[int]) -> dict[str, float]:
    """Events per second of the full loop over a backlog."""
    return {f"{size}": (await full_loop.run(servers, "kernel", size, sys.executable))["per_second"] for size in sizes}


async def replicas(servers: World) -> dict[str, float]:
    """Postings per second with one and with two processes of every service."""
    return {f"{n}": await _replicated(servers, n) for n in (1, 2)}


async def _replicated(servers: World, replicas: int) -> float:
    async with pipeline.five_services(servers, replicas) as (broker, _):
        begun = monotonic()
        await pipeline.submit(broker, postings(POSTINGS))
        return round(POSTINGS / (await drained(servers) - begun), 1)


async def facilities(servers: World, sizes: Sequence[int]) -> dict[str, float]:
    """Postings per second on registries of this many facilities, and facilities listed per second by all services."""
    figures = {}
    for size in sizes:
        async with _listed(servers, size) as (broker, listed_per_second):
            figures[f"{size}_listed_per_second"] = listed_per_second
            begun = monotonic()
            rows = [_at_home(row, number, size) for number, row in enumerate(postings(POSTINGS))]
            await pipeline.submit(broker, rows)
            await Simulation(broker).wait_until_idle()
            figures[f"{size}_postings_per_second"] = round(POSTINGS / (monotonic() - begun), 1)
    return figures


@asynccontextmanager
async def _listed(servers: World, size: int) -> AsyncIterator[tuple[Broker, float]]:
    async with pipeline.five_services(servers, imported=False) as (broker, _):
        registry = await connect(servers.nats_url("ingest"), "ingest")
        begun = monotonic()
        for start in range(0, size, 1_000):
            events = [_facility(number) for number in range(start, min(start + 1_000, size))]
            await registry.publish([seal(event, "ingest", NOW) for event in events])
        await registry.close()
        await Simulation(broker).wait_until_idle(PATIENCE)
        seconds = monotonic() - begun
        await Simulation(broker).set_time(DAY, time(18), PATIENCE)
        yield broker, round(size / seconds, 1)


def _facility(number: int) -> FacilityListed:
    return FacilityListed(
        facility_id=f"{number:06d}",
        version=1,
        listed_as_of=DAY,
        name=_name(number),
        city=f"TOWN {number % 997}",
        state=STATES[number % len(STATES)],
        phone="5185550100",
    )


def _name(number: int) -> str:
    words = ("CEDAR", "MAPLE", "HARBOR", "RIVER", "SUMMIT", "VALLEY", "MEADOW", "GRACE", "UNION", "LIBERTY")
    return f"{words[number % 10]} {words[number // 10 % 10]} {number // 100} NURSING AND REHABILITATION"


def _at_home(row: dict[str, Any], number: int, size: int) -> dict[str, Any]:
    """The same posting, at a facility of this registry; twenty postings share an employer."""
    home = (number // 20) * 7 % size
    return {**row, "employer_name": _name(home).title(), "state": STATES[home % len(STATES)], "city": None, "zip": None}


async def run(long: bool) -> dict[str, dict[str, float]]:
    """`long`: up to a million events and 200,000 facilities."""
    async with world() as servers:
        return {
            "growth_backlog": await backlog(servers, (1_000, 10_000, 100_000, *([1_000_000] if long else []))),
            "growth_replicas": await replicas(servers),
            "growth_facilities": await facilities(servers, (600, 15_000, *([200_000] if long else []))),
        }
