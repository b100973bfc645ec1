"""What do read models know about an account?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared.storage.arrays import texts
from shared.storage.database import Tx

KINDS = ("facility", "score", "signal", "lead", "account", "contact", "enrollment", "task", "task_end")


@dataclass(frozen=True, slots=True)
class Row:
    """The row of an account, and its place among all."""

    facility_id: str
    name: str | None
    city: str | None
    state: str | None
    zip: str | None
    phone: str | None
    chain: str | None
    listed: bool
    tier: int | None
    score: float | None
    urgency: int | None
    owner: str | None
    client: bool
    touched_on: date | None
    rank: int
    of: int
    members: int
    """The listed facilities of its chain."""


@dataclass(frozen=True, slots=True)
class State:
    """The state of a thing of the account."""

    kind: str
    id: str
    facility_id: str
    version: int
    status: str
    rep: str | None
    day: date | None
    data: dict[str, Any]
    personal: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An event in the log."""

    event_id: UUID
    subject: str
    rep: str | None
    day: date | None
    at: datetime
    trace: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact as the latest file states it."""

    field: str
    value: str | None
    as_of: date
    dataset: str


async def row(tx: Tx, facility_id: str) -> Row | None:
    return await tx.one(
        Row,
        """
        SELECT facility_id, name, city, state, zip, phone, chain, listed, tier, score, urgency, owner, client,
            touched_on,
            (SELECT count(*) + 1 FROM facilities AS better WHERE better.listed AND better.score > own.score) AS rank,
            (SELECT count(*) FROM facilities AS other WHERE other.listed) AS of,
            (SELECT count(*) FROM facilities AS member WHERE member.chain = own.chain AND member.listed) AS members
        FROM facilities AS own WHERE facility_id = %(id)s
        """,
        id=facility_id,
    )


async def states(tx: Tx, facility_id: str, chain: str | None) -> list[State]:
    """The states of an account, and the enrollment of its chain that covers it, with its tasks."""
    return await tx.all(
        State,
        """
        WITH covering AS (
            SELECT enrollment.id, enrollment.facility_id FROM facilities AS member
            JOIN states AS enrollment USING (facility_id)
            WHERE member.chain = %(chain)s AND member.facility_id <> %(id)s
                AND enrollment.kind = 'enrollment' AND enrollment.data -> 'covers' ? %(id)s
        ), state AS (
            SELECT * FROM states WHERE kind = ANY(%(kinds)s) AND facility_id = %(id)s
            UNION ALL
            SELECT states.* FROM covering JOIN states USING (facility_id)
            WHERE kind = ANY(%(kinds)s) AND data ->> 'enrollment_id' = covering.id
        )
        SELECT state.kind, state.id, state.facility_id, state.version, state.status, state.rep, state.day, state.data,
            personal.data AS personal
        FROM state LEFT JOIN personal ON state.kind = 'task' AND personal.kind = 'task' AND personal.id = state.id
        """,
        id=facility_id,
        chain=chain,
        kinds=texts(KINDS),
    )


async def timeline(
    tx: Tx, facility_id: str, *, subjects: Collection[str], before: UUID | None, limit: int
) -> list[Entry]:
    """The latest events of an account, newest first; those of some subjects, if any are given."""
    return await tx.all(
        Entry,
        f"""
        SELECT event_id, subject, rep, day, at, trace, data FROM log
        WHERE facility_id = %(id)s
            {"AND event_id < %(before)s" if before else ""}
            {"AND subject = ANY(%(subjects)s)" if subjects else ""}
        ORDER BY event_id DESC LIMIT %(limit)s
        """,
        id=facility_id,
        before=before,
        subjects=texts(subjects),
        limit=limit,
    )


async def history(tx: Tx, facility_id: str, since: date) -> list[Entry]:
    """Scores since a day with the last one before it, the stages of leads, and the last breach of a promised time."""
    return await tx.all(
        Entry,
        """
        SELECT event_id, subject, rep, day, at, trace, data FROM (
            SELECT event_id, subject, rep, day, at, trace, data - 'breakdown' AS data FROM log
            WHERE facility_id = %(id)s AND subject = 'score.changed' AND day >= coalesce(
                (SELECT max(day) FROM log WHERE facility_id = %(id)s AND subject = 'score.changed' AND day < %(since)s),
                %(since)s)
            UNION ALL
            SELECT event_id, subject, rep, day, at, trace, data FROM log
            WHERE facility_id = %(id)s AND subject IN ('lead.raised', 'lead.moved', 'lead.reopened', 'sla.breached')
        ) AS found ORDER BY event_id
        """,
        id=facility_id,
        since=since,
    )


async def facts(tx: Tx, facility_id: str) -> list[Stated]:
    """For each field the latest statement."""
    return await tx.all(
        Stated,
        """
        SELECT DISTINCT ON (fact ->> 'field') fact ->> 'field' AS field, fact ->> 'value' AS value,
            (fact ->> 'as_of')::date AS as_of, data ->> 'dataset' AS dataset
        FROM log, jsonb_array_elements(data -> 'facts') AS fact
        WHERE facility_id = %(id)s AND subject = 'facility.assessed'
        ORDER BY fact ->> 'field', (fact ->> 'as_of')::date DESC, (data ->> 'import_no')::bigint DESC
        """,
        id=facility_id,
    )


async def postings(tx: Tx, facility_id: str, limit: int) -> list[dict[str, Any]]:
    """The postings that were matched to an account, the latest first."""
    return await tx.dicts(
        """
        SELECT posting.id, posting.status, posting.data ->> 'title' AS title, posting.data ->> 'source' AS source,
            posting.data ->> 'role_family' AS family, (posting.data ->> 'last_seen_on')::date AS seen_on
        FROM matches JOIN states AS posting ON posting.kind = 'posting' AND posting.id = matches.posting_id::text
        WHERE matches.facility_id = %(id)s ORDER BY seen_on DESC, posting.id LIMIT %(limit)s
        """,
        id=facility_id,
        limit=limit,
    )
