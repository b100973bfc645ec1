"""Does a publication fail with its connection, and succeed with the next one?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest

from shared.messaging.broker import Broker, connect
from tests.integration.test_healing import until
from tests.integration.test_kernel import sealed
from tests.support.proxy import Proxy
from tests.support.running import streams_for
from tests.support.servers import TestServers

PROMPT_SECONDS = 1.0


@pytest.fixture
async def proxy(servers: TestServers) -> AsyncIterator[Proxy]:
    started = await Proxy(urlsplit(servers.user_urls["ingest"]).port or 0).start()
    yield started
    await started.close()


@pytest.fixture
async def broker(servers: TestServers, proxy: Proxy) -> AsyncIterator[Broker]:
    address = urlsplit(servers.user_urls["ingest"])
    who = address.netloc.rpartition("@")[0]
    async with streams_for(servers, "ingest"):
        connected = await connect(f"nats://{who}@127.0.0.1:{proxy.port}", "ingest")
        yield connected
        await connected.close()


async def test_a_publication_under_way_fails_with_its_connection_and_is_stored_over_the_next_one(
    broker: Broker, proxy: Proxy
) -> None:
    events = [sealed(n) for n in range(3)]
    proxy.hang()
    publication = asyncio.create_task(broker.publish(events))
    await asyncio.sleep(0.1)
    began = time.monotonic()

    proxy.cut()
    stored = await publication
    seconds = time.monotonic() - began
    await until(lambda: reconnected(broker))
    stored_again = await broker.publish(events)

    assert list(stored) == []
    assert seconds < PROMPT_SECONDS
    assert list(stored_again) == events


async def test_a_publication_without_a_connection_fails_at_once(broker: Broker, proxy: Proxy) -> None:
    assert len(await broker.publish([sealed(1)])) == 1
    proxy.cut()
    await until(lambda: disconnected(broker))
    began = time.monotonic()

    stored = await broker.publish([sealed(2)])

    assert list(stored) == []
    assert time.monotonic() - began < PROMPT_SECONDS


async def reconnected(broker: Broker) -> bool:
    return broker.connected and broker.reconnects == 1


async def disconnected(broker: Broker) -> bool:
    return not broker.connected
