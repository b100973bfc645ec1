"""How long does an event take from one stream to the next, when little happens?

Twenty postings a second, one by one. A hop is the time between the server's storing of a cause and its storing of the
effect, by its own clock; the cause is named in each effect's envelope.
"""

from __future__ import annotations

import asyncio
import time as clock
from collections.abc import Awaitable, Callable
from statistics import median, quantiles

from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from cli.demo.simulate import Simulation
from shared.contracts import topology
from shared.contracts.ingest import SubmitPostings
from tests.benchmarks.pipeline import bare_chain, five_services, publish
from tests.benchmarks.postings import postings
from tests.benchmarks.world import World

PER_SECOND = 20


async def of_services(world: World, seconds: float) -> dict[str, float]:
    async with five_services(world) as (broker, _):
        rows = postings(round(seconds * PER_SECOND))
        since = {stream: await world.count(stream) for stream in _streams()}

        async def submit(number: int) -> None:
            await broker.ask(SubmitPostings(source="job-board", postings=[rows[number]], actor="bench"))

        await _steadily(len(rows), submit)
        await Simulation(broker).wait_until_idle()
        return summary(await _hops(world, since))


async def of_chain(world: World, seconds: float) -> dict[str, float]:
    count = round(seconds * PER_SECOND)
    async with bare_chain(world) as (broker, _):
        since = {stream: await world.count(stream) for stream in _streams()}

        async def submit(number: int) -> None:
            await publish(broker, range(number, number + 1))

        await _steadily(count, submit)
        await world.reached("NOTIFIER", count + 1)
        return summary(await _hops(world, since))


def summary(hops: list[float]) -> dict[str, float]:
    return {"p50": round(median(hops), 2), "p99": round(quantiles(hops, n=100)[98], 2), "hops": len(hops)}


async def _steadily(count: int, act: Callable[[int], Awaitable[None]]) -> None:
    begun = clock.monotonic()
    for number in range(count):
        await asyncio.sleep(max(0.0, begun + number / PER_SECOND - clock.monotonic()))
        await act(number)


async def _hops(world: World, since: dict[str, int]) -> list[float]:
    """Milliseconds from each cause to each of its effects, of all messages stored since."""
    stored: dict[str, float] = {}
    causes: list[tuple[str, str]] = []
    for stream, before in since.items():
        for event_id, cause, at in await _messages(world, stream, before):
            stored[event_id] = at
            causes += [(event_id, cause)] if cause else []
    return [(stored[effect] - stored[cause]) * 1e3 for effect, cause in causes if cause in stored]


async def _messages(world: World, stream: str, before: int) -> list[tuple[str, str, float]]:
    """Id, cause and time of storage of the messages after this sequence."""
    js = world.client.jetstream()
    config = ConsumerConfig(
        ack_policy=AckPolicy.NONE, opt_start_seq=before + 1, deliver_policy=DeliverPolicy.BY_START_SEQUENCE
    )
    pull = await js.pull_subscribe("", stream=stream, config=config)
    found: list[tuple[str, str, float]] = []
    while True:
        try:
            messages = await pull.fetch(500, timeout=0.5)
        except TimeoutError:
            return found
        for message in messages:
            headers = message.headers or {}
            at = message.metadata.timestamp.timestamp()
            found.append((headers.get("ce-id", ""), headers.get("ce-causationid", ""), at))


def _streams() -> list[str]:
    return [topology.stream_of(service) for service in topology.SERVICES]
