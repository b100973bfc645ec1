"""Does each webhook get every event, in order where asked for, however couriers are killed and receivers behave?

Two couriers share the work, and one of them is killed now and then. With LONG=1, 200 schedules of faults; otherwise
one; SEEDS=20 takes another number.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections import Counter
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from random import Random
from typing import Any

import psycopg
import pytest

from shared.contracts import topology
from shared.contracts.courier import (
    AddWebhook,
    PauseWebhook,
    RemoveWebhook,
    ResumeWebhook,
    WebhookDetails,
    WebhookSecret,
)
from shared.contracts.envelope import Envelope, seal
from shared.contracts.events import FacilityListed
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Question
from shared.messaging.broker import Broker, connect
from tests.support.chaos_of_webhooks import PATIENCE, Hook, Receivers, violations
from tests.support.outside import site
from tests.support.running import a_database, drop_database, streams_for
from tests.support.sequencing import listed, scored
from tests.support.servers import TestServers

LONG = os.environ.get("LONG") == "1"
SEEDS = range(1, 1 + int(os.environ.get("SEEDS") or ("200" if LONG else "1")))
LEASE = 2.0
CONVERGED_WITHIN = 90.0
BOTH = ("score.*", "facility.*")
HOOKS = (
    ("ordered", True, BOTH),
    ("plain", False, BOTH),
    ("scores", True, ("score.changed",)),
    ("moved", False, ("score.*",)),
)
LISTER = topology.owner_of(FacilityListed)
PAUSED = "moved"
"""The webhook that an operator pauses and resumes."""


class Couriers:
    """Two couriers, of which one is killed when a step is reached for the n-th time."""

    def __init__(self, servers: TestServers, url: str, allowed: str) -> None:
        self.crashes = 0
        self._environment = {
            **os.environ,
            "PIPELINE_NATS_URL": servers.user_urls["courier"],
            "PIPELINE_DATABASE_URL": url,
            "PIPELINE_OUTBOUND_ALLOW": allowed,
            "PIPELINE_COURIER_SECRET_KEY": "k" * 48,
            "PIPELINE_SWEEP_SECONDS": "0.3",
            "PIPELINE_LOG_LEVEL": "CRITICAL",
            "PATIENCE_SECONDS": str(PATIENCE),
            "LEASE_SECONDS": str(LEASE),
        }
        self._processes: list[Process] = []
        self._step, self._left, self._pause = "", 0, 0.0

    async def start(self) -> None:
        while len(self._processes) < 2:
            command = (sys.executable, "-m", "tests.support.courier_service")
            started = await asyncio.create_subprocess_exec(*command, env=self._environment, stdout=DEVNULL)
            self._processes.append(started)

    def doom(self, step: str, after: int, pause: float) -> None:
        """Kill one when this step is reached so often, a moment later."""
        self._step, self._left, self._pause = step, after, pause

    def at_step(self, step: str) -> None:
        self._left -= step == self._step
        if self._left == 0:
            self._left = -1
            asyncio.get_running_loop().call_later(self._pause, self._kill, self._processes[self.crashes % 2])

    def _kill(self, process: Process) -> None:
        if process.returncode is None:
            process.kill()
            self.crashes += 1

    async def revive(self) -> None:
        for each in [each for each in self._processes if each.returncode is not None]:
            self._processes.remove(each)
        await self.start()

    async def stop(self) -> None:
        for each in self._processes:
            if each.returncode is None:
                each.send_signal(signal.SIGTERM)
        await asyncio.gather(*(each.wait() for each in self._processes))


class World:
    """Couriers, their receivers, and those who publish."""

    def __init__(
        self,
        couriers: Couriers,
        receivers: Receivers,
        port: int,
        brokers: dict[str, Broker],
        sql: psycopg.AsyncConnection,
    ) -> None:
        self.couriers, self.receivers, self.port, self.brokers, self.sql = couriers, receivers, port, brokers, sql

    async def ask(self, request: Question[Any]) -> Any:
        async with asyncio.timeout(60):
            while True:
                try:
                    return await self.brokers["cli"].ask(request, service="courier", timeout_seconds=3)
                except AskFailed as failed:
                    if getattr(failed, "status", 503) < 500:
                        raise
                    await asyncio.sleep(0.1)

    async def pass_time(self) -> None:
        """What waits for a later attempt is due now, as if the time had come."""
        async with self.sql.transaction():
            await self.sql.execute("SELECT FROM work ORDER BY work_no FOR UPDATE")
            await self.sql.execute("UPDATE deliveries SET next_at = now() WHERE state = 'waiting' AND next_at > now()")
            await self.sql.execute("UPDATE webhooks SET rest_until = NULL WHERE rest_until > now()")
            await self.sql.execute("UPDATE work SET due_at = now() WHERE due_at > now() AND claimed_by IS NULL")

    async def live(self, seed: int) -> list[str]:
        """One schedule: receivers with faults, events meanwhile, a courier that is killed, a webhook that is paused."""
        chance = Random(seed)
        await self.couriers.revive()
        hooks = {
            name: Hook(f"{name}-{seed}", ordered, Random(chance.random()), chance.choice((0.1, 0.3, 0.6)))
            for name, ordered, _ in HOOKS
        }
        self.receivers.hooks |= {each.name: each for each in hooks.values()}
        for name, ordered, types in HOOKS:
            called = hooks[name].name
            url = f"http://127.0.0.1:{self.port}/{called}"
            await self.ask(AddWebhook(name=called, url=url, types=list(types), ordered=ordered, actor="test"))
            hooks[name].secret = (await self.ask(WebhookSecret(name=called))).secret
        self.couriers.doom(chance.choice(("request", "answer")), chance.randrange(1, 60), chance.random() * 0.05)
        events: list[Envelope] = []
        during = 0
        for burst in range(3):
            events += await self._publish(seed, burst, chance)
            if burst == 1:
                during = await self._pause(hooks[PAUSED], chance)
            await asyncio.sleep(chance.random() * 0.3)
        await self.couriers.revive()
        wanted = {
            name: {str(each.event_id): each for each in events if types == BOTH or each.subject == "score.changed"}
            for name, _, types in HOOKS
        }
        await self._converged(hooks, wanted)
        wrong = [
            text
            for name, hook in hooks.items()
            for text in violations(hook, wanted[name], during if name == PAUSED else 0)
        ]
        wrong += await self._unrecorded(hooks, wanted)
        for hook in hooks.values():
            await self.ask(RemoveWebhook(name=hook.name, actor="test"))
        return wrong

    async def _publish(self, seed: int, burst: int, chance: Random) -> list[Envelope]:
        facilities = [f"{seed:03}{n:03}" for n in range(4)]
        now = datetime.now(UTC)
        scores = [scored(chance.choice(facilities), 1, "58.0", version=20 * burst + n + 1) for n in range(10)]
        sealed = [seal(each, "scorer", now) for each in scores]
        others = [seal(listed(each, version=burst + 1), LISTER, now) for each in facilities[:2]]
        await self.brokers["scorer"].publish(sealed)
        await self.brokers[LISTER].publish(others)
        return [*sealed, *others]

    async def _pause(self, hook: Hook, chance: Random) -> int:
        """Pause it for a moment; returns how many requests began after nothing was on its way any more."""
        await self.ask(PauseWebhook(name=hook.name, actor="test"))
        async with asyncio.timeout(CONVERGED_WITHIN):
            while (await self.ask(WebhookDetails(name=hook.name))).sending:  # noqa: ASYNC110 - it is asked
                await asyncio.sleep(0.02)
        begun = hook.begun
        await self.pass_time()
        await asyncio.sleep(0.2 + chance.random() * 0.2)
        found = hook.begun - begun
        await self.ask(ResumeWebhook(name=hook.name, actor="test"))
        return found

    async def _converged(self, hooks: dict[str, Hook], wanted: dict[str, dict[str, Any]]) -> None:
        """Wait until every webhook has the events that it wants, or cannot get them; those that gave up are resumed."""
        names = [each.name for each in hooks.values()]
        async with asyncio.timeout(CONVERGED_WITHIN):
            while True:
                paused = await self._column("SELECT name FROM webhooks WHERE paused_at IS NOT NULL")
                for name in paused:
                    await self.ask(ResumeWebhook(name=name, actor="test"))
                await self.pass_time()
                states = await self._column("SELECT state FROM deliveries WHERE webhook = ANY(%s)", names)
                if not paused and states.count("delivered") == sum(map(len, wanted.values())):
                    return
                await asyncio.sleep(0.05)

    async def _unrecorded(self, hooks: dict[str, Hook], wanted: dict[str, dict[str, Any]]) -> list[str]:
        """Events that the ledger does not have as delivered."""
        wrong = []
        for name, hook in hooks.items():
            states = await self._column(
                "SELECT state FROM deliveries WHERE webhook = %s AND event_id = ANY(%s::uuid[])",
                hook.name,
                list(wanted[name]),
            )
            if Counter(states) != Counter(delivered=len(wanted[name])):
                wrong.append(f"the ledger of {hook.name} has {Counter(states)} of {len(wanted[name])}")
        return wrong

    async def _column(self, query: str, *given: Any) -> list[Any]:
        return [row[0] for row in await (await self.sql.execute(query.encode(), given)).fetchall()]


@pytest.mark.chaos
@pytest.mark.timeout(3_600 if LONG else 300)
async def test_every_webhook_gets_every_event_in_order_and_nothing_while_paused(servers: TestServers) -> None:
    url = await asyncio.to_thread(a_database, servers, "courier")
    receivers = Receivers()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(asyncio.to_thread, drop_database, servers, url)
        await stack.enter_async_context(streams_for(servers, "courier"))
        there = await stack.enter_async_context(site(receivers.respond))
        brokers = {}
        for user in ("cli", "scorer", LISTER):
            brokers[user] = await connect(servers.user_urls[user], user)
            stack.push_async_callback(brokers[user].close)
        sql = await stack.enter_async_context(await psycopg.AsyncConnection.connect(url, autocommit=True))
        await sql.execute(  # so that it does not ask other services for what they published before
            "INSERT INTO log (event_id, type, source, key, at, trace, data)"
            " VALUES (gen_random_uuid(), 'coverage.changed', 'ingest', 'x', now(), '', '{}')"
        )
        couriers = Couriers(servers, url, f"127.0.0.1:{there.port}")
        receivers.at_step = couriers.at_step
        stack.push_async_callback(couriers.stop)
        await couriers.start()
        world = World(couriers, receivers, there.port, brokers, sql)
        wrong = {seed: found for seed in SEEDS if (found := await world.live(seed))}
        faults = sum((each.faults for each in receivers.hooks.values()), Counter[str]())
        requests = sum(each.begun for each in receivers.hooks.values())
        print(
            f"\n{len(SEEDS)} schedules: {requests} requests, {couriers.crashes} crashes, {dict(faults.most_common())}"
        )
    assert wrong == {}
    assert couriers.crashes
