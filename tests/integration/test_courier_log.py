"""Does the courier's log have every event once, and can a reader miss one?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest_asyncio

from services.courier.store import log
from services.courier.usecases.logging import LOCK, record
from services.courier.usecases.shortening import shorten
from shared.contracts.envelope import seal, unseal
from shared.contracts.events import Event
from shared.storage.retention import earliest_id_within
from tests.support.running import Running, run_service
from tests.support.sequencing import listed, scored
from tests.support.servers import TestServers
from tests.support.statements import statements


@pytest_asyncio.fixture
async def courier(servers: TestServers) -> AsyncIterator[Running]:
    async with run_service("courier", servers) as running:
        yield running


def received(event: Event, owner: str, running: Running) -> Event:
    envelope = seal(event, owner, running.app.clock.now())
    return unseal(envelope.headers, envelope.body.encode(), type(event))


async def positions(courier: Running, after: int = 0) -> list[log.Logged]:
    async with courier.app.begin() as tx:
        return await log.read(tx, after, ["score.changed", "facility.listed"], 1_000)


async def test_every_event_is_logged_once_as_it_was_published(courier: Running) -> None:
    await courier.receive(listed("335001"), scored("335001", 1, "58.0"))
    await courier.receive(scored("335001", 2, "31.5", version=2))

    logged = await positions(courier)

    assert sorted(each.type for each in logged) == ["facility.listed", "score.changed", "score.changed"]
    assert [each.data["score"] for each in logged if each.type == "score.changed"] == ["58.0", "31.5"]
    assert {each.source for each in logged} == {"ingest", "scorer"}
    assert {each.facility_id for each in logged} == {"335001"}


async def test_a_reader_sees_every_event_in_order_while_others_write(courier: Running) -> None:
    async def write(no: int) -> None:
        for n in range(20):
            event = received(scored("335001", 1, "58.0", version=no * 100 + n), "scorer", courier)
            async with courier.app.begin() as tx:
                await tx.lock(*LOCK)
                await record(tx, [event])
                await asyncio.sleep(0.001 * ((no + n) % 3))

    seen: list[int] = []
    writers = asyncio.gather(*(write(no) for no in range(4)))
    while not writers.done() or len(seen) < 80:
        seen += [each.position for each in await positions(courier, seen[-1] if seen else 0)]
    await writers

    assert len(seen) == 80
    assert seen == sorted(set(seen))


async def test_an_event_that_arrives_again_keeps_its_position(courier: Running) -> None:
    event = received(scored("335001", 1, "58.0"), "scorer", courier)
    for _ in range(2):
        async with courier.app.begin() as tx:
            await tx.lock(*LOCK)
            await record(tx, [event])

    assert len(await positions(courier)) == 1


async def test_old_events_are_removed_and_the_log_states_where_it_starts(courier: Running) -> None:
    await courier.receive(*(scored("335001", 1, "58.0", version=n) for n in range(1, 6)))
    last = (await positions(courier))[-1].position
    async with courier.app.begin() as tx:
        assert await shorten(tx, earliest_id_within(timedelta(days=1))) == 0
        assert await shorten(tx, earliest_id_within(timedelta(days=-1))) == 5
        assert (await log.start(tx), await log.end(tx)) == (last, last)


async def test_a_reader_of_a_rare_type_looks_at_no_other_event(courier: Running) -> None:
    await courier.sql(
        """
        INSERT INTO log (event_id, type, source, key, at, trace, data)
        SELECT gen_random_uuid(), CASE n WHEN 9000 THEN 'lead.won' ELSE 'score.changed' END, 'x', 'x', now(), '', '{}'
        FROM generate_series(1, 20000) AS n
        """
    )
    await courier.sql("ANALYZE log")
    async with courier.app.begin() as tx:
        with statements() as sent:
            [found] = await log.read(tx, 0, ["lead.won"], 500)
        [reading] = sent
        explained = await tx.value(f"EXPLAIN (ANALYZE, FORMAT JSON) {reading.sql}", **reading.params)

    assert found.type == "lead.won"
    assert "log_by_type" in str(explained)
    assert "'Rows Removed by Filter'" not in str(explained)
