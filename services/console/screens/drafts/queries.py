"""What do read models know about drafts, their tasks, and what became of letters?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from services.console.store.counting import OPEN, WAITING_DRAFTS
from shared.storage.arrays import texts
from shared.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Task:
    """The task of a draft."""

    id: str
    facility_id: str
    rep: str | None
    day: date | None
    data: dict[str, Any]
    open: bool
    answer: str | None
    """The subject of the last thing that came back for its letter."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft whose task is open."""

    id: str
    task: str
    rep: str | None
    facility_id: str


@dataclass(frozen=True, slots=True)
class Figures:
    """How many letters left, and how many follow."""

    today: int
    week: int
    next_on: date | None
    next: int


async def tasks(tx: Tx, task_ids: Collection[str]) -> dict[str, Task]:
    """By id."""
    found = await tx.all(
        Task,
        f"""
        SELECT task.id, task.facility_id, task.rep, task.day, task.data, {OPEN} AS open,
            (SELECT subject FROM log WHERE facility_id = task.facility_id AND data ->> 'task_id' = task.id
                AND subject IN ('email.replied', 'email.bounced', 'email.complained', 'email.unsubscribed')
                ORDER BY event_id DESC LIMIT 1) AS answer
        FROM states AS task WHERE task.kind = 'task' AND task.id = ANY(%(ids)s)
        """,
        ids=texts(task_ids),
    )
    return {each.id: each for each in found}


async def waiting(tx: Tx, rep: str | None, limit: int) -> list[Waiting]:
    """The drafts whose tasks are open, by day, for as long as the notifier does not answer."""
    return await tx.all(
        Waiting,
        f"""
        SELECT draft.id, task.id AS task, task.rep, task.facility_id FROM {WAITING_DRAFTS}
        ORDER BY task.day, draft.id LIMIT %(limit)s
        """,
        rep=rep,
        limit=limit,
    )


async def senders(tx: Tx) -> dict[str, tuple[str, str]]:
    """The name and the address of each rep, by id."""
    rows = await tx.dicts(
        """
        SELECT rep.id, rep.data ->> 'name' AS name, personal.data ->> 'email' AS email
        FROM states AS rep LEFT JOIN personal ON personal.kind = 'rep' AND personal.id = rep.id
        WHERE rep.kind = 'rep'
        """
    )
    return {row["id"]: (row["name"], row["email"] or "") for row in rows}


async def last_letter(tx: Tx, facility_id: str) -> date | None:
    """The day of the last letter to an account."""
    found: date | None = await tx.value(
        "SELECT max(day) FROM log WHERE facility_id = %(id)s AND subject = 'email.sent'", id=facility_id
    )
    return found


async def figures(tx: Tx, rep: str | None) -> Figures:
    """Of a rep, or of everyone."""
    [row] = await tx.dicts(
        f"""
        WITH sent AS (
            SELECT day FROM log WHERE subject = 'email.sent' AND day >= %(monday)s
                AND (%(rep)s::text IS NULL OR rep = %(rep)s)
        ), later AS (
            SELECT task.day FROM states AS task
            WHERE {OPEN} AND task.data ->> 'channel' = 'email' AND task.day > %(today)s
                AND (%(rep)s::text IS NULL OR task.rep = %(rep)s)
        )
        SELECT (SELECT count(*) FROM sent WHERE day = %(today)s) AS today, (SELECT count(*) FROM sent) AS week,
            (SELECT min(day) FROM later) AS next_on,
            (SELECT count(*) FROM later WHERE day = (SELECT min(day) FROM later)) AS next
        """,
        rep=rep,
        today=tx.today,
        monday=tx.today - timedelta(days=tx.today.weekday()),
    )
    return Figures(**row)
