"""What do read models know about the touches of a day?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.console.store.counting import OPEN
from shared.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Ended:
    """A task that was done or skipped today."""

    task: str
    facility: str | None
    channel: str
    status: str
    outcome: str | None
    version: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Touched:
    """A touch of the past."""

    day: date
    channel: str
    persona: str
    kind: str
    outcome: str | None
    note: str | None
    rep: str


@dataclass(frozen=True, slots=True)
class Team:
    """The day of a rep."""

    rep: str
    name: str
    due: int
    overdue: int
    done: int
    away_until: date | None


async def ended(tx: Tx, rep: str | None, on: date) -> list[Ended]:
    """What was done or skipped on a day, the latest first."""
    return await tx.all(
        Ended,
        """
        SELECT ended.id AS task, facilities.name AS facility, coalesce(task.data ->> 'channel', 'call') AS channel,
            ended.status, ended.data ->> 'outcome' AS outcome, ended.version, log.at
        FROM states AS ended
        LEFT JOIN states AS task ON task.kind = 'task' AND task.id = ended.id
        LEFT JOIN facilities ON facilities.facility_id = ended.facility_id
        LEFT JOIN LATERAL (
            SELECT max(at) AS at FROM log
            WHERE log.facility_id = ended.facility_id AND subject = 'task.done' AND data ->> 'task_id' = ended.id
        ) AS log ON true
        WHERE ended.kind = 'task_end' AND ended.status IN ('done', 'skipped') AND ended.day = %(on)s
            AND (%(rep)s::text IS NULL OR ended.rep = %(rep)s)
            AND (task.version IS NULL OR ended.version >= task.version)
        ORDER BY log.at DESC NULLS LAST, ended.id LIMIT 100
        """,
        rep=rep,
        on=on,
    )


async def before(tx: Tx, facility_id: str, limit: int) -> tuple[list[Touched], int]:
    """The latest touches of a facility, and how many there are."""
    rows = await tx.dicts(
        """
        SELECT day, data ->> 'channel' AS channel, data ->> 'persona' AS persona, status AS kind,
            data ->> 'outcome' AS outcome, data ->> 'note' AS note, rep, count(*) OVER () AS total
        FROM states WHERE facility_id = %(facility)s AND kind = 'touch' AND status <> 'undone'
        ORDER BY day DESC, id LIMIT %(limit)s
        """,
        facility=facility_id,
        limit=limit,
    )
    touched = [Touched(**{name: row[name] for name in Touched.__slots__}) for row in rows]
    return touched, rows[0]["total"] if rows else 0


async def person(tx: Tx, task: str) -> dict[str, Any]:
    """Whom a task addresses; empty for those who may not see people."""
    data = await tx.value("SELECT data FROM personal WHERE kind = 'task' AND id = %(id)s", id=task)
    return (data or {}).get("person") or {}


async def due(tx: Tx, rep: str | None, on: date) -> list[dict[str, Any]]:
    """The tasks that are due, by tier and score, for a day on which the sequencer does not answer."""
    return await tx.dicts(
        f"""
        SELECT task.data, task.version, personal.data AS personal, facilities.tier AS tier_now,
            facilities.score AS score_now
        FROM states AS task
        LEFT JOIN personal ON personal.kind = 'task' AND personal.id = task.id
        LEFT JOIN facilities ON facilities.facility_id = task.facility_id
        WHERE {OPEN} AND task.day <= %(on)s AND (%(rep)s::text IS NULL OR task.rep = %(rep)s)
        ORDER BY facilities.tier NULLS LAST, facilities.score DESC NULLS LAST, task.id LIMIT 100
        """,
        rep=rep,
        on=on,
    )


async def team(tx: Tx, on: date) -> list[Team]:
    """The day of every rep who is in the team."""
    return await tx.all(
        Team,
        f"""
        SELECT rep.id AS rep, rep.data ->> 'name' AS name,
            (SELECT count(*) FROM states AS task WHERE {OPEN} AND task.rep = rep.id AND task.day <= %(on)s) AS due,
            (SELECT count(*) FROM states AS task WHERE {OPEN} AND task.rep = rep.id AND task.day < %(on)s) AS overdue,
            (SELECT count(*) FROM states AS ended WHERE ended.kind = 'task_end' AND ended.status = 'done'
                AND ended.rep = rep.id AND ended.day = %(on)s) AS done,
            (SELECT max((away.data ->> 'to_on')::date) FROM states AS away WHERE away.kind = 'leave'
                AND away.data ->> 'rep' = rep.id AND (away.data ->> 'from_on')::date <= %(on)s
                AND (away.data ->> 'to_on')::date >= %(on)s) AS away_until
        FROM states AS rep
        WHERE rep.kind = 'rep' AND coalesce((rep.data ->> 'left_on')::date > %(on)s, true)
        ORDER BY 2
        """,
        on=on,
    )
