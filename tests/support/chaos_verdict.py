"""Was anything lost, duplicated, stuck or changed? The check reads only the databases, not the services."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from shared.contracts import topology
from shared.messaging.broker import UNAVAILABLE
from tests.support.chaos_stack import Stack

# Columns that do not depend on how the work was batched, ordered and repeated: no versions, no ids of events, no times
# of receipt.
STATES = {
    "ingest": {
        "postings": "posting_id, title, employer_name, role_family, urgency, first_seen_on, last_seen_on, closed_on",
        "facilities": "facility_id, name, city, state, chain, listed_as_of, delisted",
    },
    "matcher": {
        "postings": "facility_id, posting_id, outcome, method, reason, decided_by, waiting_since, dismissed_on",
        "signals": "facility_id, role_family, signals, open_through",
    },
    "scorer": {
        "scores": "facility_id, score, tier, scored_on, breakdown, multiplier, urgency, last_seen_on, measure",
        "score_history": "facility_id, scored_on, score, tier",
        "calibrations": "calibrated_on, cohort, cuts, sizes",
    },
    "sequencer": {
        "accounts": "facility_id, status, owner, score, tier, urgency, last_seen_on, last_contacted_on,"
        " next_follow_up_on",
        "leads": "facility_id, lead_source, stage, owner, raised_on, closed_on, closed_reason",
        "enrollments": "facility_id, subject, sequence, cycle, tier, owner, status, started_on, ended_on, missing,"
        " reason",
        "tasks": "facility_id, task_id, rep, channel, persona, due_on, status, outcome, done_on",
        "activities": "facility_id, task_id, kind, channel, outcome, rep, touched_on",
    },
    "notifier": {
        "drafts": "facility_id, task_id, rep, channel, template, to_email, subject, body, drafted_on",
        "task_states": "task_id, status",
    },
}

State = dict[tuple[str, str, str], Counter[str]]
"""Per service, table and first column (mostly the facility): its rows."""


@dataclass(frozen=True)
class Edge:
    """An event from the service that publishes it to one that consumes it."""

    producer: str
    subject: str
    consumer: str
    durable: str


def edges() -> Iterator[Edge]:
    for service, events in topology.CONSUMES.items():
        for event in events:
            yield Edge(topology.owner_of(event), event.SUBJECT, service, topology.durable_of(service, event))


class Judge:
    """Inspects every service's database."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._connections: dict[str, psycopg.AsyncConnection[Any]] = {}

    async def quiescent(self, seconds: float) -> bool:
        """Wait until every consumer has applied or dead-lettered every fact, and no new facts result."""
        deadline, before = time.monotonic() + seconds, None
        while time.monotonic() < deadline:
            counts = await self._counts_if_available()
            if counts is not None and counts == before and self._all_processed(counts):
                return True
            before = counts
            await asyncio.sleep(0.02)
        return False

    async def drained(self, seconds: float) -> bool:
        """Wait until every outbox is published, no retry is pending, and no consumer has more messages."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not [*await self._orphans(), *await self._waiting()]:
                return True
            await asyncio.sleep(0.1)
        return False

    async def violations(self) -> list[str]:
        return [*await self._lost_or_doubled(), *await self._orphans(), *await self._waiting()]

    async def facts(self) -> int:
        """Rows committed at their sources."""
        return sum([n for s in topology.SERVICES for (n,) in await self._rows(s, "SELECT count(*) FROM outbox")])

    async def dead(self) -> int:
        return sum([n for s in topology.SERVICES for (n,) in await self._rows(s, "SELECT count(*) FROM dead_letters")])

    async def state(self) -> State:
        found: State = {}
        for service, tables in STATES.items():
            for table, columns in tables.items():
                for row in await self._rows(service, f"SELECT {columns} FROM {table}"):
                    found.setdefault((service, table, str(row[0])), Counter())[repr(_without_ids(row[1:]))] += 1
        return found

    async def _lost_or_doubled(self) -> list[str]:
        found = []
        for edge in edges():
            facts = {row[0] for row in await self._rows(edge.producer, _FACTS, edge.subject)}
            applied = Counter(row[0] for row in await self._rows(edge.consumer, _APPLIED, edge.durable))
            dead = {row[0] for row in await self._rows(edge.consumer, _DEAD, edge.durable)}
            wrong = {
                "lost": facts - applied.keys() - dead,
                "not published": (applied.keys() | dead) - facts,
                "applied twice": {event for event, times in applied.items() if times > 1},
                "applied and dead-lettered": applied.keys() & dead,
            }
            found += [f"{edge.durable}: {len(ids)} {what}" for what, ids in wrong.items() if ids]
        return found

    async def _orphans(self) -> list[str]:
        found = []
        for service in topology.SERVICES:
            [(orphans, failures)] = await self._rows(service, _UNFINISHED)
            found += [f"{service}: {orphans} unpublished in the outbox"] * bool(orphans)
            found += [f"{service}: {failures} retries pending"] * bool(failures)
        return found

    async def _waiting(self) -> list[str]:
        async with self._stack.operator() as stream:
            left = [(e.durable, await _left(stream, e)) for e in edges()]
        return [f"{name}: {count} waiting" for name, count in left if count]

    async def _counts_if_available(self) -> dict[tuple[str, str], int] | None:
        try:
            counts: dict[tuple[str, str], int] = {}
            for service in topology.SERVICES:
                counts |= {(service, name): count for name, count in await self._rows(service, _COUNTS)}
            return counts
        except psycopg.OperationalError:
            await self.close()  # PostgreSQL is restarted during a run
            return None

    def _all_processed(self, counts: dict[tuple[str, str], int]) -> bool:
        return all(counts.get((e.producer, e.subject), 0) == counts.get((e.consumer, e.durable), 0) for e in edges())

    async def close(self) -> None:
        for connection in self._connections.values():
            await connection.close()
        self._connections = {}

    async def _rows(self, service: str, query: str, *values: Any) -> list[tuple[Any, ...]]:
        if service not in self._connections:
            url = self._stack.servers.service_url(service, service)
            connection = await psycopg.AsyncConnection.connect(url, autocommit=True, connect_timeout=5)
            self._connections[service] = connection
        return await (await self._connections[service].execute(query.encode(), values or None)).fetchall()


def _without_ids(value: Any) -> Any:
    """Ids of events differ between runs, and evidence contains them."""
    if isinstance(value, dict):
        return {name: _without_ids(part) for name, part in value.items() if not name.endswith("event_id")}
    return [_without_ids(part) for part in value] if isinstance(value, list | tuple) else value


async def _left(stream: JetStreamContext, edge: Edge) -> int | str:
    """How many messages a consumer has not received or not acknowledged yet."""
    try:
        info = await stream.consumer_info(topology.stream_of(edge.producer), edge.durable)
    except NotFoundError:
        return "all"
    except UNAVAILABLE:
        return "an unknown number"  # a cluster that elects leaders
    return (info.num_pending or 0) + (info.num_ack_pending or 0)


def differences(found: State, expected: State) -> list[str]:
    """Tables that differ from the undisturbed run, each with a facility as an example."""
    wrong = [key for key in found.keys() | expected.keys() if found.get(key) != expected.get(key)]
    tables = Counter((service, table) for service, table, _ in wrong)
    return [
        f"{service}.{table}: {count} differ, such as {min(key[2] for key in wrong if key[:2] == (service, table))}"
        for (service, table), count in tables.items()
    ]


_FACTS = "SELECT event_id FROM outbox WHERE subject = %s"
_APPLIED = "SELECT event_id FROM effects WHERE consumer = %s"
# A dead letter without an event id was never a fact: a fault published it to the stream.
_DEAD = "SELECT event_id::uuid FROM dead_letters WHERE consumer = %s AND event_id NOT LIKE '%%:%%'"
# What a fault published to the stream is not a fact, and may be lost with the store between two tries.
_UNFINISHED = """
    SELECT (SELECT count(*) FROM unpublished),
           (SELECT count(*) FROM failures WHERE event_id NOT LIKE '%:%')
"""
_COUNTS = """
    SELECT subject, count(*) FROM outbox GROUP BY subject
    UNION ALL
    SELECT consumer, count(*) FROM (
        SELECT event_id, consumer FROM effects
        UNION SELECT event_id::uuid, consumer FROM dead_letters WHERE event_id NOT LIKE '%:%'
    ) AS processed GROUP BY consumer
"""
