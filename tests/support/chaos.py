"""How is a chaos run executed and checked?"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random

from shared.messaging.broker import connect
from shared.messaging.tls import from_environment
from tests.support.chaos_cluster import CLUSTER_KINDS
from tests.support.chaos_faults import KINDS, OUTAGES, Scene, schedule
from tests.support.chaos_stack import Machines, Stack
from tests.support.chaos_verdict import Judge, State, differences
from tests.support.chaos_world import DAYS, Story, World

CONVERGE_SECONDS = 60.0

Schedule = dict[str, list[tuple[float, str]]]


class Unsettled(Exception):
    """Facts were not processed in time."""


@dataclass
class Outcome:
    """The result of a run."""

    state: State
    violations: list[str] = field(default_factory=list)
    facts: int = 0
    dead: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    converged: list[float] = field(default_factory=list)
    """Seconds from the end of each disturbed stage to quiescence."""
    seconds: float = 0.0
    restarts: int = 0


class Run:
    """One run of all services under a schedule of faults."""

    def __init__(self, stack: Stack, planned: Schedule, patience: float) -> None:
        self.judge = Judge(stack)
        self.outcome = Outcome({})
        self._stack = stack
        self._planned = planned
        self._patience = patience
        self._disturbed = False
        self.scene: Scene

    @asynccontextmanager
    async def disturb(self, stage: str) -> AsyncIterator[None]:
        """All faults of a stage begin and end within the stage."""
        name, _, day = stage.partition(" ")
        self.scene.day = int(day) if name == "feed" else self.scene.day
        planned = self._planned.get(stage, [])
        faults = asyncio.create_task(self._one_after_the_other(planned))
        yield
        await faults
        self._disturbed = bool(planned)

    async def settle(self) -> None:
        began = time.monotonic()
        if not await self.judge.quiescent(self._patience):
            raise Unsettled
        if self._disturbed:
            self.outcome.converged.append(time.monotonic() - began)
        self._disturbed = False

    async def _one_after_the_other(self, planned: list[tuple[float, str]]) -> None:
        """One fault at a time: two at once would interfere in the harness, not in the services."""
        for delay, kind in sorted(planned):
            await asyncio.sleep(delay)
            await {**KINDS, **CLUSTER_KINDS, **OUTAGES}[kind](self.scene)
            self.outcome.faults[kind] += 1


async def live(
    servers: Machines,
    world: World,
    planned: Schedule | None = None,
    seed: int = 0,
    expected: State | None = None,
    broken_rule: str | None = None,
    patience: float = CONVERGE_SECONDS,
    days: int = DAYS,
    outage_seconds: float = 0.0,
) -> Outcome:
    """A complete run on clean servers; its outcome is compared with the expected state, if there is one."""
    began = time.monotonic()
    stack = Stack(servers, broken_rule)
    await stack.start()
    run = Run(stack, planned or {}, patience)
    broker = await connect(servers.nats_url("cli"), "cli", tls=from_environment())
    try:
        story = Story(broker, world, Random(seed), run.disturb, run.settle)
        run.scene = Scene(stack, story, Random(seed), outage_seconds=outage_seconds)
        await _to_the_end(run, story, expected, patience, days)
    finally:
        await run.judge.close()
        await broker.close()
        await stack.stop()
    run.outcome.restarts = sum(stack.restarts.values())
    run.outcome.seconds = time.monotonic() - began
    return run.outcome


async def _to_the_end(run: Run, story: Story, expected: State | None, patience: float, days: int) -> None:
    outcome, judge = run.outcome, run.judge
    try:
        await story.live(days)
        await judge.drained(patience)
        outcome.state = await judge.state()
        outcome.violations += differences(outcome.state, expected) if expected is not None else []
    except Unsettled:
        outcome.violations.append("facts were not processed in time")
    outcome.violations += await judge.violations()
    outcome.facts, outcome.dead = await judge.facts(), await judge.dead()


__all__ = ["Outcome", "Schedule", "live", "schedule"]
