"""Does a service wait for servers that are not available yet?"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from cli.stack.processes import free_port
from tests.integration.test_database_faults import administer_database
from tests.integration.test_healing import until
from tests.support.running import a_database, clean_streams
from tests.support.servers import TestServers

UNAVAILABLE = "127.0.0.1:1"
STOP_SECONDS = 3.0


@asynccontextmanager
async def started(
    nats_url: str, database_url: str, command: tuple[str, ...] = ("-m", "services.notifier")
) -> AsyncIterator[tuple[Process, str]]:
    """The notifier as a separate process, and its HTTP address."""
    port = free_port()
    environment = {
        **os.environ,
        "PIPELINE_NATS_URL": nats_url,
        "PIPELINE_DATABASE_URL": database_url,
        "PIPELINE_HTTP_PORT": str(port),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, env=environment, stdout=PIPE, stderr=STDOUT
    )
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def asked(url: str) -> tuple[int, str]:
    async with httpx.AsyncClient(trust_env=False) as client:
        try:
            answer = await client.get(url, timeout=5)
        except httpx.TransportError:
            return 0, ""
    return answer.status_code, answer.text


async def is_answered(url: str, status: int) -> bool:
    return (await asked(url))[0] == status


async def stopped(process: Process) -> tuple[int | None, str]:
    """The exit code and the log."""
    process.send_signal(signal.SIGTERM)
    log, _ = await asyncio.wait_for(process.communicate(), STOP_SECONDS)
    return process.returncode, log.decode()


@asynccontextmanager
async def silent() -> AsyncIterator[str]:
    """A server that accepts connections and never replies."""

    async def hold(_: Any, writer: asyncio.StreamWriter) -> None:
        open_connections.append(writer)

    open_connections: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    for writer in open_connections:
        writer.close()
    server.close()
    await server.wait_closed()


@pytest.fixture(params=["refused", "silent"])
async def away(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    if request.param == "refused":
        yield UNAVAILABLE
    else:
        async with silent() as address:
            yield address


async def test_a_service_without_servers_is_alive_and_not_ready_and_can_be_stopped(away: str) -> None:
    async with started(f"nats://notifier:x@{away}", f"postgresql://notifier:x@{away}/notifier") as (process, url):
        await until(lambda: is_answered(f"{url}/livez", 200), 20)
        status, why = await asked(f"{url}/readyz")

        code, log = await stopped(process)

    assert status == 503
    assert "waiting for NATS" in why
    assert "PostgreSQL is unavailable" in why
    assert code == 0
    assert "Traceback" not in log


async def test_a_service_waits_for_postgresql_at_its_start_and_can_be_stopped(servers: TestServers, away: str) -> None:
    await clean_streams(servers)
    async with started(servers.user_urls["notifier"], f"postgresql://notifier:x@{away}/notifier") as (process, url):
        await until(lambda: says(url, "waiting for PostgreSQL"), 20)

        code, log = await stopped(process)

    assert code == 0
    assert "Traceback" not in log


async def says(url: str, what: str) -> bool:
    return what in (await asked(f"{url}/readyz"))[1]


async def test_a_service_on_a_read_only_database_is_not_ready_until_it_is_writable(
    servers: TestServers,
) -> None:
    await clean_streams(servers)
    database_url = await asyncio.to_thread(a_database, servers, "notifier")
    await administer_database(servers, database_url, "SET default_transaction_read_only = on")
    async with started(servers.user_urls["notifier"], database_url) as (process, url):
        await until(lambda: says(url, "25006"), 20)
        await asyncio.sleep(2)
        lives = await is_answered(f"{url}/livez", 200)

        await administer_database(servers, database_url, "RESET default_transaction_read_only")
        await until(lambda: is_answered(f"{url}/readyz", 200), 20)
        code, log = await stopped(process)

    assert lives
    assert code == 0
    assert "Traceback" not in log
