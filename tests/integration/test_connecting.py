"""Does a service find a PostgreSQL that was away, and another one behind a host that does not reply?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from cli.stack.processes import free_port
from shared.clock import Clock
from shared.storage.connecting import OPTIONS, options_for
from shared.storage.database import Database
from tests.integration.test_start import silent
from tests.support.proxy import Proxy
from tests.support.servers import TestServers


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = Database(url, 4, "matcher", Clock("UTC"))
    await database.open()
    yield database
    await database.close()


async def value(database: Database) -> object:
    async with database.begin_internal() as tx:
        return await tx.value("SELECT 1")


async def test_a_server_that_was_away_is_found_within_two_seconds_however_long_that_was(servers: TestServers) -> None:
    address, port = urlsplit(servers.database_url), free_port()
    who = address.netloc.rpartition("@")[0]
    async with opened(address._replace(netloc=f"{who}@127.0.0.1:{port}").geturl()) as database:
        asked = asyncio.create_task(value(database))
        await asyncio.sleep(3.2)  # pauses that double would end after 3 and 7 seconds
        began = time.monotonic()

        proxy = await Proxy(address.port or 0, port).start()
        found = await asked
        seconds = time.monotonic() - began

    await proxy.close()
    assert found == 1
    assert seconds < 2


async def test_a_host_that_does_not_reply_does_not_keep_a_service_from_the_next_one(servers: TestServers) -> None:
    address = urlsplit(servers.database_url)
    who = address.netloc.rpartition("@")[0]
    async with silent() as host:
        url = f"postgresql://{who}@{host},127.0.0.1:{address.port}{address.path}?connect_timeout=2"
        async with opened(url) as database:
            assert await asyncio.wait_for(value(database), 8) == 1


def test_what_a_url_states_of_a_connection_is_kept() -> None:
    url = "postgresql://matcher@db/matcher?connect_timeout=2&tcp_user_timeout=3000"

    assert options_for(url).keys() == OPTIONS.keys() - {"connect_timeout", "tcp_user_timeout"}
