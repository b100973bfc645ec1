"""Do pages of the console stay fresh, and does its memory stay flat, while people work for half an hour?

Twenty people have pages open and look around, while a week of the demo goes on and each service is ended once, as by a
crash. After each restart something changes, and no open page may then show anything else than the same page loaded
anew. The memory of the console is read every minute, from its own restart on.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import psutil

from cli.client.connection import persistently
from cli.demo.behavior import behavior
from cli.demo.days import Life
from cli.demo.feed import read_feed, repeated
from cli.demo.invented.reps import decide
from cli.demo.simulate import Simulation
from cli.stack import stackfile
from engines import packs
from engines.datasets.paths import file_to_write
from shared.contracts.kernel import Status
from shared.contracts.refusals import AskFailed
from shared.contracts.sequencer import Worklist
from shared.contracts.services import SERVICES
from shared.messaging.broker import Broker
from tests.benchmarks.console.people import Person, following, look_around, newcomers
from tests.benchmarks.console.world import World, world

PEOPLE, MINUTES, DAYS = 20, 30.0, 7
FLAT = 0.1
SETTLED_SECONDS = 120.0
"""After its restart, the console's memory grows to what its pages and caches need."""
FRESH_SECONDS = 5.0
"""Within this time a page that is open shows what has changed."""
ORDER = ("console", *(each for each in SERVICES if each != "console"))


@dataclass
class Watched:
    """What was seen of the console and its pages."""

    memory: list[dict[str, float]] = field(default_factory=list)
    restarts: list[dict[str, Any]] = field(default_factory=list)
    days: list[str] = field(default_factory=list)

    def figures(self, people: Sequence[Person]) -> dict[str, Any]:
        settled = [each for each in self.memory if each["since_start_s"] >= SETTLED_SECONDS]
        first, last = _mean(settled[:5]), _mean(settled[-5:])
        return {
            "people": len(people),
            "rss_mb": {"first": first, "last": last, "most": max((each["rss_mb"] for each in self.memory), default=0)},
            "growth": round(last / first - 1, 3) if first else 0,
            "stale": sum(len(each["stale"]) for each in self.restarts),
            "loads": sum(each.loads for each in people),
            "messages": sum(each.messages for each in people),
            "streams_opened": sum(each.opened for each in people),
            **asdict(self),
        }


def _mean(read: Sequence[dict[str, float]]) -> float:
    return round(sum(each["rss_mb"] for each in read) / len(read), 1) if read else 0


def process_of(made: World, service: str) -> psutil.Process:
    """The process of a service, which is another one after its restart."""
    stack = stackfile.read(made.home)
    assert stack is not None, "the stack runs"
    return psutil.Process(stack.children[service].pid)


async def watch(made: World, watched: Watched, every: float) -> None:
    """Read the memory and the connections of the console, until this is canceled."""
    began, process, seen = monotonic(), process_of(made, "console"), monotonic()
    while True:
        try:
            if not process.is_running():
                process, seen = process_of(made, "console"), monotonic()
            with made.sql() as sql:
                row = sql.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()").fetchone()
            watched.memory.append({
                "minute": round((monotonic() - began) / 60, 1),
                "since_start_s": round(monotonic() - seen),
                "rss_mb": round(process.memory_info().rss / 1e6, 1),
                "sockets": len(process.net_connections()),
                "threads": process.num_threads(),
                "database_connections": next(iter(row.values())) if row else 0,
            })  # fmt: skip
        except psutil.NoSuchProcess:
            pass
        await asyncio.sleep(every)


async def live(made: World, watched: Watched, seconds: float, busy: asyncio.Lock) -> None:
    """A week of the demo, with the postings of its feed again, as evenly as the days allow."""
    simulation = Simulation(made.broker)
    status = await persistently(made.broker, Status(), service="sequencer")
    feed = read_feed(made.home / "invented" / "postings.csv", packs.calendar().timezone)
    life = Life(simulation, await simulation.job_times(), behavior(), 1)
    life.feed = repeated(feed, status.today, status.today + timedelta(DAYS - 1), status.timezone)
    for number in range(DAYS):
        began, day = monotonic(), status.today + timedelta(number)
        async with busy:
            await life.live_through(day)
        watched.days.append(day.isoformat())
        await asyncio.sleep(max(0.0, seconds / DAYS - (monotonic() - began)))


async def restart(made: World, service: str, people: Sequence[Person], busy: asyncio.Lock) -> dict[str, Any]:
    """End a service, let something change once it is back, and look for pages that do not show it."""
    process_of(made, service).kill()
    began = monotonic()
    await asyncio.sleep(1)
    await _answers(made.broker, service)
    back = round(monotonic() - began, 1)
    async with busy:
        await Simulation(made.broker).wait_until_idle(services=SERVICES)
        await asyncio.sleep(FRESH_SECONDS)
        changed = await _change(made.broker)
        await Simulation(made.broker).wait_until_idle(services=SERVICES)
        await asyncio.sleep(FRESH_SECONDS)
        stale = [each.path for each in people if await each.is_stale()]
    return {"service": service, "back_after_s": back, "changed": changed, "stale": stale}


async def _change(broker: Broker) -> str:
    """End the first touch that a rep would end; returns what became of it."""
    today = (await persistently(broker, Status(), service="sequencer")).today
    for task in await persistently(broker, Worklist()):
        if command := decide(behavior(), 1, task, today):
            await persistently(broker, command)
            return type(command).__name__
    return "nothing was due"


async def _answers(broker: Broker, service: str) -> None:
    while True:
        try:
            await broker.ask(Status(), timeout_seconds=2, service=service)
            return
        except AskFailed:
            await asyncio.sleep(0.2)


async def measure(made: World, minutes: float, watched: Watched) -> dict[str, Any]:
    """All of it; the restarts are spread over the time, the console's first."""
    busy, seconds = asyncio.Lock(), minutes * 60
    visitors = await newcomers(made, PEOPLE)
    with made.sql() as sql:  # a session would end with the first simulated night
        sql.execute(
            "UPDATE sessions SET begun_at = begun_at + interval '14 days', used_at = used_at + interval '14 days'"
        )
    async with following(made, visitors) as people:
        looking = [asyncio.create_task(look_around(each, number, pause=5)) for number, each in enumerate(people)]
        watching = asyncio.create_task(watch(made, watched, seconds / 60))
        living = asyncio.create_task(live(made, watched, seconds, busy))
        began = monotonic()
        for number, service in enumerate(ORDER):
            at = seconds * (0.03 + number * 0.9 / len(ORDER))
            await asyncio.sleep(max(0.0, at - (monotonic() - began)))
            watched.restarts.append(await restart(made, service, people, busy))
        await living
        await asyncio.sleep(max(0.0, seconds - (monotonic() - began)))
        for task in (*looking, watching):
            task.cancel()
        await asyncio.gather(*looking, watching, return_exceptions=True)
        return watched.figures(people)


async def _run(minutes: float) -> dict[str, Any]:
    async with world(lambda text: print(text, file=sys.stderr, flush=True)) as made:
        return await measure(made, minutes, Watched())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--json", type=file_to_write, help="where to write the figures")
    arguments = parser.parse_args()
    result = asyncio.run(_run(arguments.minutes))
    show(result)
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(result, indent=2) + "\n")


def show(result: dict[str, Any]) -> None:
    print(f"{'minute':>7}{'RSS MB':>8}{'sockets':>9}{'threads':>9}{'database':>10}")
    for each in result["memory"][:: max(1, len(result["memory"]) // 30)]:
        print(
            f"{each['minute']:7}{each['rss_mb']:8}{each['sockets']:9}{each['threads']:9}{each['database_connections']:10}"
        )
    for each in result["restarts"]:
        print(f"{each['service']:10} back after {each['back_after_s']} s, {len(each['stale'])} stale {each['stale']}")
    flat = "flat" if abs(result["growth"]) <= FLAT else "NOT FLAT"
    print(
        f"{result['people']} people, {result['loads']:,} loads of what changed, {result['messages']:,} messages;"
        f" memory {result['rss_mb']}, {result['growth']:+.1%}: {flat}; {result['stale']} stale pages"
    )


if __name__ == "__main__":
    main()
