"""Does a service follow its database to a standby that is promoted?"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from cli.provision.setup import ensure_database, migrate
from shared.clock import Clock
from shared.contracts.kernel import DeadLetters
from shared.storage.database import Database
from tests.integration.test_healing import until
from tests.integration.test_kernel import ids, noted, sealed
from tests.support.probe import probe
from tests.support.running import Running, run_on
from tests.support.servers import PASSWORD, TestServers
from tests.support.standby import Pair, pair, promote


@pytest.fixture
def replicated() -> Iterator[tuple[Pair, ExitStack]]:
    with tempfile.TemporaryDirectory(prefix="facility-pipeline-") as folder:
        Path(folder).chmod(0o711)
        with pair(Path(folder)) as running:
            yield running


async def test_a_service_follows_its_database_to_a_promoted_standby_and_loses_nothing(
    servers: TestServers, replicated: tuple[Pair, ExitStack]
) -> None:
    urls, primary = replicated
    url = urls.url("matcher", PASSWORD, "matcher")
    await asyncio.to_thread(ensure_database, urls.primary, url)
    await asyncio.to_thread(migrate, "matcher", url)
    listened: list[str] = []
    listening = asyncio.create_task(listen_on_the_standby(urls, listened))

    async with run_on(url, "matcher", servers, probe()) as service:
        await service.publish("ingest", [sealed(n) for n in range(20)])
        await until(lambda: are_noted(service, 20))
        waits = not listened
        await asyncio.to_thread(primary.close)
        await service.publish("ingest", [sealed(n) for n in range(20, 40)])
        await asyncio.sleep(1)
        await asyncio.to_thread(promote, urls.standby)
        await until(lambda: are_noted(service, 40), 15)
        await until(lambda: heard(listened), 5)
        letters = await service.ask(DeadLetters())
        broken = service.app.broken.done()

    listening.cancel()
    assert waits, "a standby refuses to listen"
    assert letters == []
    assert not broken


async def are_noted(service: Running, count: int) -> bool:
    try:
        return await noted(service) == ids(*range(count))
    except psycopg.OperationalError:  # the connection of the test is lost as well
        return False


async def heard(listened: list[str]) -> bool:
    return listened == [""]


async def listen_on_the_standby(urls: Pair, listened: list[str]) -> None:
    database = Database(urls.standby, 1, "matcher", Clock("UTC"))
    async for notice in database.notices("changes"):
        listened.append(notice)
