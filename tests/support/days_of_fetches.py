"""How does a test live through days of fetches, on real servers, while ingest is killed now and then?"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import psycopg
from psycopg.rows import dict_row

from cli.fakes.asking import TOKEN
from shared.contracts.ingest_sources import AcceptedTerms, AddFetchedSource
from shared.contracts.kernel import InFlight, SetClock
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Question
from shared.messaging.broker import connect
from tests.support.chaos_of_fetches import CLEAN, FIRST, PER_SECOND, Listed, Source, Weather, listed, sources
from tests.support.fakes import fakes
from tests.support.servers import TestServers

ZONE = ZoneInfo("America/New_York")
PATIENCE = 120.0


class Size(NamedTuple):
    """How long a run is."""

    sites: int
    boards: int
    each: int
    """Postings of a source, over all days."""
    fetches: int
    crashes: float
    """The share of waits in which ingest is killed."""
    most_crashes: int


class Ingest:
    """A process of ingest that is killed, and started again."""

    def __init__(self, servers: TestServers, url: str, allowed: str) -> None:
        self.crashes = 0
        self._environment = {
            **os.environ,
            "PIPELINE_NATS_URL": servers.user_urls["ingest"],
            "PIPELINE_DATABASE_URL": url,
            "PIPELINE_OUTBOUND_ALLOW": allowed,
            "PIPELINE_INGEST_SOURCE_SECRETS": json.dumps({"careeronestop": TOKEN}),
            "PIPELINE_SIMULATION": "1",
            "PIPELINE_SWEEP_SECONDS": "0.3",
            "PIPELINE_LOG_LEVEL": "CRITICAL",
            "FETCHING_SECONDS": "1",
        }
        self._process: Process | None = None

    async def start(self) -> None:
        command = (sys.executable, "-m", "tests.support.fetching_service")
        self._process = await asyncio.create_subprocess_exec(*command, env=self._environment, stdout=DEVNULL)

    async def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        if self._process:
            self._process.send_signal(number)
            await self._process.wait()
            self._process = None

    async def crash(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Kill it; then, as after five minutes, its leases have run out."""
        await self.kill()
        self.crashes += 1
        await connection.execute("UPDATE work SET leased_until = clock_timestamp() WHERE claimed_by IS NOT NULL")
        await self.start()


class Days:
    """Days of fetches, and what came of them."""

    def __init__(self, servers: TestServers, url: str, folder: Path, size: Size, seed: int) -> None:
        self.servers, self.url, self.folder, self.size = servers, url, folder, size
        self.chance = Random(seed)
        self.sources: list[Source] = []
        self.listed: list[Listed] = []
        self.day = FIRST

    @asynccontextmanager
    async def started(self) -> AsyncIterator[Days]:
        at_no_port = sources(self.size.sites, self.size.boards, 0)
        days = self.size.fetches // len(at_no_port) + CLEAN
        self.listed = list(listed(self.chance, at_no_port, self.size.each, days))
        self.weather = Weather(self.chance, sorted({each.host for each in at_no_port}))
        with fakes((each.row for each in self.listed), self.folder, FIRST) as self.fakes:
            port = self.fakes.port
            self.sources = sources(self.size.sites, self.size.boards, port)
            allowed = ",".join(f"{host}:{port}" for host in self.weather.hosts)
            self.ingest = Ingest(self.servers, self.url, allowed)
            self.broker = await connect(self.servers.user_urls["cli"], "cli")
            self.connection = await psycopg.AsyncConnection.connect(self.url, autocommit=True, row_factory=dict_row)
            try:
                await self.ingest.start()
                await self.ask(InFlight())
                yield self
            finally:
                await self.ingest.kill(signal.SIGTERM)
                await self.connection.close()
                await self.broker.close()

    async def ask(self, request: Question[Any]) -> Any:
        """The answer, also of a service that is starting."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    return await self.broker.ask(request, service="ingest", timeout_seconds=10)
                except AskFailed as failed:
                    if getattr(failed, "status", 503) < 500:
                        raise
                    await asyncio.sleep(0.1)

    async def rows(self, query: str, **given: Any) -> list[dict[str, Any]]:
        return await (await self.connection.execute(query.encode(), given)).fetchall()

    async def add_all(self) -> None:
        for source in self.sources:
            needs_terms = source.adapter in ("workday", "ukg")
            await self.ask(
                AddFetchedSource(
                    name=source.name,
                    adapter=source.adapter,
                    options=source.options,
                    employer_name="Birch Group",
                    per_second=PER_SECOND,
                    terms=AcceptedTerms(by="dana", on=FIRST) if needs_terms else None,
                    actor="test",
                )
            )

    async def live(self, *, faulty: bool = True) -> None:
        """One day: its faults, the fetch of each source, two tries of those that failed, and a crash by chance."""
        self.fakes.day(self.day)
        self.fakes.faults(*self.weather.of(self.day, faulty), seed=self.chance.randrange(10**6))
        for time in ("12:00", "12:10", "13:00"):
            now = datetime.fromisoformat(f"{self.day}T{time}").replace(tzinfo=ZONE)
            await self.ask(SetClock(now=now, actor="test"))
            if self.day == FIRST and time == "12:00":
                await self.add_all()
            if faulty and self.ingest.crashes < self.size.most_crashes and self.chance.random() < self.size.crashes:
                await asyncio.sleep(self.chance.random())
                await self.ingest.crash(self.connection)
            await self.settled(now)
        self.day += timedelta(days=1)

    async def settled(self, now: datetime) -> None:
        """Wait until no source is due or being fetched, and every event is published."""
        async with asyncio.timeout(PATIENCE):
            while True:
                [row] = await self.rows(
                    """
                    SELECT (SELECT count(*) FROM sources WHERE next_at <= %(now)s)
                        + (SELECT count(*) FROM work WHERE kind = 'fetch' AND claimed_by IS NOT NULL)
                        + (SELECT count(*) FROM unpublished) AS busy
                    """,
                    now=now,
                )
                if not row["busy"]:
                    return
                await asyncio.sleep(0.1)

    async def fetches(self) -> int:
        return int((await self.rows("SELECT count(*) AS count FROM fetches"))[0]["count"])
