"""How does a test run a short demo with faults?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psutil import Process

from cli.client.connection import connected
from cli.demo import story
from cli.demo.days import DayProgress
from cli.stack import lifecycle, stackfile
from shared.contracts.sequencer import Worklist
from shared.contracts.sequencer_replies import WorklistTask
from shared.messaging.broker import Broker

DAYS = 5


@dataclass(frozen=True)
class Outcome:
    """The result of a demo."""

    worklist: list[WorklistTask]
    summary: dict[str, Any]


class Disturbed(DayProgress):
    """Calls `disturb` at the beginning of every day, with its number."""

    def __init__(self, disturb: Callable[[int], None]) -> None:
        self._disturb = disturb
        self._day = 0

    def day(self, day: date) -> None:
        self._day += 1
        self._disturb(self._day)


def kill(service: str, after: float) -> None:
    """Kill -9 a service of the running stack after some seconds; then, as after minutes, its leases have run out."""
    stack = stackfile.read(stackfile.home())
    assert stack is not None, "the stack is not running"
    victim, database = Process(stack.children[service].pid), stack.target.service_urls[service]

    def end() -> None:
        victim.kill()
        victim.wait(timeout=10)
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute("UPDATE work SET leased_until = clock_timestamp() WHERE claimed_by IS NOT NULL")

    loop = asyncio.get_running_loop()
    loop.call_later(after, loop.run_in_executor, None, end)


def live_through(
    home: Path, monkeypatch: pytest.MonkeyPatch, disturb: Callable[[int], None] = lambda day: None
) -> Outcome:
    """Run a short demo in its own home folder from beginning to end; nothing is left running."""
    monkeypatch.setenv("PIPELINE_HOME", str(home))
    monkeypatch.delenv("PIPELINE_NATS_URL", raising=False)
    given = story.inputs(home / "invented", 1, DAYS, None, None, None, None, None)
    lifecycle.start("demo", lambda _: None, simulation=True)
    try:
        return asyncio.run(_run(given, disturb))
    finally:
        lifecycle.wipe(home, lambda _: None)


async def _run(given: story.Inputs, disturb: Callable[[int], None]) -> Outcome:
    async with connected() as broker:
        await story.run_demo(broker, given, Disturbed(disturb))
        return await outcome(broker)


async def outcome(broker: Broker) -> Outcome:
    summary = await story.summary(broker, 0)
    return Outcome(await broker.ask(Worklist()), summary)
