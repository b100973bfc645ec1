"""Which fixtures do tests share?"""

import gc
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support.running import Running, run_service
from tests.support.servers import TestServers, keep_files_in_memory, test_servers

keep_files_in_memory()


def pytest_collection_finish() -> None:
    """As services do: what is loaded by now stays, and there is little to find for whoever looks often."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def servers() -> Iterator[TestServers]:
    """A real NATS and a real PostgreSQL, shared by the tests of a session."""
    with test_servers() as running:
        yield running


@pytest.fixture
async def ingest(servers: TestServers) -> AsyncIterator[Running]:
    async with run_service("ingest", servers) as running:
        yield running


@pytest.fixture
async def matcher(servers: TestServers) -> AsyncIterator[Running]:
    async with run_service("matcher", servers) as running:
        yield running


@pytest.fixture
async def scorer(servers: TestServers) -> AsyncIterator[Running]:
    async with run_service("scorer", servers) as running:
        yield running


@pytest.fixture
async def sequencer(servers: TestServers) -> AsyncIterator[Running]:
    async with run_service("sequencer", servers) as running:
        yield running


@pytest.fixture
async def notifier(servers: TestServers) -> AsyncIterator[Running]:
    async with run_service("notifier", servers) as running:
        yield running
