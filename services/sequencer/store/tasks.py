"""Which touches are due, and what was done?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.sequencer.domain.due import Past
from services.sequencer.domain.touches import Touch
from shared.storage.database import Tx, rows

# Undone touches first, the oldest of them first; then by rank (R32).
WORKLIST_ORDER = (
    "(due_on < %(on)s) DESC, CASE WHEN due_on < %(on)s THEN due_on END, tasks.tier, tasks.score DESC,"
    " tasks.urgency DESC NULLS LAST, tasks.last_seen_on DESC NULLS LAST, tasks.measure DESC NULLS LAST,"
    " tasks.facility_id, step_no, task_id"
)


async def add(tx: Tx, touches: Iterable[Touch]) -> list[Touch]:
    """Record touches whose day has come; returns those that were not there (R36)."""
    found = await tx.all(
        Touch,
        "INSERT INTO tasks SELECT * FROM json_populate_recordset(NULL::tasks, %(rows)s::json)"
        " ON CONFLICT DO NOTHING RETURNING *",
        rows=rows(touches),
    )
    return sorted(found, key=lambda touch: (touch.tier, -touch.score, touch.facility_id, touch.step_no))


async def ask_again(tx: Tx, research: Iterable[Touch]) -> list[Touch]:
    """Record research, or put what was tried before on the worklist once more: it stays one touch of its run."""
    found = await tx.all(
        Touch,
        "INSERT INTO tasks SELECT * FROM json_populate_recordset(NULL::tasks, %(rows)s::json)"
        " ON CONFLICT (enrollment_id, step_no) DO UPDATE SET status = 'due', due_on = excluded.due_on,"
        " facility_id = excluded.facility_id, outcome = NULL, done_by = NULL, done_on = NULL, reason = excluded.reason,"
        " persona = excluded.persona, person = excluded.person, version = tasks.version + 1, told = excluded.told,"
        " score = excluded.score, urgency = excluded.urgency,"
        " last_seen_on = excluded.last_seen_on, measure = excluded.measure"
        " WHERE tasks.status <> 'due' RETURNING *",
        rows=rows(research),
    )
    return sorted(found, key=lambda touch: (touch.tier, -touch.score, touch.facility_id))


async def past(tx: Tx, enrollment_ids: Iterable[UUID]) -> dict[UUID, list[Past]]:
    """The steps that each run has reached."""
    found = await tx.dicts(
        "SELECT enrollment_id, step_no, status, done_on FROM tasks WHERE enrollment_id = ANY(%(ids)s)"
        " ORDER BY enrollment_id, step_no",
        ids=list(enrollment_ids),
    )
    by_run: dict[UUID, list[Past]] = defaultdict(list)
    for row in found:
        by_run[row["enrollment_id"]].append(Past(row["step_no"], row["status"], row["done_on"]))
    return by_run


async def due_of(tx: Tx, enrollment_ids: Iterable[UUID]) -> list[Touch]:
    """The open touches of these runs."""
    return await tx.all(
        Touch,
        "SELECT * FROM tasks WHERE enrollment_id = ANY(%(ids)s) AND status = 'due' ORDER BY facility_id, step_no,"
        " task_id",
        ids=list(enrollment_ids),
    )


async def restate(tx: Tx, touches: Iterable[Touch]) -> None:
    """Write down whom touches are for now, and which of them are over."""
    await tx.run(
        "UPDATE tasks SET persona = now.persona, person = now.person, reason = now.reason, version = now.version,"
        " told = now.told, status = now.status, outcome = now.outcome, done_by = now.done_by, done_on = now.done_on"
        " FROM json_populate_recordset(NULL::tasks, %(rows)s::json) AS now WHERE tasks.task_id = now.task_id",
        rows=rows(touches),
    )


async def of_step(tx: Tx, enrollment_ids: Iterable[UUID], step_no: int) -> dict[UUID, Touch]:
    """One step of each run that has reached it."""
    found = await tx.all(
        Touch,
        "SELECT * FROM tasks WHERE enrollment_id = ANY(%(ids)s) AND step_no = %(step_no)s ORDER BY enrollment_id",
        ids=list(enrollment_ids),
        step_no=step_no,
    )
    return {touch.enrollment_id: touch for touch in found}


async def settle(tx: Tx, outcomes: Mapping[UUID, str], status: str, by: str, today: date) -> list[Touch]:
    """End whatever is due of these runs, each with its outcome."""
    found = await tx.all(
        Touch,
        "UPDATE tasks SET status = %(status)s, outcome = ended.outcome, done_by = %(by)s, done_on = %(today)s"
        " FROM json_populate_recordset(NULL::tasks, %(rows)s::json) AS ended"
        " WHERE tasks.enrollment_id = ended.enrollment_id AND tasks.status = 'due' RETURNING tasks.*",
        rows=rows({"enrollment_id": run, "outcome": outcome} for run, outcome in outcomes.items()),
        status=status,
        by=by,
        today=today,
    )
    return sorted(found, key=lambda touch: (touch.facility_id, touch.step_no, touch.task_id))


async def starting_with(tx: Tx, prefix: str) -> list[Touch]:
    """Touches whose id begins like this, two at most: more than one is too many."""
    return await tx.all(
        Touch,
        "SELECT * FROM tasks WHERE task_id::text LIKE %(prefix)s || '%%' ORDER BY task_id LIMIT 2",
        prefix=prefix.lower(),
    )


async def end(tx: Tx, touch: Touch) -> None:
    await tx.run(
        "UPDATE tasks SET status = %(status)s, outcome = %(outcome)s, done_by = %(by)s, done_on = %(on)s"
        " WHERE task_id = %(id)s",
        id=touch.task_id,
        status=touch.status,
        outcome=touch.outcome,
        by=touch.done_by,
        on=touch.done_on,
    )


async def log(tx: Tx, activity_id: UUID, touch: Touch, follow_up_on: date | None, now: datetime) -> None:
    """Append to the activity log (R49)."""
    await tx.run(
        "INSERT INTO activities (activity_id, facility_id, task_id, kind, channel, persona, outcome, rep, touched_on,"
        " next_follow_up_on, logged_at) VALUES (%(id)s, %(facility_id)s, %(task)s, %(kind)s, %(channel)s, %(persona)s,"
        " %(outcome)s, %(rep)s, %(on)s, %(next)s, %(now)s)",
        id=activity_id,
        facility_id=touch.facility_id,
        task=touch.task_id,
        kind=touch.status,
        channel=touch.channel,
        persona=touch.persona,
        outcome=touch.outcome,
        rep=touch.done_by,
        on=touch.done_on,
        next=follow_up_on,
        now=now,
    )


async def worklist(tx: Tx, rep: str | None, on: date) -> list[dict[str, Any]]:
    """What is due by a day, in the order in which to do it (R39); a rep's touches keep their rank among all."""
    return await tx.dicts(
        "SELECT * FROM (SELECT row_number() OVER (ORDER BY " + WORKLIST_ORDER + ") AS rank, task_id,"
        " left(task_id::text, 8) AS short_id, tasks.facility_id, name AS facility, city, enrollments.chain, covers,"
        " COALESCE(accounts.tier, tasks.tier) AS tier, tasks.tier AS tier_at_planning,"
        " tasks.score, channel, persona, person ->> 'name' AS person, person ->> 'direct_phone' AS person_phone,"
        " person ->> 'email' AS person_email, accounts.phone AS main_phone, due_on, due_on < %(on)s AS overdue,"
        " greatest(%(on)s - due_on, 0) AS days_overdue, rep, tasks.reason, step_no, sequence, template,"
        " tasks.enrollment_id"
        " FROM tasks JOIN enrollments USING (enrollment_id) LEFT JOIN accounts ON accounts.facility_id ="
        " tasks.facility_id"
        " WHERE tasks.status = 'due' AND due_on <= %(on)s) AS ranked"
        " WHERE %(rep)s::text IS NULL OR rep = %(rep)s ORDER BY rank",
        rep=rep,
        on=on,
    )


async def page(tx: Tx, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """Touches for export, by id; a skipped one says why it was skipped."""
    return await tx.dicts(
        "SELECT task_id, enrollment_id, step_no, facility_id, tier, rep, channel, persona, due_on, status,"
        " CASE WHEN status = 'skipped' THEN COALESCE(outcome, reason) ELSE reason END AS reason FROM tasks"
        " WHERE %(after)s::uuid IS NULL OR task_id > %(after)s::uuid ORDER BY task_id LIMIT %(limit)s",
        after=after,
        limit=limit,
    )


async def of_account(tx: Tx, facility_id: str) -> list[dict[str, Any]]:
    return await tx.dicts(
        "SELECT task_id, step_no, channel, persona, due_on, status, outcome, done_by, done_on, rep, reason"
        " FROM tasks WHERE facility_id = %(facility_id)s ORDER BY due_on, step_no, task_id",
        facility_id=facility_id,
    )


async def activities_of(tx: Tx, facility_id: str) -> list[dict[str, Any]]:
    return await tx.dicts(
        "SELECT touched_on, kind, channel, persona, outcome, rep, next_follow_up_on FROM activities"
        " WHERE facility_id = %(facility_id)s ORDER BY touched_on, logged_at, activity_id",
        facility_id=facility_id,
    )
