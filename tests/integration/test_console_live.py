"""Does an open page hear what happens, for as long as its session lasts? Through a real HTTP server."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from statistics import quantiles
from typing import Any

import pytest
import pytest_asyncio
from httpx import AsyncClient, Response

from services.console.domain.permissions import Role
from services.console.screens.live.routes import MOST_OPEN
from shared.contracts.envelope import seal
from shared.http.html_surface import LOCAL_COOKIE
from tests.integration.test_console_reading import a_task
from tests.support.console import Console, Services
from tests.support.running import Running, run_service
from tests.support.sequencing import listed
from tests.support.servers import TestServers

pytestmark = pytest.mark.asyncio(loop_scope="module")

SAMPLES = 100 if os.environ.get("LONG") == "1" else 10
CHANGED = "data-changes"
PERSONAL = ("Ada", "Moss", "0142", "QM rating")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(servers: TestServers) -> AsyncIterator[Running]:
    """A console that serves pages, and the browsers of its users."""
    async with run_service("console", servers) as running:
        await running.receive(listed("335001"))
        yield running


@asynccontextmanager
async def signed_in(running: Running, name: str, role: Role, rep: str | None = None) -> AsyncIterator[AsyncClient]:
    """The browser of a user."""
    site = Console(running, Services())
    async with site.browser() as browser:
        await site.enter(browser, name, role, rep)
        url, cookies = f"http://127.0.0.1:{running.app.http_port}", {LOCAL_COOKIE: browser.token}
    async with AsyncClient(base_url=url, cookies=cookies, timeout=20) as client:
        yield client


class Stream:
    """An open page, and what it has heard."""

    def __init__(self, response: Response) -> None:
        self.text = ""
        self.ended = asyncio.Event()
        self._messages = asyncio.Queue[str]()
        self._reading = asyncio.create_task(self._read(response))

    async def _read(self, response: Response) -> None:
        async for line in response.aiter_lines():
            self.text += line + "\n"
            if not line:
                self._messages.put_nowait(self.text)
        self.ended.set()

    async def hear(self) -> str:
        """Wait for the next message; returns all that was heard."""
        return await self._messages.get()

    async def change(self) -> None:
        """Wait for the next message that something changed."""
        known = self.text.count(CHANGED)
        while self.text.count(CHANGED) == known:
            await self.hear()

    async def close(self) -> None:
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)


@asynccontextmanager
async def opened(client: AsyncClient, query: str) -> AsyncIterator[Stream]:
    """A page that has heard its first message."""
    async with client.stream("GET", f"/stream?{query}") as response:
        assert (response.status_code, response.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        stream = Stream(response)
        await stream.hear()
        yield stream
        await stream.close()


async def happen(running: Running, version: int, **changes: Any) -> None:
    """Something happens to a task."""
    event = a_task(version=version, **changes)
    await running.publish("sequencer", [seal(event, "sequencer", running.app.clock.now())])


async def test_line_19_an_event_is_on_the_screens_of_others_within_a_second(running: Running) -> None:
    delays = list[float]()
    async with signed_in(running, "helen", "manager") as client, opened(client, "about=task") as stream:
        for number in range(SAMPLES):
            began = time.monotonic()
            await happen(running, 100 + number)
            async with asyncio.timeout(10):
                await stream.change()
            delays.append(time.monotonic() - began)

    assert quantiles(delays, n=20, method="inclusive")[-1] < 1.0


async def test_line_8_the_stream_of_a_reader_has_no_personal_data(running: Running) -> None:
    async with signed_in(running, "rita", "reader") as client, opened(client, "about=task,touch") as stream:
        await happen(running, 1_000)
        async with asyncio.timeout(10):
            await stream.change()

    assert CHANGED in stream.text
    assert [each for each in PERSONAL if each in stream.text] == []


async def test_a_session_has_a_limited_number_of_open_pages_and_others_theirs(running: Running) -> None:
    async with (
        signed_in(running, "helen", "manager") as helen,
        signed_in(running, "rita", "reader") as rita,
        AsyncExitStack() as pages,
    ):
        for _ in range(MOST_OPEN):
            await pages.enter_async_context(opened(helen, "about=task"))

        assert (await helen.get("/stream?about=task")).status_code == 429
        await pages.enter_async_context(opened(rita, "about=task"))


@pytest.mark.parametrize("statement", ["DELETE FROM sessions WHERE name = 'dana'", "UPDATE users SET removed = true"])
async def test_line_9_revoking_a_session_closes_its_stream_within_five_seconds(
    running: Running, statement: str
) -> None:
    async with signed_in(running, "dana", "rep", "rep-1") as client, opened(client, "about=task") as stream:
        await running.sql(statement)
        async with asyncio.timeout(5):
            await stream.ended.wait()

    await running.sql("UPDATE users SET removed = false")


async def test_a_page_hears_only_what_it_is_about_and_what_it_has_missed(running: Running) -> None:
    async with signed_in(running, "mona", "manager") as client:
        [before] = await running.sql("SELECT max(event_id::text) AS seen FROM log")
        await happen(running, 2_000)
        await running.idle()
        async with opened(client, f"about=task&seen={before['seen']}") as missed:
            assert 'data-changes="1"' in missed.text
        async with opened(client, "about=lead") as other, opened(client, "about=task&facility=335999") as elsewhere:
            await happen(running, 2_001)
            await running.idle()
            await asyncio.sleep(1)

    assert CHANGED not in other.text + elsewhere.text


async def test_an_address_that_is_none_is_refused_before_the_stream_begins(running: Running) -> None:
    async with signed_in(running, "olga", "manager") as client:
        refused = await client.get("/stream?about=task&seen=yesterday")

    assert (refused.status_code, "not the id of an event" in refused.text) == (400, True)


async def test_the_streams_of_open_pages_end_when_the_console_stops(servers: TestServers) -> None:
    """Otherwise the server would cut them off after two seconds, with a traceback for each."""
    async with (
        run_service("console", servers) as console,
        signed_in(console, "helen", "manager") as client,
        opened(client, "about=task") as one,
        opened(client, "about=lead") as another,
        asyncio.timeout(5),
    ):
        await console.app.close()
        await asyncio.gather(one.ended.wait(), another.ended.wait())
