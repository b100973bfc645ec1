"""Which reps have a calendar, and which tasks does it show?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from shared.contracts.courier_calendars import Calendar
from shared.storage.database import Tx
from shared.storage.writing import upsert_newest


class Task(NamedTuple):
    """The newest state of a task that an event stated."""

    task_id: str
    version: int
    rep: str
    due_on: date | None
    """None: it ended, or waits for a day on which it is published as due."""
    at: datetime
    """When that was published."""
    data: dict[str, Any] | None


class Owner(NamedTuple):
    """Whose calendar it is."""

    rep: str
    personal: bool
    name: str | None


async def save_tasks(tx: Tx, tasks: Sequence[Task]) -> None:
    await upsert_newest(tx, "tasks", tasks, key=("task_id",))


async def put(tx: Tx, rep: str, token_hash: str, personal: bool, actor: str) -> None:
    """Give a rep a calendar at a new address; the one before stops working."""
    await tx.run(
        """
        INSERT INTO calendars (rep, token_hash, personal, added_by, added_at)
        VALUES (%(rep)s, %(hash)s, %(personal)s, %(actor)s, %(now)s)
        ON CONFLICT (rep) DO UPDATE SET token_hash = excluded.token_hash, personal = excluded.personal,
            added_by = excluded.added_by, added_at = excluded.added_at, read_at = NULL
        """,
        rep=rep,
        hash=token_hash,
        personal=personal,
        actor=actor,
        now=tx.now,
    )


async def remove(tx: Tx, rep: str) -> bool:
    """Returns whether there was one."""
    return bool(await tx.run("DELETE FROM calendars WHERE rep = %(rep)s", rep=rep))


async def everyone(tx: Tx, base_url: str | None) -> list[Calendar]:
    found = await tx.dicts("SELECT rep, personal, added_by, added_at, read_at FROM calendars ORDER BY rep")
    return [Calendar(**each, base_url=base_url) for each in found]


async def is_rep(tx: Tx, rep: str) -> bool:
    """Whether an event of the log, or a task, is of this rep."""
    found: bool = await tx.value(
        """
        SELECT EXISTS (SELECT FROM reps WHERE rep = %(rep)s) OR EXISTS (SELECT FROM tasks WHERE rep = %(rep)s)
        """,
        rep=rep,
    )
    return found


async def save_reps(tx: Tx, reps: Sequence[dict[str, Any]]) -> None:
    await upsert_newest(tx, "reps", reps, key=("rep",))


async def owner(tx: Tx, token_hash: str) -> Owner | None:
    return await tx.one(
        Owner,
        """
        SELECT rep, personal, reps.name FROM calendars LEFT JOIN reps USING (rep) WHERE token_hash = %(hash)s
        """,
        hash=token_hash,
    )


async def mark_read(tx: Tx, rep: str) -> None:
    """Note that a calendar is in use, at most once an hour."""
    await tx.run(
        """
        UPDATE calendars SET read_at = %(now)s
        WHERE rep = %(rep)s AND (read_at IS NULL OR read_at < %(now)s - interval '1 hour')
        """,
        rep=rep,
        now=tx.now,
    )


async def due(tx: Tx, rep: str) -> list[Task]:
    """The open tasks of a rep, the earliest first."""
    return await tx.all(
        Task,
        """
        SELECT task_id, version, rep, due_on, at, data FROM tasks
        WHERE rep = %(rep)s AND due_on IS NOT NULL ORDER BY due_on, task_id
        """,
        rep=rep,
    )


async def forget(tx: Tx, before: datetime) -> None:
    """Remove tasks that ended before an instant."""
    await tx.run("DELETE FROM tasks WHERE due_on IS NULL AND at < %(before)s", before=before)
