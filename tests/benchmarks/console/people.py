"""How do many people use the console at the same time?

Each has a page open and hears of changes, as a browser does: when something changed that concerns the page, it is
loaded again; when the stream ends, it is opened again.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from shared.contracts.console import AddUser
from shared.contracts.keys import hash_of, new_key
from tests.benchmarks.console.visits import Visitor
from tests.benchmarks.console.world import World

PAGES = ("/worklist", "/worklist?who=team", "/inbox", "/drafts", "/pipeline", "/pipeline?view=table", "/facilities",
    "/sequences", "/capacity", "/facilities?tier=1")  # fmt: skip
OTHER = ("/discovery", "/events", "/dashboards/health", "/find?q=maple", "/playbooks", "/settings/me")
AGAIN_SECONDS = 0.5
"""As long as htmx waits before it opens a stream again."""
STREAM = re.compile(r'hx-sse:connect="([^"]+)"')
MAIN = re.compile(r"<main.*?</main>", re.DOTALL)
OWN = re.compile(r'name="(?:command_id|csrf)" value="[0-9a-f]+"')
CHANGES = "data-changes="


async def newcomers(made: World, count: int, prefix: str = "person") -> list[Visitor]:
    """Managers who have just signed in."""
    found = []
    for number in range(count):
        token = new_key()
        user: dict[str, Any] = {"name": f"{prefix}-{number}", "link_hash": hash_of(token), "purpose": "sign_in"}
        await made.broker.ask(AddUser(role="manager", full_name=f"{prefix} {number}", actor="bench", **user))
        found.append(await asyncio.to_thread(Visitor, f"{made.url}/welcome?token={token}"))
        await asyncio.sleep(0.3)  # signing in has a limit for each address
    return found


@dataclass
class Person:
    """A person with an open page."""

    client: httpx.AsyncClient
    path: str
    shown: str = ""
    """What the page shows, without what differs each time it is made."""
    messages: int = 0
    loads: int = 0
    opened: int = 0
    """How often the stream was opened."""
    failures: list[str] = field(default_factory=list)
    _stream: str = ""

    async def load(self) -> None:
        """Load the page that is open."""
        response = await self.client.get(self.path)
        if response.status_code != 200:
            raise httpx.HTTPError(f"{self.path} has status {response.status_code}")
        self.shown, self.loads = shown(response.text), self.loads + 1
        found = STREAM.search(response.text)
        self._stream = found[1].replace("&amp;", "&") if found else ""

    async def follow(self) -> None:
        """Keep the page as new as what it hears of, until this is canceled."""
        while True:
            try:
                if not self.shown:
                    await self.load()
                async with self.client.stream("GET", self._stream) as response:
                    self.opened += response.status_code == 200
                    async for line in response.aiter_lines():
                        self.messages += line.startswith("data: ")
                        if CHANGES in line:
                            await self._again()
            except httpx.HTTPError as error:
                self.failures.append(f"{type(error).__name__}: {error}")
            await asyncio.sleep(AGAIN_SECONDS)

    async def _again(self) -> None:
        """Load the page again, until it can be had."""
        while True:
            with suppress(httpx.HTTPError):
                await self.load()
                return
            await asyncio.sleep(AGAIN_SECONDS)

    async def is_stale(self) -> bool:
        """Whether the page, loaded anew, shows something else."""
        response = await self.client.get(self.path)
        return shown(response.text) != self.shown


def shown(text: str) -> str:
    """What a page shows, without the ids of the commands that may follow."""
    main = MAIN.search(text)
    return OWN.sub("", main[0] if main else text)


@asynccontextmanager
async def following(made: World, visitors: Sequence[Visitor]) -> Any:
    """People with pages open, in turn the worklist, the inbox, ..."""
    limits = httpx.Limits(max_connections=4)
    people = [
        Person(httpx.AsyncClient(base_url=made.url, headers=each.headers, timeout=60, limits=limits), path)
        for each, path in zip(visitors, PAGES * len(visitors), strict=False)
    ]
    tasks = [asyncio.create_task(each.follow()) for each in people]
    try:
        yield people
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for each in people:
            await each.client.aclose()


async def at_work(made: World, visitors: Sequence[Visitor], seconds: float) -> None:
    """People with open pages who also look at all the others, each again and again."""
    async with following(made, visitors) as people:
        looking = [asyncio.create_task(look_around(each, number)) for number, each in enumerate(people)]
        await asyncio.sleep(seconds)
        for task in looking:
            task.cancel()
        await asyncio.gather(*looking, return_exceptions=True)


async def look_around(person: Person, number: int, pause: float = 1.0) -> None:
    """Look at one page after the other, until this is canceled; the page that is open stays open."""
    while True:
        with suppress(httpx.HTTPError):
            await person.client.get((*OTHER, *PAGES)[number % (len(OTHER) + len(PAGES))])
        number += 1
        await asyncio.sleep(pause)
