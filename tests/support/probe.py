"""A service for tests of the kernel: the titles of the postings that it receives decide what it does."""

from __future__ import annotations

import asyncio
import secrets
from typing import cast

import psycopg

from shared.contracts.events import FacilityMatched, PostingSeen
from shared.contracts.refusals import Refused
from shared.contracts.requests import Command, Question, Reply, Versioned, refuse_outdated
from shared.service import Locks, Router, Service
from shared.storage.database import Tx

router = Router()

CURED = "cured"
"""A key of the process's cache: once set, poison is harmless."""

BAD_DAY = "2026-07-13"
"""On this day the daily job fails, until it is cured."""


LOCKED = "locked"
"""A key of the process's cache: which locks another connection could get while postings were handled."""
NAMES = ("title:look", "title:all", "title:other")


def _locks(events: list[PostingSeen]) -> Locks:
    return Locks("title", {event.title for event in events}, ["all"])


@router.events(PostingSeen, locks=_locks)
async def note_postings(events: list[PostingSeen], tx: Tx) -> None:
    for event in events:
        if event.title == "poison" and not tx.cache.get(CURED):
            raise ValueError(f"poison of {event.employer_name}")
        if event.title == "look":
            tx.cache[LOCKED] = await free(tx.cache["url"])
        if event.title == "too long to index":
            await index(tx, 20_000)
        if event.title == "too large to publish":
            tx.emit(large(1_100_000))
        if event.title == "database unavailable" and not tx.cache.setdefault("was unavailable", False):
            tx.cache["was unavailable"] = True
            raise psycopg.OperationalError("the server closed the connection")
    ids = [str(event.posting_id) for event in events]
    await tx.run("INSERT INTO noted (posting_id) SELECT id FROM unnest(%(ids)s::text[]) AS id", ids=ids)
    for event in events:
        tx.emit(FacilityMatched(facility_id="33X001", role_family="qm", version=event.version, signals=()), cause=event)


@router.snapshot(FacilityMatched)
async def noted(after: str | None, limit: int, tx: Tx) -> list[tuple[str, FacilityMatched]]:
    rows = await tx.dicts(
        "SELECT posting_id FROM noted WHERE posting_id > %(after)s ORDER BY posting_id LIMIT %(limit)s",
        after=after or "",
        limit=limit,
    )
    return [
        (row["posting_id"], FacilityMatched(facility_id=row["posting_id"], role_family="qm", version=1, signals=()))
        for row in rows
    ]


async def index(tx: Tx, length: int) -> None:
    """Store a text of so many random hexadecimal digits under an index, which takes 2,704 bytes after compression."""
    await tx.run("INSERT INTO indexed VALUES (%(text)s)", text=secrets.token_hex(length // 2))


async def free(url: str) -> dict[str, tuple[bool, bool]]:
    """For each name: whether an exclusive lock is available, and whether a shared one is."""
    key = "hashtextextended(%s, 0)"
    async with await psycopg.AsyncConnection.connect(url) as other:
        found = {}
        for name in NAMES:
            alone = await other.execute(f"SELECT pg_try_advisory_xact_lock({key})", (name,))
            shared = await other.execute(f"SELECT pg_try_advisory_xact_lock_shared({key})", (name,))
            found[name] = ((await alone.fetchone())[0], (await shared.fetchone())[0])  # type: ignore[index]
        return found


class Half(Question[int]):
    """Half of an even number, which is noted."""

    SERVICE = "matcher"
    number: int


@router.question
async def half(request: Half, tx: Tx) -> int:
    await tx.run("INSERT INTO noted (posting_id) VALUES ('asked')")
    if request.number % 2:
        raise Refused(f"{request.number} is odd; give an even number.", 409, {"number": "odd"})
    return request.number // 2


class Emit(Question[None]):
    """Emit an event with a body of this length."""

    SERVICE = "matcher"
    length: int


class Index(Question[None]):
    """Store a text of this length under an index."""

    SERVICE = "matcher"
    length: int


class NotedCount(Question[int]):
    """How many postings were noted?"""

    SERVICE = "matcher"


@router.question
async def noted_count(request: NotedCount, tx: Tx) -> int:
    return int(await tx.value("SELECT count(*) FROM noted"))


class Wrong(Question[int]):
    """A question whose reply violates the contract."""

    SERVICE = "matcher"


@router.question
async def wrong(request: Wrong) -> int:
    return cast("int", "many")


class Noted(Reply):
    text: str
    actor: str
    count: int


class Note(Versioned[Noted]):
    """Note a text, and publish an event."""

    SERVICE = "matcher"
    text: str


class NoteElsewhere(Command[None]):
    """Another command."""

    SERVICE = "matcher"


@router.command
async def note(request: Note, tx: Tx) -> Noted:
    refuse_outdated(request, 3, f"{tx.actor} noted more.")
    await tx.run("INSERT INTO noted (posting_id) VALUES (%(text)s)", text=request.text)
    tx.emit(FacilityMatched(facility_id="33X001", role_family="qm", version=1, signals=()))
    if request.text == "slow":
        await asyncio.sleep(0.2)
    if request.text == "refused":
        raise Refused("Not this one.", 409)
    count = await tx.value("SELECT count(*) FROM noted")
    return Noted(text=request.text, actor=tx.actor, count=count)


@router.command
async def note_elsewhere(request: NoteElsewhere, tx: Tx) -> None:
    await tx.run("INSERT INTO noted (posting_id) VALUES ('elsewhere')")


class Echo(Question[str]):
    """A text, repeated."""

    SERVICE = "matcher"
    text: str
    times: int = 1


@router.question
async def echo(request: Echo, tx: Tx) -> str:
    return request.text * request.times


@router.question
async def emit(request: Emit, tx: Tx) -> None:
    tx.emit(large(request.length))


def large(length: int) -> FacilityMatched:
    """An event with a body longer than this, even beyond the limits of its fields."""
    event = FacilityMatched(facility_id="33X001", role_family="qm", version=1, signals=())
    return event.model_copy(update={"role_family": "q" * length})


@router.question
async def store_under_an_index(request: Index, tx: Tx) -> None:
    await index(tx, request.length)


@router.daily(at="06:00")
async def rise(tx: Tx) -> None:
    if tx.today.isoformat() == BAD_DAY and not tx.cache.get(CURED):
        raise ValueError("overslept")
    await tx.run("INSERT INTO noted (posting_id) VALUES (%(day)s)", day=f"rose on {tx.today}")


async def prepare(tx: Tx) -> None:
    await tx.run("CREATE TABLE IF NOT EXISTS noted (posting_id text)")
    await tx.run("CREATE TABLE IF NOT EXISTS indexed (text text PRIMARY KEY)")


def probe() -> Service:
    """Replaces the matcher; its handlers fail as tests need them to."""
    return Service.of("matcher", router, on_start=prepare)
