"""Which work does a chaos run contain? A few days of invented work, the same in every run."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from cli.demo.behavior import behavior
from cli.demo.invented import START, write_invented
from cli.demo.invented.reps import decide
from engines import packs
from shared.contracts.ingest import FileChunk, ImportFacilities, ImportFacts, SubmitPostings
from shared.contracts.kernel import SetClock
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Question
from shared.contracts.sequencer import ImportContacts, Worklist
from shared.contracts.sequencer_imports import ImportAccounts
from shared.contracts.topology import SERVICES
from shared.messaging.broker import Broker
from tests.support.chaos_service import POISON_TITLE

R = TypeVar("R")

FACILITIES = 120
DAYS = 4
CHUNK = 8
PATIENCE_SECONDS = 3.0
IMPORT_IDS = {ImportFacilities.NAME: UUID(int=1), ImportFacts.NAME: UUID(int=2)}
JOB_TIMES = tuple(time.fromisoformat(at) for at in ("00:05", "00:10", "00:15", "06:00", "23:30"))
REPS_AT, FEED_AT = time(10), time(18)
TITLES = ("MDS Coordinator", "Director of Nursing", f"MDS Coordinator {POISON_TITLE}", "Line Cook", "MDS Nurse RN")

Row = dict[str, Any]
Disturb = Callable[[str], AbstractAsyncContextManager[None]]
"""Runs the faults of a stage around it."""
Settle = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class World:
    """The files that are imported, as rows, and the postings of each day."""

    facilities: list[list[str]]
    facts: list[list[str]]
    clients: list[Row]
    contacts: list[Row]
    postings: list[list[Row]]


def invent(folder: Path, days: int = DAYS) -> World:
    """A part of the demo's world, and a second board with a posting of every facility."""
    made = write_invented(packs.pack_folder(), folder, 1, days)
    facilities = _cells(made.facilities)[: FACILITIES + 1]
    known = {cells[0] for cells in facilities}
    feed: list[list[Row]] = [[] for _ in range(days)]
    for row in _rows(made.postings):
        day = _day_of(row["seen_at"], days)
        if day is not None:
            feed[day].append(row)
    for n, cells in enumerate(facilities[1:]):
        feed[n % days].append(_second_board(n, cells, days))
    assert made.facts
    assert made.clients
    assert made.contacts
    facts = _cells(made.facts)
    return World(
        facilities,
        [cells for n, cells in enumerate(facts) if n == 0 or cells[0] in known],
        [row for row in _rows(made.clients) if row["ccn"] in known],
        [row for row in _rows(made.contacts) if row["ccn"] in known],
        feed,
    )


def _second_board(n: int, cells: list[str], days: int) -> Row:
    seen = datetime.combine(START + timedelta(days=n % days), time(15), ZoneInfo("UTC"))
    return {
        "source": "second-board",
        "source_posting_id": f"S{n}",
        "title": TITLES[n % len(TITLES)],
        "employer_name": cells[1],
        "city": cells[2],
        "state": cells[3],
        "zip": cells[5],
        "seen_at": seen.isoformat(),
    }


class Story:
    """Sends the services the work of each day in stages, which may be disturbed."""

    def __init__(self, broker: Broker, world: World, chance: Random, disturb: Disturb, settle: Settle) -> None:
        self.broker = broker
        self.world = world
        self._chance = chance
        self._disturb = disturb
        self._settle = settle
        self._zone = ZoneInfo(packs.calendar().timezone)

    async def live(self, days: int = DAYS) -> None:
        await self._set_clocks(START, time(0))
        await self._stage("import", self._import())
        for day in range(days):
            on = START + timedelta(days=day)
            for at in sorted({*JOB_TIMES, REPS_AT, FEED_AT}):
                if at == time(6):
                    await self._stage(f"plan {day}", self._set_clocks(on, at))
                else:
                    await self._set_clocks(on, at)
                if at == REPS_AT:
                    await self._stage(f"reps {day}", self._work(on))
                if at == FEED_AT:
                    await self._stage(f"feed {day}", self.submit(day))

    async def submit(self, day: int) -> None:
        """Submit the postings of a day, in an order that depends on the run; submitting them again changes nothing."""
        rows = list(self.world.postings[day])
        self._chance.shuffle(rows)
        for source in sorted({row["source"] for row in rows}):
            for chunk in _chunks([row for row in rows if row["source"] == source], CHUNK):
                await self.insist(SubmitPostings(source=source, postings=chunk, actor="chaos"))
                await asyncio.sleep(0.02)

    async def insist(self, request: Question[R], service: str = "") -> R:
        """Send a request until there is a reply: services and servers may be down. Any other refusal is an error."""
        while True:
            try:
                return await self.broker.ask(request, timeout_seconds=PATIENCE_SECONDS, service=service)
            except AskFailed as failed:
                if failed.code not in (503, 504):
                    raise
                await asyncio.sleep(0.2)

    async def _stage(self, name: str, work: Awaitable[None]) -> None:
        async with self._disturb(name):
            await work
        await self._settle()

    async def _set_clocks(self, day: date, at: time) -> None:
        clock = SetClock(now=datetime.combine(day, at, self._zone), actor="chaos")
        await asyncio.gather(*(self.insist(clock, service) for service in SERVICES))
        await self._settle()

    async def _import(self) -> None:
        for kind, cells in ((ImportFacilities, self.world.facilities), (ImportFacts, self.world.facts)):
            await self._import_table(kind, cells[0], cells[1:])
        await self._import_clients()
        contacts = [{**row, "line": n, "facility_id": row["ccn"]} for n, row in enumerate(self.world.contacts, 2)]
        reply = await self.insist(ImportContacts.model_validate({"rows": contacts, "actor": "chaos"}))
        assert reply.imported, "the people of facilities are part of the work that is disturbed"

    async def _import_clients(self) -> None:
        """Import the clients once the sequencer knows their facilities."""
        clients = [
            {"line": n, "facility_id": row["ccn"], "status": "client", "owner": row["owner"]}
            for n, row in enumerate(self.world.clients, 2)
        ]
        while True:
            reply = await self.insist(ImportAccounts.model_validate({"rows": clients, "actor": "chaos"}))
            if not reply.rejects:
                return
            await asyncio.sleep(0.2)

    async def _import_table(self, kind: type[FileChunk], header: list[str], cells: list[list[str]]) -> None:
        size = 40 if kind is ImportFacilities else 200
        for start in range(0, len(cells), size):
            command = kind(
                import_id=IMPORT_IDS[kind.NAME],
                file_name=f"{kind.NAME}.csv",
                header=header,
                rows=cells[start : start + size],
                lines=[start + 2 + n for n in range(len(cells[start : start + size]))],
                final=start + size >= len(cells),
                actor="chaos",
            )
            await self.insist(command)

    async def _work(self, day: date) -> None:
        for task in await self.insist(Worklist()):
            if command := decide(behavior(), 1, task, day):
                await self.insist(command)


def _chunks(rows: list[Row], size: int) -> Iterator[list[Row]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


def _cells(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _day_of(seen_at: str, days: int) -> int | None:
    """The day of a row of the feed; rows without a readable date are covered by other tests."""
    try:
        day = (datetime.fromisoformat(seen_at).date() - START).days
    except ValueError:
        return None
    return day if 0 <= day < days else None
