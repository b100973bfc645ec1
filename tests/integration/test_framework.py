"""Does a service start and stop as a FastStream application on real servers?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from faststream import FastStream
from faststream.nats import NatsBroker

from shared.application import Application
from shared.contracts.events import FacilityMatched
from shared.service import Service
from shared.storage.database import Tx
from tests.integration.test_healing import until
from tests.integration.test_kernel import a_posting, http, ids, noted
from tests.integration.test_start import asked, is_answered, started, stopped
from tests.support.probe import probe
from tests.support.running import Running, a_database, clean_streams, run_service
from tests.support.servers import TestServers

FASTSTREAM = ("-m", "faststream", "run", "--factory", "services.notifier.app:app")


@pytest.fixture
async def service(servers: TestServers) -> AsyncIterator[Running]:
    async with run_service("matcher", servers, probe()) as running:
        yield running


async def test_a_service_is_a_faststream_application_on_a_faststream_broker(service: Running) -> None:
    application = Application(probe(), service.app.settings)

    assert isinstance(application, FastStream)
    assert isinstance(application.broker, NatsBroker)


async def test_no_question_is_lost_while_replicas_restart_one_by_one_under_load(service: Running) -> None:
    restarted, replies = asyncio.Event(), 0

    async def keep_asking() -> None:
        nonlocal replies
        while not restarted.is_set():
            assert await service.ask("half", {"number": 84}) == 42
            replies += 1

    callers = [asyncio.create_task(keep_asking()) for _ in range(8)]
    for _ in range(5):
        async with Application(probe(), service.app.settings):
            await service.receive(*map(a_posting, range(20)))
            await asyncio.sleep(0.2)
    restarted.set()
    await asyncio.gather(*callers)

    assert replies > 500
    assert await noted(service)


async def test_a_service_closes_its_resources_if_its_start_fails(service: Running) -> None:
    async def fail(tx: Tx) -> None:
        raise ValueError("a bad pack")

    declared = probe()
    settings = service.app.settings.model_copy(update={"simulation": False})
    application = Application(Service("matcher", declared.handlers, on_start=fail), settings)

    with pytest.raises(ValueError, match="a bad pack"):
        await application.start()

    assert not application.runtime.broker.connected
    with pytest.raises(OSError, match=r"."):
        await asyncio.open_connection("127.0.0.1", application.runtime.http_port)


async def test_a_service_can_start_again_as_another_application(service: Running) -> None:
    for n in range(3):
        async with Application(probe(), service.app.settings):
            await service.receive(a_posting(n))

    assert await noted(service) == ids(0, 1, 2)
    assert len(await service.published(FacilityMatched)) == 3


async def test_a_service_describes_itself_over_http(service: Running) -> None:
    status, body = await http(service, "/asyncapi.json")

    assert (status, "matcher.ask.half" in body, "posting.seen" in body) == (200, True, True)


async def test_faststream_run_starts_a_service_and_a_signal_drains_it(servers: TestServers) -> None:
    await clean_streams(servers)
    url = await asyncio.to_thread(a_database, servers, "notifier")
    async with started(servers.user_urls["notifier"], url, FASTSTREAM) as (process, address):
        await until(lambda: is_answered(f"{address}/readyz", 200), 15)
        described = await asked(f"{address}/asyncapi.json")
        code, log = await stopped(process)

    assert "notifier-consumes-TaskDue" in described[1]
    assert (code, "service.started" in log, "service.stopped" in log) == (0, True, True)
