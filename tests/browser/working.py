"""How does a test use the console of a running stack, with all of its services, in a real browser?"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from playwright.sync_api import Browser, Page, StorageState

from cli.client import console_links
from cli.client.connection import connected, talk
from cli.demo import story
from cli.demo.behavior import behavior
from cli.demo.days import DayProgress, Life, next_business_day
from cli.demo.simulate import Simulation
from cli.stack import lifecycle, stackfile
from shared.contracts.console import AddUser
from shared.contracts.keys import hash_of, new_key
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Question
from shared.contracts.sequencer import Day
from shared.contracts.sequencer_replies import WorklistTask
from shared.contracts.sequencer_reps import Team
from shared.contracts.services import SERVICES
from tests.browser.pages import WIDE, Opened, opened

R = TypeVar("R")

SEED, DAYS = 1, 1


@dataclass(slots=True)
class Working:
    """A console with its services, and the people who have signed in."""

    browser: Browser
    links: dict[str, str]
    states: dict[str, StorageState] = field(default_factory=dict)
    thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))

    @property
    def url(self) -> str:
        return console_links.address()

    @contextmanager
    def tab(
        self, role: str, size: tuple[int, int] = WIDE, scheme: str = "light", *, script: bool = True
    ) -> Iterator[Opened]:
        """A page of a person who has signed in: `rep`, `manager` or `operations`."""
        with opened(self.browser, size, scheme, script=script, state=self.states.get(role)) as tab:
            if role not in self.states:  # a link signs in once
                tab.page.goto(self.links[role])
                self.states[role] = tab.page.context.storage_state()
            tab.page.goto(f"{self.url}/more")
            yield tab

    @contextmanager
    def visitor(self, *, script: bool = True) -> Iterator[Opened]:
        """A page of a person who has not signed in."""
        with opened(self.browser, WIDE, "light", script=script) as tab:
            yield tab

    def ask(self, request: Question[R], service: str = "") -> R:
        """As the command line asks; in another thread, because this one runs the browser."""
        reply: R = self.thread.submit(talk, lambda broker: broker.ask(request, service=service)).result()
        return reply

    def tasks(self, rep: str) -> list[WorklistTask]:
        """The worklist of a rep, as the sequencer orders it."""
        return self.ask(Day(rep=rep)).tasks

    def begin_next_day(self) -> None:
        """The next morning: what is not done is late, and more is due."""
        self.thread.submit(asyncio.run, _begin_next_day()).result()

    def add(self, name: str, rep: str) -> str:
        """The link by which a new rep chooses a password."""
        token = new_key()
        stored = self.ask(
            AddUser(name=name, role="rep", rep=rep, full_name=name, link_hash=hash_of(token), actor="ann")
        )
        return console_links.address_of(stored, token)

    def count(self, subject: str, part: str) -> int:
        """How many events of a subject, with this text in them, the sequencer has published."""
        stack = stackfile.read(stackfile.home())
        assert stack is not None, "the stack is running"
        with psycopg.connect(stack.target.service_urls["sequencer"]) as connection:
            found = connection.execute(
                "SELECT count(*) FROM outbox WHERE subject = %s AND strpos(body, %s) > 0", [subject, part]
            )
            [number] = found.fetchone() or [0]
        return int(number)

    def wait_until_it_replies(self) -> None:
        """Wait until the sequencer was started again."""
        deadline = time.monotonic() + 60
        while True:
            try:
                self.ask(Day())
            except AskFailed:
                assert time.monotonic() < deadline, "the sequencer does not come back"
                time.sleep(0.2)
            else:
                return

    @contextmanager
    def without(self, name: str) -> Iterator[None]:
        """While a service is dead, and nothing starts it again."""
        stack = stackfile.read(stackfile.home())
        assert stack is not None, "the stack is running"
        os.kill(stack.supervisor.pid, signal.SIGSTOP)
        os.kill(stack.children[name].pid, signal.SIGKILL)
        try:
            yield
        finally:
            os.kill(stack.supervisor.pid, signal.SIGCONT)

    @contextmanager
    def paused(self, name: str) -> Iterator[None]:
        """While a process of the stack is there and does nothing."""
        stack = stackfile.read(stackfile.home())
        assert stack is not None, "the stack is running"
        os.kill(stack.children[name].pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(stack.children[name].pid, signal.SIGCONT)


@contextmanager
def working(home: Path, browser: Browser) -> Iterator[Working]:
    """A stack on the morning after a day of invented work."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("PIPELINE_HOME", str(home))
        monkeypatch.delenv("PIPELINE_NATS_URL", raising=False)
        with ThreadPoolExecutor(1) as thread:
            try:
                yield Working(browser, thread.submit(prepare, home).result(), thread=thread)
            finally:
                lifecycle.wipe(home, lambda _: None)


def prepare(home: Path) -> dict[str, str]:
    """Start the stack and live through its days; returns links of people by role."""
    given = story.inputs(home / "invented", SEED, DAYS, None, None, None, None, None)
    lifecycle.start("demo", lambda _: None, simulation=True)
    return asyncio.run(_live(given))


async def _live(given: story.Inputs) -> dict[str, str]:
    async with connected() as broker:
        await story.run_demo(broker, given, DayProgress())
        [first, *_] = await broker.ask(Team())
        return await console_links.invented_people(broker, "test", first.rep, first.name)


async def _begin_next_day() -> None:
    async with connected() as broker:
        simulation = Simulation(broker)
        life = Life(simulation, await simulation.job_times(), behavior(), SEED)
        await life.begin(next_business_day((await broker.ask(Day())).on))
        await simulation.wait_until_idle(services=SERVICES)


def reachable(page: Page, url: str, *, queries: bool) -> Iterator[str]:
    """Open one page of each kind that links lead to; with `queries`, also one of each set of filters."""
    waiting, seen = ["/"], set[str]()
    while waiting:
        path = waiting.pop(0)
        parts = urlsplit(path)
        kind = re.sub(r"/[^/]*\d[^/]*", "/0", parts.path) + (str(sorted(parse_qs(parts.query))) if queries else "")
        if kind in seen or path.startswith("/static") or parts.path.endswith(".csv"):
            continue
        seen.add(kind)
        answered = page.goto(url + path)
        assert answered is not None
        assert answered.status == 200, path
        assert "default-src 'none'" in answered.headers["content-security-policy"], path
        yield path
        hrefs = page.locator("a[href^='/'], a[href^='?']").evaluate_all(
            "links => links.map(link => new URL(link.getAttribute('href'), location.href).href)"
        )
        waiting += [each.removeprefix(url).partition("#")[0] for each in hrefs if each.startswith(url)]
