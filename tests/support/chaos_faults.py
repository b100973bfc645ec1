"""Which faults occur in a chaos run, and when?"""

from __future__ import annotations

import asyncio
import shutil
import signal
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from uuid import uuid4

import psycopg
from nats.js.errors import NotFoundError

from cli.stack import embedded
from shared.contracts import topology
from shared.contracts.envelope import Envelope
from shared.contracts.topology import SERVICES
from shared.messaging.broker import connect
from shared.messaging.tls import from_environment
from tests.support.chaos_stack import Stack
from tests.support.chaos_verdict import edges
from tests.support.chaos_world import DAYS, Story

CONSUMERS = tuple(service for service in SERVICES if topology.CONSUMES[service])


@dataclass
class Scene:
    """Everything that a fault can act on."""

    stack: Stack
    story: Story
    chance: Random
    day: int = 0
    outage_seconds: float = 0.0


Fault = Callable[[Scene], Awaitable[None]]


async def kill_one(scene: Scene) -> None:
    scene.stack.kill(scene.chance.choice(SERVICES))


async def kill_all(scene: Scene) -> None:
    for service in SERVICES:
        scene.stack.kill(service)


async def nats_killed(scene: Scene) -> None:
    await scene.stack.kill_nats()
    await asyncio.sleep(scene.chance.uniform(0.1, 1.5))
    await scene.stack.servers.start_nats()


async def store_wiped(scene: Scene) -> None:
    """The store is wiped while a consumer hangs, so that events are lost."""
    await _replace_store(scene, lambda: shutil.rmtree(scene.stack.servers.store / "jetstream"))


async def store_rolled_back(scene: Scene) -> None:
    store = scene.stack.servers.store
    snapshot = store.with_name("snapshot")
    await scene.stack.kill_nats()
    shutil.rmtree(snapshot, ignore_errors=True)
    await asyncio.to_thread(shutil.copytree, store, snapshot)
    await scene.stack.servers.start_nats()
    await asyncio.sleep(scene.chance.uniform(0.8, 1.6))

    def roll_back() -> None:
        shutil.rmtree(store)
        shutil.copytree(snapshot, store)

    await _replace_store(scene, roll_back)


async def consumer_deleted(scene: Scene) -> None:
    edge = scene.chance.choice(list(edges()))
    async with scene.stack.operator() as stream:
        with suppress(NotFoundError):  # an earlier fault may have been quicker
            await stream.delete_consumer(topology.stream_of(edge.producer), edge.durable)


async def stream_deleted(scene: Scene) -> None:
    async with scene.stack.operator() as stream:
        with suppress(NotFoundError):  # an earlier fault may have been quicker
            await stream.delete_stream(topology.stream_of(scene.chance.choice(SERVICES)))


async def postgres_restarted(scene: Scene) -> None:
    await scene.stack.restart_postgres()


async def connections_hung(scene: Scene) -> None:
    """Hang the connections of one service to one server; resume or reset them after a while."""
    service, servers = scene.chance.choice(SERVICES), list(scene.stack.servers.behind_proxies)
    proxy = scene.stack.proxies[service, scene.chance.choice(servers)]
    proxy.hang()
    await asyncio.sleep(scene.chance.uniform(0.5, 4.0))
    (proxy.cut if scene.chance.random() < 0.5 else proxy.resume)()


async def connections_cut(scene: Scene) -> None:
    for proxy in scene.stack.proxies.values():
        if scene.chance.random() < 0.5:
            proxy.cut()


async def published_again(scene: Scene) -> None:
    """Publish past events of one service again, shuffled, each as a new message to NATS."""
    owner = scene.chance.choice([edge.producer for edge in edges()])
    url = scene.stack.servers.service_url(owner, owner)
    async with await psycopg.AsyncConnection.connect(url) as connection:
        rows = await (await connection.execute("SELECT event_id, subject, headers, body FROM outbox")).fetchall()
    chosen = scene.chance.sample(rows, min(100, len(rows)))
    copies = [Envelope(row[0], row[1], {**row[2], "Nats-Msg-Id": str(uuid4())}, row[3]) for row in chosen]
    await _publish(scene, owner, copies)


async def submitted_again(scene: Scene) -> None:
    await scene.story.submit(scene.chance.randrange(scene.day + 1))


async def poison(scene: Scene) -> None:
    """Publish an invalid message on a subject that several services consume."""
    edge = scene.chance.choice(list(edges()))
    await _publish(scene, edge.producer, [Envelope(uuid4(), edge.subject, {}, "no event")])


async def nats_unavailable(scene: Scene) -> None:
    await scene.stack.kill_nats()
    await _all_are_red(scene)
    await asyncio.sleep(scene.outage_seconds)
    await scene.stack.servers.start_nats()


async def postgres_unavailable(scene: Scene) -> None:
    await scene.stack.servers.stop("postgres", signal.SIGQUIT)
    await _all_are_red(scene)
    await asyncio.sleep(scene.outage_seconds)
    await scene.stack.servers.start_postgres()


KINDS: dict[str, Fault] = {
    "kill -9 of one service": kill_one,
    "kill -9 of all services": kill_all,
    "NATS killed": nats_killed,
    "NATS store wiped": store_wiped,
    "NATS store rolled back": store_rolled_back,
    "consumer deleted": consumer_deleted,
    "stream deleted": stream_deleted,
    "PostgreSQL immediate restart": postgres_restarted,
    "connections hung": connections_hung,
    "connections cut": connections_cut,
    "events published again under new ids, shuffled": published_again,
    "postings submitted again": submitted_again,
    "poison": poison,
}
# Long faults, which random schedules do not contain.
OUTAGES: dict[str, Fault] = {"NATS unavailable": nats_unavailable, "PostgreSQL unavailable": postgres_unavailable}
BEFORE_ANY_POSTING = ("import", "plan 0")


def schedule(
    seed: int, kinds: Mapping[str, Fault] = KINDS, days: int = DAYS, more: int = 3
) -> dict[str, list[tuple[float, str]]]:
    """Per stage: the faults, and how many seconds after its beginning. Every kind occurs at least once."""
    chance = Random(seed)
    stages = ("import", *(f"{what} {day}" for day in range(days) for what in ("plan", "feed")))
    chosen = [*kinds, *chance.choices(list(kinds), k=more)]
    chance.shuffle(chosen)
    planned: dict[str, list[tuple[float, str]]] = {stage: [] for stage in stages}
    # Most messages are in flight during feeds.
    for kind in chosen:
        stage = chance.choice([stage for stage in stages for _ in range(3 if stage.startswith("feed") else 1)])
        if kinds[kind] is submitted_again and stage in BEFORE_ANY_POSTING:
            stage = "feed 0"  # earlier, it would be the first submission and change the plan
        planned[stage].append((chance.uniform(0.0, 0.8), kind))
    return planned


async def _replace_store(scene: Scene, replace: Callable[[], None]) -> None:
    hung = scene.stack.proxies[scene.chance.choice(CONSUMERS), "nats"]
    hung.hang()
    await asyncio.sleep(0.8)
    await scene.stack.kill_nats()
    await asyncio.to_thread(replace)
    hung.cut()
    await scene.stack.servers.start_nats()


async def _all_are_red(scene: Scene) -> None:
    """Every service reports that it is not ready, and none of them exits."""
    restarts = dict(scene.stack.restarts)
    for service in SERVICES:
        url = f"http://127.0.0.1:{scene.stack.http_ports[service]}"
        async with asyncio.timeout(20):
            while await asyncio.to_thread(embedded.answers, f"{url}/readyz"):  # noqa: ASYNC110 - there is no event to wait for
                await asyncio.sleep(0.2)
        assert await asyncio.to_thread(embedded.answers, f"{url}/livez"), f"{service} is not alive"
    assert scene.stack.restarts == restarts, "a service exited because a server was unavailable"


async def _publish(scene: Scene, owner: str, envelopes: list[Envelope]) -> None:
    broker = await connect(scene.stack.servers.nats_url(owner), owner, tls=from_environment())
    try:
        await broker.publish(envelopes)
    finally:
        await broker.close()
