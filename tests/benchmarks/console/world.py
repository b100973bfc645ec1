"""Which world do the benchmarks of the console run in?

A stack of real services with a home of its own: the demo's cohort, its people and its days, in a registry of 15,000
accounts. Every service knows all of them, so that what a page asks of others is as large as what it reads itself. Then
events of the cohort are repeated for accounts elsewhere, through the console's own handlers, until its log is long
enough.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row
from pydantic_core import to_json

from cli.client import console_links
from cli.client.connection import connected
from cli.demo import story
from cli.demo.days import DayProgress
from cli.stack import lifecycle, stackfile
from cli.stack.stackfile import Stack
from services.console.store import reading
from services.console.usecases.recording import record
from shared.clock import SimulatedClock
from shared.contracts.events import Event, Origin
from shared.contracts.sequencer_reps import Team
from shared.contracts.topology import CONSUMES
from shared.messaging.broker import Broker
from shared.storage.database import Database

CACHE = Path(__file__).parents[3] / ".cache"
ACCOUNTS, EVENTS, DAYS = 15_000, 100_000, 20
COHORT = "33X"
"""How the keys of the demo's cohort begin; those of accounts elsewhere begin with another number of a state."""
STATES = ("OH", "PA", "NJ", "CT", "MA", "VT", "NH", "ME", "RI", "DE", "MD", "VA", "WV", "NC", "SC", "GA", "FL", "AL",
    "TN", "KY", "IN", "IL", "MI", "WI", "MN", "IA")  # fmt: skip
BATCH = 500
UUIDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
KINDS = {kind.SUBJECT: kind for kind in CONSUMES["console"]}


@dataclass(frozen=True)
class World:
    """The running stack, and how it is reached."""

    stack: Stack
    broker: Broker
    links: Mapping[str, str]
    """One-time links, by role."""
    home: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.stack.children['console'].http_port}"

    @property
    def database_url(self) -> str:
        return self.stack.target.service_urls["console"]

    @contextmanager
    def sql(self) -> Iterator[psycopg.Connection[dict[str, Any]]]:
        """A connection to the database of the console, which sees all rows."""
        with psycopg.connect(self.database_url, autocommit=True, row_factory=dict_row) as connection:
            connection.execute("SELECT set_config('app.role', 'service', false)")
            yield connection


@asynccontextmanager
async def world(say: Callable[[str], None], accounts: int = ACCOUNTS, events: int = EVENTS) -> AsyncIterator[World]:
    """The filled world; nothing of it is left running."""
    home = CACHE / f"bench-console-{os.getpid()}"
    os.environ |= {"PIPELINE_HOME": str(home), "PIPELINE_CONSOLE_HTTP_PORT": "0"}
    os.environ.pop("PIPELINE_NATS_URL", None)
    try:
        lifecycle.start("demo", lambda _: None, simulation=True)
        async with connected() as broker:
            given = wide(story.inputs(home / "invented", 1, DAYS, None, None, None, None, None), accounts)
            await story.run_demo(broker, given, Steps(say))
            stack = stackfile.read(home)
            assert stack is not None, "the stack has started"
            [first, *_] = await broker.ask(Team())
            links = await console_links.invented_people(broker, "bench", first.rep, first.name)
            made = World(stack, broker, links, home)
            say(f"{await repeat(made, events):,} events of the cohort are repeated for other accounts")
            with made.sql() as connection:
                connection.execute("ANALYZE read.log, read.states, read.facilities, read.personal, read.matches")
            yield made
    finally:
        lifecycle.wipe(home, lambda _: None)
        shutil.rmtree(home, ignore_errors=True)


class Steps(DayProgress):
    """Shows each step and day."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say

    def step(self, text: str) -> None:
        self._say(text)

    def day(self, day: object) -> None:
        self._say(f"simulating {day}")


def wide(given: story.Inputs, accounts: int) -> story.Inputs:
    """The same in a registry of so many accounts: the cohort, and again in other states under other names."""
    with given.facilities.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    copies = [_elsewhere(row, number) for number in range(len(STATES)) for row in rows]
    path = given.facilities.with_name("wide.csv")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows([*rows, *copies][:accounts])
    return replace(given, facilities=path)


def _elsewhere(row: Mapping[str, str], number: int) -> dict[str, str]:
    state, chain = STATES[number], row["Chain Name"]
    key = _moved(row["CMS Certification Number (CCN)"], number)
    return {
        **row,
        "CMS Certification Number (CCN)": key,
        "Provider Name": f"{row['Provider Name']} of {state}",
        "Legal Business Name": f"{row['Legal Business Name']} {state}",
        "State": state,
        "Chain Name": f"{chain} {state}" if chain else "",
    }


def _moved(text: str, number: int) -> str:
    """The key of an account of the cohort, elsewhere."""
    return text.replace(COHORT, f"{40 + number}X")


async def repeat(made: World, wanted: int) -> int:
    """Repeat events of the cohort under other ids for accounts elsewhere; returns how many."""
    with made.sql() as connection:
        count = connection.execute("SELECT count(*) AS count FROM log").fetchone()
        missing: int = wanted - (count or {})["count"]
        rows = connection.execute(
            """
            SELECT log.event_id, subject, at, trace, log.data || coalesce(personal.data, '{}') AS data
            FROM log LEFT JOIN personal ON kind = 'log' AND id = event_id::text
            WHERE facility_id LIKE '33X%' ORDER BY subject, event_id
            """
        ).fetchall()
    database = Database(made.database_url, 2, "console", SimulatedClock("America/New_York"))
    await database.open()
    try:
        for number in range(max(0, -(-missing // len(rows)))):
            await _receive(database, [_again(row, number) for row in rows[: missing - number * len(rows)]])
    finally:
        await database.close()
    return max(0, missing)


def _again(row: Mapping[str, Any], number: int) -> Event:
    """An event of the cohort, elsewhere: every id in it is another one."""
    text = UUIDS.sub(lambda each: _other(each[0], number), _moved(to_json(row["data"]).decode(), number))
    event = KINDS[row["subject"]].model_validate_json(text)
    event.set_origin(Origin(UUID(_other(str(row["event_id"]), number)), "/bench", row["at"], f"00-{row['trace']}-0-01"))
    return event


def _other(text: str, number: int) -> str:
    return str(UUID(int=UUID(text).int ^ (number + 1)))


async def _receive(database: Database, events: Sequence[Event]) -> None:
    """As the console's consumers do, in batches of one kind."""
    for _, of_kind in groupby(events, type):
        batch = list(of_kind)
        for start in range(0, len(batch), BATCH):
            async with database.begin_internal() as tx:
                await reading.begin_writing(tx)
                await record(tx, batch[start : start + BATCH])
