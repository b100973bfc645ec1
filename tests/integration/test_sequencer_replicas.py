"""Is a day complete, and every task there once, if two replicas plan it at once and one of them is killed?"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.sequencer import schedule
from services.sequencer.app import service
from shared.application import Application
from shared.operations.ticking import Ticker
from shared.runtime import Runtime
from shared.storage.database import DatabaseUnavailable, Tx
from tests.integration.test_leads import Aborted
from tests.support.running import Running
from tests.support.sequencing import CALLABLE, contact, listed, scored

THURSDAY = "2026-07-02T06:00"
LAST = 10**6
"""After all statements, before the commit."""
IDS = [f"335{n:03}" for n in range(12)]
STATES = {
    "accounts": "facility_id, owner, owner_version, next_follow_up_on",
    "leads": "lead_id, stage, owner, version",
    "enrollments": "enrollment_id, facility_id, status, owner, version",
    "tasks": "task_id, enrollment_id, step_no, rep, due_on, status, version",
}


@pytest.fixture
async def other(sequencer: Running) -> AsyncIterator[Runtime]:
    """A second replica with the same database."""
    async with Application(service, sequencer.app.settings) as second:
        yield second.runtime


async def prospects(sequencer: Running) -> None:
    rows = [contact(each, **CALLABLE | {"email": f"ada{each}@example.org"}) for each in IDS[:9]]
    await sequencer.ask("import_contacts", {"actor": "ann", "rows": rows})
    await sequencer.receive(*map(listed, IDS), *(scored(each, 1 + n % 2, f"{90 - n}.0") for n, each in enumerate(IDS)))


async def state(sequencer: Running) -> dict[str, Any]:
    """What is stored, and which versions are published."""
    found = {
        table: sorted(map(str, await sequencer.sql(f"SELECT {columns} FROM {table}")))
        for table, columns in STATES.items()
    }
    return found | {"published": await published(sequencer)}


async def published(sequencer: Running) -> Counter[tuple[str, str]]:
    """How often each state was published: the keys of its subject, and its version."""
    rows = await sequencer.sql("SELECT subject, body::jsonb - '{event_id,occurred_at}'::text[] AS body FROM outbox")
    return Counter((row["subject"], str(row["body"])) for row in rows)


def clocks(local: str, *replicas: Runtime) -> None:
    """The clocks of all replicas show a local time."""
    for app in replicas:
        app.clock.set(datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(app.clock.timezone)))  # type: ignore[attr-defined]


def killed(app: Runtime, sequencer: Running, statement: int) -> Ticker:
    """The jobs of a replica whose connection PostgreSQL ends before a statement, or at the latest before the commit."""

    async def abort(pid: int) -> object:
        return await sequencer.sql("SELECT pg_terminate_backend(%(pid)s)", pid=pid)

    @asynccontextmanager
    async def begin() -> AsyncIterator[Tx]:
        async with app.begin() as tx:
            aborted = Aborted(tx, statement, abort)
            yield aborted
            if aborted.statements < statement:
                await aborted.end()

    return Ticker(service.jobs, app.clock, begin)


async def test_a_plan_that_is_interrupted_at_any_statement_has_changed_nothing(
    sequencer: Running, other: Runtime
) -> None:
    await prospects(sequencer)
    clocks(THURSDAY, sequencer.app, other)
    before = await state(sequencer)

    for statement in (*range(1, 24, 2), LAST):
        with pytest.raises(DatabaseUnavailable):
            await killed(other, sequencer, statement).tick()
        assert await state(sequencer) == before

    assert await sequencer.app.ticker.tick() == ["plan"]
    await complete(sequencer)


@pytest.mark.parametrize("statement", [1, 6, 12, 18, LAST])
async def test_the_day_is_complete_if_one_of_two_replicas_is_killed_while_both_plan_it(
    sequencer: Running, other: Runtime, statement: int
) -> None:
    await prospects(sequencer)
    clocks(THURSDAY, sequencer.app, other)

    ticks = (killed(other, sequencer, statement).tick(), sequencer.app.ticker.tick())
    ran, _ = sorted(await asyncio.gather(*ticks, return_exceptions=True), key=lambda each: each != ["plan"])

    assert ran == ["plan"]
    await complete(sequencer)
    assert await other.ticker.tick() == []


@pytest.mark.parametrize("statement", [2, 9, LAST])
async def test_the_day_is_complete_if_the_process_of_one_of_two_replicas_is_killed(
    sequencer: Running, statement: int
) -> None:
    await prospects(sequencer)
    clocks(THURSDAY, sequencer.app)
    settings = sequencer.app.settings
    environment = os.environ | {
        "PIPELINE_NATS_URL": settings.nats_url.get_secret_value(),
        "PIPELINE_DATABASE_URL": settings.database_url.get_secret_value(),
        "PIPELINE_SIMULATION": "true",
    }
    command = (sys.executable, "-m", "tests.support.killed_replica", THURSDAY, str(statement))
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdin=PIPE, stdout=PIPE)
    assert process.stdin
    assert process.stdout
    while (line := await process.stdout.readline()) != b"dying\n":
        assert line, "the replica ended before its plan"

    planned = asyncio.create_task(sequencer.app.ticker.tick())
    done, _ = await asyncio.wait([planned], timeout=0.3)
    assert not done, "it waits for the plan of the other one"
    process.stdin.write(b"\n")
    await process.stdin.drain()

    assert (await process.wait(), await planned) == (-signal.SIGKILL, ["plan"])
    await complete(sequencer)


async def test_two_replicas_that_plan_a_day_at_once_plan_it_once(sequencer: Running, other: Runtime) -> None:
    await prospects(sequencer)

    for day in (THURSDAY, "2026-07-06T06:00", "2026-07-07T06:00", "2026-07-08T06:00"):
        clocks(day, sequencer.app, other)
        ran = await asyncio.gather(*(app.ticker.tick() for app in (sequencer.app, other)))
        assert sorted(ran) == [[], ["plan"]]
        await complete(sequencer)

    before = await state(sequencer)
    async with other.begin() as tx:
        await schedule.plan(tx)
    assert await state(sequencer) == before, "a second plan of the same day changes nothing"


async def complete(sequencer: Running) -> None:
    """Every task exists once, every state is published once, and each running account has its touch."""
    tasks = await sequencer.sql("SELECT enrollment_id, step_no FROM tasks")
    assert tasks
    assert len({(each["enrollment_id"], each["step_no"]) for each in tasks}) == len(tasks)
    assert max((await published(sequencer)).values()) == 1
    started = await sequencer.sql("SELECT enrollment_id FROM enrollments WHERE status IN ('active', 'blocked')")
    assert started
    with_task = {each["enrollment_id"] for each in tasks}
    active = await sequencer.sql("SELECT enrollment_id FROM enrollments WHERE status = 'active'")
    assert with_task >= {each["enrollment_id"] for each in active}
