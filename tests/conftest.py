"""Which fixtures do tests share?"""

import gc

gc.disable()  # until tests run: imports leave nothing to collect, and searching them takes a fifth of the time

# ruff: noqa: E402
import os
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from shared.contracts.services import SERVICES
from tests.support.mail import MailServer, mail_server
from tests.support.running import Running, run_service
from tests.support.servers import TestServers, keep_files_in_memory, test_servers

keep_files_in_memory()
os.environ["PIPELINE_CONSOLE_SECRET_KEYS"] = "of tests: " + 32 * "k"
os.environ["PIPELINE_COURIER_SECRET_KEY"] = "of tests: " + 32 * "w"
os.environ["PIPELINE_CONSOLE_HTTP_PORT"] = "0"  # stacks of several tests run at once


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--live", action="store_true", help="also ask the real systems outside, where there is internet")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--live"):
        for item in items:
            if item.get_closest_marker("live"):
                item.add_marker(pytest.mark.skip(reason="it asks a real system outside: run with --live"))


def pytest_collection_finish() -> None:
    """Freeze loaded objects and collect garbage less often, as services do."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()


@pytest.fixture(scope="session")
def servers() -> Iterator[TestServers]:
    """A real NATS and a real PostgreSQL, shared by the tests of a session."""
    with test_servers() as running:
        yield running


@pytest.fixture(scope="session")
def shared_mail_server() -> Iterator[MailServer]:
    """The embedded mail server, shared by the tests of a session."""
    with mail_server() as running:
        yield running


@pytest.fixture
def mail_box(shared_mail_server: MailServer) -> MailServer:
    """The embedded mail server, empty."""
    shared_mail_server.empty()
    return shared_mail_server


def _service(name: str) -> Callable[..., AsyncIterator[Running]]:
    """A fixture named after a service, which starts it."""

    @pytest.fixture(name=name)
    async def started(servers: TestServers) -> AsyncIterator[Running]:
        async with run_service(name, servers) as running:
            yield running

    return started


globals().update({name: _service(name) for name in SERVICES})
