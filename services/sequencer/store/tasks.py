"""Which tasks are there, and which touches were logged?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.sequencer.domain.identity import activity_id
from services.sequencer.domain.task_rules import Past
from services.sequencer.domain.tasks import BY, Task
from shared.contracts.sequencer_replies import Activity, LastTouch, TaskDetails, TaskRow, WorklistTask
from shared.contracts.sequencer_touches import ExportedTouch
from shared.storage import arrays
from shared.storage.database import Tx
from shared.storage.paging import ids_beginning
from shared.storage.writing import insert, upsert


async def of_enrollments(tx: Tx, enrollment_ids: Iterable[UUID]) -> list[Task]:
    return await tx.all(
        Task,
        "SELECT * FROM tasks WHERE enrollment_id = ANY(%(ids)s) ORDER BY facility_id, step_no, task_id",
        ids=arrays.uuids(enrollment_ids),
    )


async def open_of_accounts(tx: Tx) -> list[Task]:
    """The open tasks that belong to an account and to no enrollment."""
    return await tx.all(
        Task,
        "SELECT * FROM tasks WHERE enrollment_id IS NULL AND status IN ('due', 'moved') ORDER BY facility_id, task_id",
    )


async def facilities_with_due(tx: Tx, reps: Iterable[str]) -> list[str]:
    """The facilities of the due tasks of these reps."""
    found = await tx.dicts(
        "SELECT DISTINCT facility_id FROM tasks WHERE status = 'due' AND rep = ANY(%(reps)s)", reps=sorted(set(reps))
    )
    return [row["facility_id"] for row in found]


async def past_by_rule(tx: Tx) -> dict[tuple[str, str], Past]:
    """The tasks by rules of the pack that ended, by facility and by their keys without the number."""
    found = await tx.dicts(
        r"""
        SELECT facility_id, regexp_replace(key, '\|\d+$', '') AS series, count(*) AS count, max(done_on) AS ended_on
        FROM tasks WHERE kind IN ('stage', 'recurring') AND status NOT IN ('due', 'moved') GROUP BY 1, 2
        """
    )
    return {(row["facility_id"], row["series"]): Past(row["count"], row["ended_on"]) for row in found}


async def with_ids(tx: Tx, task_ids: Iterable[UUID]) -> list[Task]:
    return await tx.all(Task, "SELECT * FROM tasks WHERE task_id = ANY(%(ids)s)", ids=list(task_ids))


async def starting_with(tx: Tx, prefix: str) -> list[Task]:
    """At most two tasks whose ids begin with a prefix, enough to detect an ambiguous prefix."""
    if (span := ids_beginning(prefix)) is None:
        return []
    return await tx.all(
        Task,
        "SELECT * FROM tasks WHERE task_id BETWEEN %(first)s AND %(last)s ORDER BY task_id LIMIT 2",
        first=span[0],
        last=span[1],
    )


async def next_on(tx: Tx, facility_id: str) -> date | None:
    """The day of the next open task of an account."""
    found: date | None = await tx.value(
        "SELECT min(due_on) FROM tasks WHERE facility_id = %(id)s AND status IN ('due', 'moved')", id=facility_id
    )
    return found


async def save(tx: Tx, tasks: Iterable[Task]) -> None:
    await upsert(tx, "tasks", tasks, key=("task_id",))


async def log(
    tx: Tx,
    task: Task,
    kind: str,
    note: str | None,
    next_follow_up_on: date | None,
    reverses: UUID | None = None,
    reached: Iterable[str] = (),
    at: datetime | None = None,
) -> dict[str, Any]:
    """Append what a person did about a task to the activity log of its account (R49). Returns the row.

    `reached` are the accounts that a touch was about, if it covered others beside its own; `at` is when it was, if that
    is not now.
    """
    ended = kind in ("done", "skipped")
    activity = {
        "activity_id": activity_id(task.task_id, task.version),
        "facility_id": task.facility_id,
        "task_id": task.task_id,
        "kind": kind,
        "channel": task.channel,
        "persona": task.persona,
        "outcome": task.outcome,
        "note": note,
        "rep": task.done_by if ended else tx.actor,
        "touched_on": task.done_on if ended else tx.today,
        "next_follow_up_on": next_follow_up_on,
        "reverses": reverses,
        "reached": sorted({task.facility_id, *reached}),
        "logged_at": tx.now,
        "touched_at": at,
    }
    await insert(tx, "activities", [activity])
    return activity


async def due_at(tx: Tx, facility_id: str, channels: Iterable[str], on: date) -> Task | None:
    """The task of a facility that was due first on a day, by one of these channels."""
    return await tx.one(
        Task,
        """
        SELECT * FROM tasks
        WHERE facility_id = %(id)s AND status = 'due' AND channel = ANY(%(channels)s) AND due_on <= %(on)s
        ORDER BY due_on, step_no, task_id LIMIT 1
        """,
        id=facility_id,
        channels=arrays.texts(channels),
        on=on,
    )


async def was_touched_at(tx: Tx, facility_id: str, at: datetime, outcome: str | None) -> bool:
    """Whether a touch of that time was logged, with that outcome."""
    sql = """
        SELECT EXISTS (SELECT FROM activities
            WHERE facility_id = %(id)s AND kind = 'done' AND touched_at = %(at)s AND outcome = %(outcome)s)
    """
    return bool(await tx.value(sql, id=facility_id, at=at, outcome=outcome))


async def last_touched_at(tx: Tx, facility_id: str) -> datetime | None:
    """When a person of a facility was last contacted, also by a touch that was taken back."""
    sql = """
        SELECT max(coalesce(touched_at, logged_at)) FROM activities
        WHERE facility_id = %(id)s AND kind = 'done' AND channel <> 'research'
    """
    found: datetime | None = await tx.value(sql, id=facility_id)
    return found


async def reached_by(tx: Tx, activity_id: UUID) -> list[str]:
    """The accounts that a touch was about."""
    found = await tx.value("SELECT reached FROM activities WHERE activity_id = %(id)s", id=activity_id)
    return list(found or ())


async def done_today(tx: Tx) -> dict[str, int]:
    """The touches that people did today, by rep; research that ended because a contact was found is none."""
    found = await tx.dicts(
        """
        SELECT rep, count(*) AS tasks FROM tasks
        WHERE status = 'done' AND done_on = %(today)s AND done_by <> %(sequencer)s GROUP BY 1
        """,
        today=tx.today,
        sequencer=BY,
    )
    return {row["rep"]: row["tasks"] for row in found}


async def worklist(tx: Tx, on: date) -> list[WorklistTask]:
    """The tasks due by a day, in order (R39), without regard to their windows.

    Overdue tasks come first, oldest first, then what was promised to a person; the others are sorted by rank (R32). A
    later day has what waits until then as well.
    """
    return await tx.all(
        WorklistTask,
        """
        SELECT row_number() OVER (
                ORDER BY (due_on < %(on)s) DESC, CASE WHEN due_on < %(on)s THEN due_on END,
                    kind IN ('callback', 'follow_up') DESC, tasks.tier, tasks.score DESC,
                    tasks.urgency DESC NULLS LAST, tasks.last_seen_on DESC NULLS LAST,
                    tasks.measure DESC NULLS LAST, tasks.facility_id, step_no, task_id
            ) AS rank,
            task_id, left(task_id::text, 8) AS short_id, tasks.facility_id, name AS facility, city, accounts.state,
            enrollments.chain, COALESCE(covers, jsonb_build_array(tasks.facility_id)) AS covers,
            COALESCE(accounts.tier, tasks.tier) AS tier, tasks.tier AS tier_at_planning, tasks.score, kind, channel,
            persona, person ->> 'name' AS person, person ->> 'direct_phone' AS person_phone,
            person ->> 'email' AS person_email, accounts.phone AS main_phone, due_on, due_on < %(on)s AS overdue,
            greatest(%(on)s - due_on, 0) AS days_overdue, rep, tasks.absent, tasks.reason, step_no, sequence,
            enrollments.sequence_version, template, tasks.enrollment_id, tasks.version
        FROM tasks LEFT JOIN enrollments USING (enrollment_id)
            LEFT JOIN accounts ON accounts.facility_id = tasks.facility_id
        WHERE (tasks.status = 'due' OR (tasks.status = 'moved' AND %(on)s > %(today)s)) AND due_on <= %(on)s
        ORDER BY rank
        """,
        on=on,
        today=tx.today,
    )


async def last_touches(tx: Tx, facility_ids: Iterable[str]) -> dict[str, LastTouch]:
    """The last touch of each of these accounts that was not taken back."""
    found = await tx.dicts(
        """
        SELECT DISTINCT ON (facility_id) facility_id, touched_on, channel, persona, outcome, note, rep
        FROM activities AS touch
        WHERE facility_id = ANY(%(ids)s) AND kind = 'done'
            AND NOT EXISTS (SELECT FROM activities AS later WHERE later.reverses = touch.activity_id)
        ORDER BY facility_id, touched_on DESC, logged_at DESC, number DESC
        """,
        ids=sorted(set(facility_ids)),
    )
    return {row["facility_id"]: LastTouch.model_validate(row) for row in found}


async def page(tx: Tx, after: UUID | None, limit: int) -> list[TaskRow]:
    """A page of tasks for export, by id; the reason of one that was skipped or canceled is why."""
    return await tx.all(
        TaskRow,
        """
        SELECT task_id, kind, enrollment_id, step_no, facility_id, tier, rep, channel, persona, due_on, status,
            CASE WHEN status IN ('skipped', 'canceled') THEN COALESCE(outcome, reason) ELSE reason END AS reason,
            outcome, note, done_by, done_on, version
        FROM tasks
        WHERE %(after)s::uuid IS NULL OR task_id > %(after)s::uuid ORDER BY task_id LIMIT %(limit)s
        """,
        after=after,
        limit=limit,
    )


async def page_of_touches(tx: Tx, after: UUID | None, limit: int) -> list[ExportedTouch]:
    """A page of touches that were not taken back, by id."""
    return await tx.all(
        ExportedTouch,
        """
        SELECT activity_id AS touch_id, task_id, facility_id, reached, rep, channel, persona, outcome, touched_on,
            coalesce(touched_at, logged_at) AS touched_at, next_follow_up_on
        FROM activities
        WHERE kind = 'done' AND (%(after)s::uuid IS NULL OR activity_id > %(after)s::uuid)
            AND NOT EXISTS (SELECT FROM activities AS later WHERE later.reverses = activities.activity_id)
        ORDER BY activity_id LIMIT %(limit)s
        """,
        after=after,
        limit=limit,
    )


async def of_account(tx: Tx, facility_id: str) -> list[TaskDetails]:
    return await tx.all(
        TaskDetails,
        """
        SELECT task_id, kind, facility_id, step_no, channel, persona, due_on, status, outcome, note, done_by, done_on,
            rep, reason, version
        FROM tasks WHERE facility_id = %(id)s ORDER BY due_on, step_no, task_id
        """,
        id=facility_id,
    )


async def touches_of(tx: Tx, facility_id: str) -> list[dict[str, Any]]:
    """The touches of an account, and those of its chain that were about it as well, oldest first."""
    return await tx.dicts(
        """
        SELECT * FROM activities WHERE facility_id = %(id)s OR reached ? %(id)s ORDER BY logged_at, number
        """,
        id=facility_id,
    )


async def activities_of(tx: Tx, facility_id: str) -> list[Activity]:
    return await tx.all(
        Activity,
        """
        SELECT touched_on, kind, channel, persona, outcome, note, rep, next_follow_up_on
        FROM activities WHERE facility_id = %(id)s ORDER BY touched_on, logged_at, number
        """,
        id=facility_id,
    )
