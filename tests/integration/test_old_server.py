"""Is a server refused that is too old for the services?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from cli.provision.setup import prepare_streams
from cli.stack.target import StackError
from shared.application import Application
from tests.support.probe import probe
from tests.support.running import run_service
from tests.support.servers import TestServers

INFO = {"server_id": "old", "version": "2.13.4", "max_payload": 1_048_576, "headers": True, "proto": 1}


@pytest.fixture
async def old_server() -> AsyncIterator[str]:
    """The URL of a server that introduces itself as an old one and replies to pings."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(f"INFO {json.dumps(INFO)}\r\n".encode())
        while line := await reader.readline():
            if line.startswith(b"PING"):
                writer.write(b"PONG\r\n")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"nats://setup:secret@127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_set_up_refuses_an_old_server(old_server: str) -> None:
    with pytest.raises(StackError, match=r"nats-server 2\.13 cannot store batches of events; install 2\.14 or later"):
        await prepare_streams(old_server, lambda _: None)


async def test_a_service_ends_if_the_server_is_old(old_server: str, servers: TestServers) -> None:
    async with run_service("matcher", servers, probe()) as service:
        settings = service.app.settings.model_copy(update={"nats_url": SecretStr(old_server)})

        with pytest.raises(SystemExit):
            await Application(probe(), settings).run()
