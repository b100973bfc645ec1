"""How does a test run a demo with faults?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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

DAYS = 12


@dataclass(frozen=True)
class Outcome:
    """The result of a demo."""

    home: Path
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


@contextmanager
def lived_through(home: Path, disturb: Callable[[int], None] = lambda day: None) -> Iterator[Outcome]:
    """The stack after a demo in its own home folder; nothing is left running."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PIPELINE_HOME", str(home))
        environment.delenv("PIPELINE_NATS_URL", raising=False)
        given = story.inputs(home / "invented", 1, DAYS, None, None, None, None, None)
        lifecycle.start("demo", lambda _: None, plan=given.plan())
        try:
            yield asyncio.run(_run(home, given, disturb))
        finally:
            lifecycle.wipe(home, lambda _: None)


async def _run(home: Path, given: story.Inputs, disturb: Callable[[int], None]) -> Outcome:
    async with connected() as broker:
        await story.run_demo(broker, given, Disturbed(disturb))
        return Outcome(home, await broker.ask(Worklist()), await story.summary(broker, 0))
