"""What do read models know about today?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from services.console.store.counting import OPEN, WAITING_DRAFTS, WAITING_GROUPS
from shared.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Work:
    """The touches of a rep that are due, and those that were done today."""

    rep: str
    name: str
    due: int
    late: int
    calls: int
    emails: int
    by_hand: int
    done: int


@dataclass(frozen=True, slots=True)
class Group:
    """Postings of one employer and place that wait for a person, since the first of them."""

    name: str
    postings: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter that waits to be sent."""

    drafted_on: date


async def work(tx: Tx) -> list[Work]:
    """The day of every rep of the team, by name."""
    return await tx.all(
        Work,
        f"""
        SELECT rep.id AS rep, coalesce(rep.data ->> 'name', rep.id) AS name,
            count(task.id) AS due,
            count(task.id) FILTER (WHERE task.day < %(on)s) AS late,
            count(task.id) FILTER (WHERE task.data ->> 'channel' = 'call') AS calls,
            count(task.id) FILTER (WHERE task.data ->> 'channel' = 'email') AS emails,
            count(task.id) FILTER (WHERE task.data ->> 'channel' NOT IN ('call', 'email')) AS by_hand,
            (SELECT count(*) FROM states AS ended WHERE ended.kind = 'task_end' AND ended.status = 'done'
                AND ended.rep = rep.id AND ended.day = %(on)s) AS done
        FROM states AS rep
        LEFT JOIN (SELECT * FROM states AS task WHERE {OPEN} AND task.day <= %(on)s) AS task ON task.rep = rep.id
        WHERE rep.kind = 'rep' AND coalesce((rep.data ->> 'left_on')::date > %(on)s, true)
        GROUP BY rep.id, rep.data ORDER BY 2, 1
        """,
        on=tx.today,
    )


async def waiting(tx: Tx) -> list[Group]:
    """The groups of the signal inbox, as the navigation counts them."""
    return await tx.all(
        Group,
        f"""
        SELECT max(waiting.name) AS name, count(*) AS postings, min(opened.at) AS since
        FROM (
            SELECT posting.id, posting.data ->> 'group' AS key, posting.data ->> 'employer_name' AS name
            FROM {WAITING_GROUPS}
        ) AS waiting
        LEFT JOIN (
            SELECT data ->> 'posting_id' AS posting_id, min(at) AS at FROM log
            WHERE subject = 'posting.unmatched' GROUP BY 1
        ) AS opened ON opened.posting_id = waiting.id
        GROUP BY waiting.key ORDER BY since NULLS LAST
        """,
    )


async def drafts(tx: Tx, rep: str) -> list[Draft]:
    """The letters that wait, of a rep or of all, as the navigation counts them."""
    return await tx.all(Draft, f"SELECT draft.day AS drafted_on FROM {WAITING_DRAFTS}", rep=rep or None)
