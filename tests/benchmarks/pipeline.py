"""How many postings pass through all services, beside a bare chain of four that only pass an event on?

Both are fed while they run and timed from the first submission until nothing is left in flight.
"""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
import time as clock
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager
from datetime import time
from pathlib import Path
from typing import Any

from cli.demo.simulate import Simulation
from shared.contracts import topology
from shared.contracts.envelope import seal
from shared.contracts.ingest import SubmitPostings
from shared.contracts.kernel import InFlight
from shared.contracts.refusals import AskFailed
from shared.messaging.broker import Broker, connect
from tests.benchmarks.feed import NOW, a_posting
from tests.benchmarks.postings import DAY, import_world, postings
from tests.benchmarks.world import World, cpu_of, process, service_environment

CHUNK = 500
CHAIN = ("matcher", "scorer", "sequencer", "notifier")
LAST = "NOTIFIER"


@asynccontextmanager
async def five_services(
    world: World, replicas: int = 1, *, imported: bool = True
) -> AsyncIterator[tuple[Broker, list[subprocess.Popen[str]]]]:
    """The real services, with the demo's facilities if `imported`; a driver sets their clock, so that no job runs."""
    await world.clean(*topology.SERVICES)
    with ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
        processes = [stack.enter_context(_service(world, service)) for service in topology.SERVICES]
        broker = await connect(world.nats_url("cli"), "cli")
        await _until_all_answer(broker)
        await Simulation(broker).set_time(DAY, time(0))
        if imported:
            await import_world(broker, Path(folder))
            await Simulation(broker).set_time(DAY, time(18))
        # The clock of one replica is set. Those that start later read it from the database.
        for _ in range(replicas - 1):
            processes += [stack.enter_context(_service(world, service)) for service in topology.SERVICES]
        await _until_all_pull(world, replicas)
        yield broker, processes
        await broker.close()


async def run_services(world: World, count: int, replicas: int = 1) -> dict[str, float]:
    async with five_services(world, replicas) as (broker, processes):
        rows = postings(count)
        spent, begun = cpu_of(processes), clock.monotonic()
        await submit(broker, rows)
        await Simulation(broker).wait_until_idle()
        seconds = clock.monotonic() - begun
        return {"per_second": round(count / seconds, 1), **cpu_of(processes).per_event(spent, count)}


async def submit(broker: Broker, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), CHUNK):
        await broker.ask(
            SubmitPostings(source="job-board", postings=rows[start : start + CHUNK], actor="bench"), timeout_seconds=120
        )


@asynccontextmanager
async def bare_chain(world: World, replicas: int = 1) -> AsyncIterator[tuple[Broker, list[subprocess.Popen[str]]]]:
    await world.clean(*CHAIN)
    with ExitStack() as stack:
        processes = [
            stack.enter_context(
                process("tests.benchmarks.loops.chain", **service_environment(world, service), CHAIN_SERVICE=service)
            )
            for service in CHAIN
            for _ in range(replicas)
        ]
        broker = await connect(world.nats_url("ingest"), "ingest")
        await publish(broker, range(-1, 0))
        await world.reached(LAST, 1)
        yield broker, processes
        await broker.close()


async def run_chain(world: World, count: int, replicas: int = 1) -> dict[str, float]:
    async with bare_chain(world, replicas) as (broker, processes):
        spent, begun = cpu_of(processes), clock.monotonic()
        for start in range(0, count, CHUNK):
            await publish(broker, range(start, min(start + CHUNK, count)))
        await world.reached(LAST, count + 1)
        seconds = clock.monotonic() - begun
        return {"per_second": round(count / seconds, 1), **cpu_of(processes).per_event(spent, count)}


async def publish(broker: Broker, numbers: Sequence[int]) -> None:
    envelopes = [seal(a_posting(number), "ingest", NOW) for number in numbers]
    if len(await broker.publish(envelopes)) != len(envelopes):
        raise RuntimeError("the stream did not store every posting")


def _service(world: World, service: str) -> AbstractContextManager[subprocess.Popen[str]]:
    return process(f"services.{service}", **service_environment(world, service), PIPELINE_SIMULATION="true")


async def _until_all_pull(world: World, replicas: int) -> None:
    """Wait until every replica has sent a pull request."""
    js = world.client.jetstream()
    for service in topology.SERVICES:
        stream = topology.stream_of(service)
        while any((c.num_waiting or 0) < replicas for c in await js.consumers_info(stream)):  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def _until_all_answer(broker: Broker) -> None:
    for service in topology.SERVICES:
        for _ in range(600):
            try:
                await broker.ask(InFlight(), timeout_seconds=2, service=service)
                break
            except AskFailed:
                await asyncio.sleep(0.05)
        else:
            raise TimeoutError(f"{service} does not answer")
