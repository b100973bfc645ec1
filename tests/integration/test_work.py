"""Is work outside done exactly as often as promised, whatever crashes, stops or fails?"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.contracts.events import FacilityMatched
from shared.contracts.kernel import DeadLetters, DiscardDeadLetter, InFlight, RetryDeadLetter, Status
from shared.service import Router, Service
from shared.storage import work
from shared.storage.database import Tx
from shared.storage.work import Item, NewItem
from shared.work import Attempt, Call, Later, Retry, Verdict, Verdicts, Worker
from tests.support.running import START, Running, run_on, run_service
from tests.support.servers import TestServers

KIND = "probe.call"
RETRY_DELAY = 60.0


class Outside:
    """What is outside: it counts the calls, and answers as a test wants."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.begun: asyncio.Queue[str] = asyncio.Queue()
        """The keys of calls that have begun."""
        self.most_at_once = 0
        self.now = 0
        self.open = asyncio.Event()
        """A call whose key starts with "slow" waits for this."""
        self.failing = True

    async def call(self, key: str) -> str:
        self.calls[key] += 1
        self.begun.put_nowait(key)
        self.now += 1
        self.most_at_once = max(self.most_at_once, self.now)
        try:
            await asyncio.sleep(0)
            if key.startswith("slow"):
                await self.open.wait()
            if key.startswith("bad") and self.failing:
                raise ConnectionError(f"{key} was refused")
            return key
        finally:
            self.now -= 1


class Probe(Worker):
    """A worker whose keys decide what it does."""

    def __init__(self, outside: Outside) -> None:
        self.outside = outside
        self.lost_keys: list[str] = []

    async def claim(self, items: Sequence[Item], tx: Tx) -> Mapping[str, Verdict | Call]:
        if any(item.key == "poison" for item in items):
            raise ValueError("poison")
        late = {item.key: Later(tx.now + timedelta(days=1)) for item in items if item.key.startswith("tomorrow")}
        return {item.key: Call(f"given {item.key}") for item in items} | late

    async def call(self, attempt: Attempt) -> Any:
        if attempt.item.payload.get("irrevocable"):
            await attempt.begin_effect()
        assert attempt.given == f"given {attempt.item.key}"
        return await self.outside.call(attempt.item.key)

    async def record(self, attempts: Sequence[Attempt], tx: Tx) -> Verdicts:
        if any(each.item.key == "unrecordable" for each in attempts):
            raise ValueError("unrecordable")
        for each in attempts:
            if each.error is None:
                await tx.run("INSERT INTO called VALUES (%(key)s)", key=each.item.key)
                tx.emit(FacilityMatched(facility_id=each.item.key, role_family="qm", version=1, signals=()))
        return {each.item.key: Later(tx.now + timedelta(hours=1)) for each in attempts if each.item.key == "again"}

    async def lost(self, items: Sequence[Item], tx: Tx) -> Mapping[str, Verdict | Call]:
        self.lost_keys += [item.key for item in items]
        return {item.key: Retry("unknown") for item in items}


async def prepare(tx: Tx) -> None:
    await tx.run("CREATE TABLE IF NOT EXISTS called (key text)")


def probe(outside: Outside, lease: float = 30.0) -> Service:
    router = Router()
    router.worker(KIND, parallel=3, lease=timedelta(seconds=lease), delays=(RETRY_DELAY,))(lambda: Probe(outside))
    return Service.of("matcher", router, on_start=prepare)


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
async def service(servers: TestServers, outside: Outside) -> AsyncIterator[Running]:
    async with run_service("matcher", servers, probe(outside)) as running:
        yield running


async def add(service: Running, *keys: str, **payload: Any) -> None:
    async with service.app.begin() as tx:
        await work.add(tx, [NewItem(KIND, key, payload) for key in keys])


async def called(service: Running) -> list[str]:
    return sorted(row["key"] for row in await service.sql("SELECT key FROM called"))


async def items(service: Running) -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in await service.sql("SELECT * FROM work")}


@asynccontextmanager
async def replica(service: Running, servers: TestServers, outside: Outside, lease: float) -> AsyncIterator[Running]:
    async with run_on(service.url, "matcher", servers, probe(outside, lease)) as running:
        yield running


async def test_each_item_is_called_once_a_few_at_a_time_and_its_result_is_published(
    service: Running, outside: Outside
) -> None:
    keys = [f"k{number}" for number in range(40)]

    await add(service, *keys)
    await add(service, *keys[:5])
    await service.idle()

    assert await called(service) == sorted(keys)
    assert set(outside.calls.values()) == {1}
    assert outside.most_at_once == 3
    assert {event.facility_id for event in await service.published(FacilityMatched)} == set(keys)
    assert await items(service) == {}


async def test_a_failed_call_is_repeated_after_its_delay_and_then_becomes_a_dead_letter(
    service: Running, outside: Outside
) -> None:
    await add(service, "bad", "good", reason="test")
    await service.idle()
    (kind,) = (await service.ask(Status())).work
    waiting = await items(service)

    assert await called(service) == ["good"]
    assert (kind.due, kind.waiting, kind.failing) == (0, 1, 1)
    assert "bad was refused" in (kind.error or "")
    assert abs((waiting["bad"]["due_at"] - START).total_seconds() - RETRY_DELAY) <= RETRY_DELAY / 10

    await service.set_clock(START + timedelta(seconds=2 * RETRY_DELAY))
    await service.idle()
    (letter,) = await service.ask(DeadLetters())

    assert outside.calls["bad"] == 2
    assert (letter.consumer, letter.event_id, letter.tries) == (KIND, "bad", 2)
    assert len(await service.sql("SELECT 1 FROM outbox WHERE subject = 'dead.matcher'")) == 1

    outside.failing = False
    await service.ask(RetryDeadLetter(dead_no=letter.dead_no, actor="ann"))
    await service.idle()
    assert await called(service) == ["bad", "good"]
    assert await service.ask(DeadLetters()) == []


async def test_items_are_due_by_the_clock_of_the_service(service: Running, outside: Outside) -> None:
    async with service.app.begin() as tx:
        await work.add(tx, [NewItem(KIND, "later", due_at=START + timedelta(hours=1)), NewItem(KIND, "again")])
        await work.add(tx, [NewItem(KIND, "tomorrow")])
    await service.idle()
    assert await called(service) == ["again"]

    await service.set_clock(START + timedelta(hours=2))
    await service.idle()
    assert await called(service) == ["again", "again", "later"]
    assert (await service.ask(InFlight())).in_flight == 0
    assert (await items(service))["tomorrow"]["tries"] == 0


async def test_an_item_that_no_process_has_claimed_can_be_withdrawn_or_hastened(service: Running) -> None:
    async with service.app.begin() as tx:
        await work.add(tx, [NewItem(KIND, key, due_at=START + timedelta(hours=1)) for key in ("a", "b")])
    async with service.app.begin() as tx:
        assert await work.withdraw(tx, KIND, ["a", "none"]) == {"a"}
        assert await work.hasten(tx, KIND, ["b"]) == 1
    await service.idle()

    assert await called(service) == ["b"]


async def test_an_item_that_cannot_be_claimed_or_recorded_delays_no_other(service: Running, outside: Outside) -> None:
    await add(service, "poison", "a", "unrecordable", "b")
    await service.idle()
    waiting = await items(service)

    assert await called(service) == ["a", "b"]
    assert {key: row["tries"] for key, row in waiting.items()} == {"poison": 1, "unrecordable": 1}
    assert outside.calls == {"a": 1, "b": 1, "unrecordable": 1}
    assert (await service.ask(Status())).problems == []


async def test_two_replicas_call_each_item_once(service: Running, servers: TestServers, outside: Outside) -> None:
    async with replica(service, servers, outside, 30.0) as second:
        await add(service, *(f"a{number}" for number in range(30)))
        await add(second, *(f"b{number}" for number in range(30)))
        await service.idle()

        assert sum(each.recorded for run in (service, second) for each in run.app.workers.kinds) == 60
    assert len(await called(service)) == 60
    assert set(outside.calls.values()) == {1}


async def test_the_item_of_a_process_that_died_is_called_again_unless_it_may_have_taken_effect(
    service: Running, outside: Outside
) -> None:
    async with service.app.begin() as tx:
        later = START + timedelta(hours=1)
        await work.add(tx, [NewItem(KIND, key, due_at=later) for key in ("safe", "irrevocable", "running")])
    # As a process leaves them that died during its calls.
    await service.sql(
        "UPDATE work SET claimed_by = gen_random_uuid(), due_at = %(now)s, irrevocable = key = 'irrevocable'"
        ", leased_until = clock_timestamp() + CASE key WHEN 'running' THEN interval '1 h' ELSE interval '0' END"
        " RETURNING key",
        now=START,
    )
    assert await outside.begun.get() == "safe"
    for each in service.app.workers.kinds:
        await each.stop()

    assert outside.calls == {"safe": 1}
    left = await items(service)
    assert {key: row["error"] for key, row in left.items()} == {"irrevocable": "unknown", "running": None}


async def test_the_worker_decides_about_an_item_whose_process_died_at_its_last_try(
    service: Running, outside: Outside
) -> None:
    later = START + timedelta(hours=1)
    async with service.app.begin() as tx:
        await work.add(tx, [NewItem(KIND, key, due_at=later) for key in ("may have", "never")])
    await service.sql("UPDATE work SET tries = 2, irrevocable = key = 'may have' RETURNING key")
    await service.set_clock(later)
    await service.idle()

    assert {each.error for each in await service.ask(DeadLetters())} == {"unknown"}
    assert outside.calls == {}


async def test_a_process_whose_lease_ran_out_has_no_effect_and_records_nothing(
    service: Running, outside: Outside
) -> None:
    await add(service, "slow first")
    await outside.begun.get()
    (item,) = (await items(service)).values()
    holder, other = item["claimed_by"], uuid4()
    await service.sql("UPDATE work SET claimed_by = %(other)s RETURNING key", other=other)

    async with service.app.database.begin_internal() as tx:
        assert await work.mark_irrevocable(tx, [item["work_no"]], holder) == set()
        assert await work.mark_irrevocable(tx, [item["work_no"]], other) == {item["work_no"]}
    outside.open.set()
    (worker,) = service.app.workers.kinds
    await worker.stop()

    assert await called(service) == []
    assert list(await items(service)) == ["slow first"]


async def test_a_stop_finishes_calls_in_progress_and_gives_back_the_others(
    servers: TestServers, service: Running, outside: Outside
) -> None:
    async with replica(service, servers, outside, 30.0) as stopping:
        for each in service.app.workers.kinds:
            await each.stop()
        await add(stopping, *(f"slow{number}" for number in range(6)))
        for _ in range(3):
            await outside.begun.get()
        (worker,) = stopping.app.workers.kinds
        end = asyncio.create_task(worker.stop())
        await asyncio.sleep(0)
        outside.open.set()
        await end

    assert len(await called(service)) == 3
    left = await items(service)
    assert {(row["claimed_by"], row["tries"]) for row in left.values()} == {(None, 0)}
    assert len(left) == 3


async def test_a_discarded_item_is_never_called(service: Running, outside: Outside) -> None:
    await add(service, "bad")
    await service.idle()
    await service.set_clock(START + timedelta(days=1))
    await service.idle()
    (letter,) = await service.ask(DeadLetters())

    await service.ask(DiscardDeadLetter(dead_no=letter.dead_no, actor="ann"))
    await service.set_clock(START + timedelta(days=2))
    await service.idle()

    assert outside.calls["bad"] == 2
    assert await items(service) == {}
