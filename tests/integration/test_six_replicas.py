"""Do six replicas of every service fit on one PostgreSQL with the settings of the containers? With LONG=1."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from random import Random

import psycopg
import pytest
import yaml

from cli.provision.setup import ensure_database, prepare_databases
from cli.stack import embedded
from cli.stack.plan import as_service
from cli.stack.processes import free_port
from cli.stack.target import REPOSITORY, Target
from shared.clock import Clock
from shared.contracts.kernel import DeadLetters
from shared.contracts.refusals import AskFailed
from shared.contracts.topology import SERVICES
from shared.messaging.broker import Broker, connect
from shared.settings import LISTENING_CONNECTIONS, pool_size
from shared.storage import connecting
from shared.storage.database import Database, DatabaseUnavailable
from tests.integration.test_healing import until
from tests.support.chaos_world import Story, invent
from tests.support.running import clean_streams
from tests.support.servers import PASSWORD, TestServers
from tests.support.standby import started

pytestmark = [
    pytest.mark.skipif(os.environ.get("LONG") != "1", reason="42 processes: run with LONG=1"),
    pytest.mark.timeout(1200),
]
REPLICAS = 6
REFUSED = ("too many clients", "remaining connection slots", "too many connections")
AT_ONCE = 100


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """PostgreSQL with as many connections as `compose.yaml` allows, and its log."""
    home = tmp_path / "home"
    home.mkdir()
    for folder in (home, tmp_path, *list(tmp_path.parents)[:2]):
        folder.chmod(0o711)
    command = yaml.safe_load((REPOSITORY / "compose.yaml").read_text())["services"]["postgres"]["command"]
    allowed = next(word for word in command if word.startswith("max_connections="))
    password, port = embedded.new_password(), free_port()
    data = embedded.prepare_postgres(home, "replicas")
    embedded.initialize(data, password, durable=False)
    url = embedded.postgres_url(port, password)
    with started(data, port, url, home, allowed):
        yield url, home / "logs" / str(port)


async def test_the_pools_of_six_replicas_may_be_full_at_the_same_time(postgres: tuple[str, Path]) -> None:
    url, log = postgres
    urls = {service: as_service(url, service, PASSWORD) for service in SERVICES}
    for service in SERVICES:
        await asyncio.to_thread(ensure_database, url, urls[service])
    replicas = [service for service in SERVICES for _ in range(REPLICAS)]
    expected = sum(pool_size(service) + LISTENING_CONNECTIONS for service in replicas)
    most: list[int] = []
    async with AsyncExitStack() as stack:
        counting = asyncio.create_task(count(url, most))
        holding = []
        for service in replicas:
            database = Database(urls[service], pool_size(service), service, Clock("UTC"))
            await database.open()
            stack.push_async_callback(database.close)
            stack.push_async_callback((await connecting.connect(urls[service])).close)
            holding += [asyncio.create_task(hold(database)) for _ in range(pool_size(service))]
        await until(lambda: reached(most, expected), 240)
        for task in (counting, *holding):
            task.cancel()
        await asyncio.gather(counting, *holding, return_exceptions=True)

    print(f"{len(replicas)} replicas have {expected} connections")
    assert refusals(log) == []


async def hold(database: Database) -> None:
    """Hold a connection in a transaction."""
    while True:
        with suppress(DatabaseUnavailable):  # it waits for others that connect
            async with database.begin_internal() as tx:
                await tx.value("SELECT 1")
                await asyncio.Event().wait()


async def reached(most: list[int], expected: int) -> bool:
    return bool(most) and max(most) >= expected


def refusals(log: Path) -> list[str]:
    return [line for line in log.read_text().splitlines() if any(word in line for word in REFUSED)]


async def test_six_replicas_of_every_service_are_refused_no_connection(
    servers: TestServers, postgres: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, log = postgres
    monkeypatch.setenv("PIPELINE_REPLICAS", str(REPLICAS))
    urls = {service: as_service(url, service, PASSWORD) for service in SERVICES}
    await asyncio.to_thread(prepare_databases, Target("", url, urls), print)
    await clean_streams(servers)
    most: list[int] = []
    async with all_replicas(servers, urls, tmp_path) as processes:
        counting = asyncio.create_task(count(url, most))
        broker = await connect(servers.user_urls["cli"], "cli")
        await work(broker, tmp_path)
        await broker.close()
        counting.cancel()
        ended = [process.returncode for process in processes if process.returncode is not None]

    print(f"{len(processes)} processes, at most {max(most)} connections at a time")
    assert ended == []
    assert max(most) > len(processes)
    assert refusals(log) == []


@asynccontextmanager
async def all_replicas(servers: TestServers, urls: dict[str, str], folder: Path) -> AsyncIterator[list[Process]]:
    """Every replica of every service, once all have started."""
    processes, logs = list[Process](), list[Path]()
    try:
        for service in SERVICES:
            for number in range(REPLICAS):
                logs.append(folder / f"{service}-{number}.log")
                environment = {
                    **os.environ,
                    "PIPELINE_NATS_URL": servers.user_urls[service],
                    "PIPELINE_DATABASE_URL": urls[service],
                    "PIPELINE_HTTP_PORT": "0",
                }
                with logs[-1].open("w") as log:
                    processes.append(
                        await asyncio.create_subprocess_exec(
                            sys.executable, "-m", f"services.{service}", env=environment, stdout=log, stderr=log
                        )
                    )
        await until(lambda: have_started(logs), 600)
        yield processes
    finally:
        for process in processes:
            if process.returncode is None:
                process.terminate()
        await asyncio.gather(*(process.wait() for process in processes))


async def have_started(logs: list[Path]) -> bool:
    return all("service.started" in log.read_text() for log in logs)


async def count(url: str, most: list[int]) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as admin:
        while True:
            row = await (
                await admin.execute("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
            ).fetchone()
            most.append(row[0] if row else 0)
            await asyncio.sleep(0.1)


async def work(broker: Broker, folder: Path) -> None:
    """Import facilities, submit postings, and ask every service many questions at once meanwhile."""
    world = invent(folder)

    @asynccontextmanager
    async def undisturbed(stage: str) -> AsyncIterator[None]:
        yield

    async def settle() -> None:
        await asyncio.sleep(0)

    story = Story(broker, world, Random(1), undisturbed, settle)
    asking = asyncio.gather(*(ask(broker, service) for service in SERVICES for _ in range(AT_ONCE)))
    await story._import()
    for day in range(len(world.postings)):
        await story.submit(day)
    await asking
    await asyncio.sleep(10)


async def ask(broker: Broker, service: str) -> None:
    for _ in range(5):
        with suppress(AskFailed):  # too busy, which is another matter
            await broker.ask(DeadLetters(), service=service, timeout_seconds=60)
