"""Whose is a task, an account or a draft?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from services.console.store.counting import OPEN
from shared.storage.arrays import texts
from shared.storage.database import Tx


async def rep_of_task(tx: Tx, task_id: str) -> str | None:
    """The rep who does a task, or logged a touch without one; None if it is unknown here."""
    rep: str | None = await tx.value(
        "SELECT rep FROM states WHERE kind IN ('task', 'task_end') AND id = %(id)s ORDER BY kind LIMIT 1", id=task_id
    )
    return rep


async def rep_of_draft(tx: Tx, draft_id: str) -> str | None:
    """The rep who does the task of a draft; None if it is unknown here."""
    rep: str | None = await tx.value(
        """
        SELECT coalesce(task.rep, draft.rep) FROM states AS draft
        LEFT JOIN states AS task ON task.kind = 'task' AND task.id = draft.data ->> 'task_id'
        WHERE draft.kind = 'draft' AND draft.id = %(id)s
        """,
        id=draft_id,
    )
    return rep


async def works_account(tx: Tx, facility_id: str, rep: str) -> bool:
    """Whether the account is the rep's, or one of its open tasks is."""
    return bool(
        await tx.value(
            f"""
            SELECT EXISTS (SELECT FROM facilities WHERE facility_id = %(facility)s AND owner = %(rep)s)
                OR EXISTS (
                    SELECT FROM states AS task
                    WHERE {OPEN} AND task.facility_id = %(facility)s AND task.rep = %(rep)s
                )
            """,
            facility=facility_id,
            rep=rep,
        )
    )


async def accounts_of(tx: Tx, targets: Collection[str]) -> dict[str, str]:
    """What accounts, or those of tasks, are called, by the id of each: by name, or else by number."""
    rows = await tx.dicts(
        """
        SELECT target, coalesce(facilities.name, task.facility_id, target) AS name
        FROM unnest(%(targets)s::text[]) AS target
        LEFT JOIN states AS task ON task.kind = 'task' AND task.id = target
        LEFT JOIN facilities ON facilities.facility_id = coalesce(task.facility_id, target)
        """,
        targets=texts(targets),
    )
    return {row["target"]: row["name"] for row in rows}


@dataclass(frozen=True, slots=True)
class Change:
    """The last event about an account."""

    subject: str
    rep: str | None
    at: datetime


async def last_change(tx: Tx, facility_id: str | None, task_id: str | None) -> Change | None:
    """The last event about an account, or about that of a task."""
    return await tx.one(
        Change,
        """
        SELECT subject, rep, at FROM log
        WHERE facility_id = coalesce(
            %(facility)s, (SELECT facility_id FROM states WHERE kind = 'task' AND id = %(task)s)
        )
        ORDER BY event_id DESC LIMIT 1
        """,
        facility=facility_id,
        task=task_id,
    )
