"""How does a person end a task, and what is recorded?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from services.sequencer import store
from services.sequencer.domain.due import follow_up_on
from services.sequencer.domain.identity import activity_id
from services.sequencer.domain.outcomes import no_contact
from services.sequencer.domain.plan.enrolling import with_missing
from services.sequencer.domain.plan.research import again_on
from services.sequencer.domain.reach import opens_gate
from services.sequencer.domain.tasks import Task, TaskStatus, with_end
from services.sequencer.domain.touches import TouchOutcome
from services.sequencer.settings import name_of, playbook, roles, touches, usual_name
from services.sequencer.store import accounts, board, enrollments, tasks
from services.sequencer.usecases.announcing import task_done, touch_logged
from services.sequencer.usecases.leading import follow_touch
from services.sequencer.usecases.touching import carry_out
from shared.contracts.refusals import Refused
from shared.contracts.requests import refuse_outdated
from shared.contracts.sequencer_touches import CompleteTask, EndedTask, EndTask, Printed, SkipTask
from shared.storage.database import Tx


async def complete_task(command: CompleteTask, tx: Tx) -> EndedTask:
    """Record a touch with its outcome, and carry out what follows from it."""
    task = await _named(command, tx)
    if not task.is_open:
        return await _ended(_refuse_opposite(task, "done"), changed=False, tx=tx)
    outcome = _chosen(task, command)
    if outcome.then != "none":
        await accounts.lock_all(tx)
    task = with_end(task, "done", outcome.id, tx.actor, tx.today, command.note)
    await _record(task, tx)
    return await _ended(task, changed=True, tx=tx, followed=await carry_out(task, outcome, command, tx))


async def skip_task(command: SkipTask, tx: Tx) -> EndedTask:
    task = await _named(command, tx)
    if not task.is_open:
        return await _ended(_refuse_opposite(task, "skipped"), changed=False, tx=tx)
    task = with_end(task, "skipped", command.reason, tx.actor, tx.today)
    await _record(task, tx)
    return await _ended(task, changed=True, tx=tx)


async def _named(command: EndTask, tx: Tx) -> Task:
    """The task of a command; refused if it is another one than its sender saw."""
    await store.lock(tx)
    task = await _find(command.task_id, tx)
    _refuse_another(task, command.printed, tx.today)
    refuse_outdated(command, task.version, f"task {_short(task)} is {task.status}, at {task.facility_id}.")
    return task


def _chosen(task: Task, command: CompleteTask) -> TouchOutcome:
    """The outcome of a touch. Raises `Refused` for one that its channel does not have."""
    outcome = touches().chosen(task.channel, command.outcome)
    if outcome is None:
        given = f"has no outcome {command.outcome!r}" if command.outcome else "needs an outcome"
        raise Refused(f"A {task.channel} {given}; its outcomes are {touches().choices(task.channel)}.", code=422)
    if command.confirm_loss and outcome.then != "not_interested":
        raise Refused(f"{outcome.id} is no loss, so there is none to confirm; nothing was recorded.", code=422)
    return outcome


def _refuse_opposite(task: Task, status: TaskStatus) -> Task:
    """A repeated command gets the same reply; the opposite command is refused."""
    if task.status != status:
        raise Refused(
            f"Task {_short(task)} was {task.status} by {task.done_by} on {task.done_on}"
            f"{f' ({task.outcome})' if task.outcome else ''}; nothing was changed.",
            code=409,
        )
    return task


async def _find(prefix: str, tx: Tx) -> Task:
    if not re.fullmatch(r"[0-9a-fA-F-]{4,36}", prefix):
        raise Refused(f"{prefix!r} is not a task id. Give the id from the worklist, or its first characters.", code=422)
    found = await tasks.starting_with(tx, prefix)
    if not found:
        raise Refused(f"There is no task {prefix}. The worklist shows the ids of due tasks.", code=404)
    if len(found) > 1:
        raise Refused(f"More than one task begins with {prefix}. Give more characters of its id.", code=409)
    return found[0]


def _refuse_another(task: Task, printed: Printed | None, today: date) -> None:
    """Refuse a rank of another day's worklist, and a task that has moved to another facility of its chain."""
    if printed and printed.on != today:
        raise Refused(f"That worklist is of {printed.on}; today is {today}. Print today's: `pipeline worklist`.", 409)
    if printed and printed.facility_id != task.facility_id:
        raise Refused(
            f"Task {_short(task)} is at {task.facility_id} now, no longer at {printed.facility_id};"
            " nothing was recorded. Print the worklist again: `pipeline worklist`.",
            409,
        )


async def _record(task: Task, tx: Tx) -> None:
    """Store the task, log the touch on the account, and publish both (R49)."""
    await tasks.save(tx, [task])
    next_on = await _next_follow_up(task, tx)
    logged = activity_id(task.task_id, task.facility_id, tx.today)
    activity = await tasks.log(tx, logged, task, next_on, tx.now)
    contacted = task.status == "done" and task.channel != "research"
    await accounts.record_follow_up(tx, task.facility_id, tx.today if contacted else None, next_on)
    tx.emit(task_done(task), touch_logged(activity))
    if contacted:
        await follow_touch(tx, task)


async def _next_follow_up(task: Task, tx: Tx) -> date | None:
    if task.enrollment_id is None:
        return await tasks.next_on(tx, task.facility_id)
    enrollment = await enrollments.get(tx, task.enrollment_id)
    book = playbook()
    if enrollment.status == "blocked" and enrollment.tier in book.tiers:
        return again_on(enrollment, tx.today, book)
    if enrollment.started_on is None or enrollment.sequence not in book.sequences:
        return None
    previous = await tasks.of_enrollments(tx, [enrollment.enrollment_id])
    return follow_up_on(enrollment, book.sequences[enrollment.sequence], previous, tx.today, book.closed)


async def _ended(task: Task, changed: bool, tx: Tx, followed: Sequence[str] = ()) -> EndedTask:
    account = (await accounts.load(tx, [task.facility_id])).get(task.facility_id)
    name = task.person["name"] if task.person else None
    person = name_of(name) if name else None
    return EndedTask.model_validate(
        asdict(task)
        | {
            "changed": changed,
            "title": touches().title(task.channel, task.outcome),
            "followed": followed,
            "facility": usual_name(account.name) if account else None,
            "city": account.city if account else None,
            "person": person.full if person else name,
            "sounds_like_no": no_contact(task.note or task.outcome, playbook().outcomes.no_contact),
            "opens_gate": await _opens_gate(task, tx),
        }
    )


async def _opens_gate(task: Task, tx: Tx) -> str | None:
    """What is still needed after research: a contact that was found must be imported (R47)."""
    if task.channel != "research" or task.enrollment_id is None:
        return None
    book = playbook()
    current = await board.load_open(tx, book, lambda each: each.enrollment_id == task.enrollment_id)
    wanted = [
        opens_gate(roles(), bool(each.chain), gate)
        for each in current.blocked
        if (gate := book.rule(each.tier).gate) and with_missing(current, book, each).missing
    ]
    return next(iter(wanted), None)


def _short(task: Task) -> str:
    return str(task.task_id)[:8]
