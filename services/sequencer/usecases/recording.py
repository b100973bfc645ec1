"""Which task does a command name, and what is the reply to it?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta

from services.sequencer import store
from services.sequencer.domain.calendar import is_business_day, next_business_day
from services.sequencer.domain.outcomes import no_contact
from services.sequencer.domain.plan.enrolling import with_missing
from services.sequencer.domain.reach import opens_gate
from services.sequencer.domain.tasks import Task
from services.sequencer.settings import closed_days, name_of, playbook, roles, touches, usual_name
from services.sequencer.store import accounts, board, enrollments, tasks
from shared.contracts.limits import BEGINNING_OF_ID
from shared.contracts.refusals import Refused, the_only
from shared.contracts.requests import refuse_outdated
from shared.contracts.sequencer_touches import Printed, RecordedTask, TaskCommand
from shared.storage.database import Tx

LONGEST = timedelta(days=366)
"""The longest time for which a task may wait."""


async def named(command: TaskCommand, tx: Tx) -> Task:
    """The task of a command; refused if it is another one than its sender saw."""
    await store.lock(tx)
    task = await _find(command.task_id, tx)
    _refuse_another(task, command.printed, tx.today)
    refuse_outdated(command, task.version, f"task {short(task)} is {task.status}, at {task.facility_id}.")
    return task


def refuse_day(day: date, today: date) -> None:
    """Raises `Refused` for a day in the past or far ahead, and for one that is not a business day."""
    if day < today:
        raise Refused(f"{day} is past; today is {today}.", code=422)
    if day > today + LONGEST:
        raise Refused(f"{day} is more than a year ahead; today is {today}.", code=422)
    if not is_business_day(day, closed := closed_days()):
        following = next_business_day(day, closed)
        raise Refused(f"{day} is not a business day; the next one is {following}.", code=422)


async def _find(prefix: str, tx: Tx) -> Task:
    if not re.fullmatch(BEGINNING_OF_ID, prefix):
        raise Refused(f"{prefix!r} is not a task id. Give the id from the worklist, or its first characters.", code=422)
    return the_only(
        await tasks.starting_with(tx, prefix),
        f"There is no task {prefix}. The worklist shows the ids of due tasks.",
        f"More than one task begins with {prefix}. Give more characters of its id.",
    )


def _refuse_another(task: Task, printed: Printed | None, today: date) -> None:
    """Refuse a rank of another day's worklist, and a task that has moved to another facility of its chain."""
    if printed and printed.on != today:
        raise Refused(f"That worklist is of {printed.on}; today is {today}. Print today's: `pipeline worklist`.", 409)
    if printed and printed.facility_id != task.facility_id:
        raise Refused(
            f"Task {short(task)} is at {task.facility_id} now, no longer at {printed.facility_id};"
            " nothing was recorded. Print the worklist again: `pipeline worklist`.",
            409,
        )


async def recorded(task: Task, changed: bool, tx: Tx, followed: Sequence[str] = ()) -> RecordedTask:
    account = (await accounts.load(tx, [task.facility_id])).get(task.facility_id)
    name = task.person["name"] if task.person else None
    person = name_of(name) if name else None
    return RecordedTask.model_validate(
        asdict(task)
        | {
            "changed": changed,
            "title": touches().title(task.channel, task.outcome),
            "followed": followed,
            "facility": usual_name(account.name) if account else None,
            "city": account.city if account else None,
            "person": person.full if person else name,
            "sounds_like_no": _sounds_like_no(task),
            "opens_gate": await _opens_gate(task, tx),
            "answers": [each.id for each in touches().answers(task.outcome)] if task.channel == "email" else [],
        }
    )


def _sounds_like_no(task: Task) -> list[str]:
    """The channels to suppress by the words of a touch, without the one that its outcome has suppressed."""
    channels = no_contact(task.note or task.outcome, playbook().outcomes.no_contact)
    outcome = touches().of(task.channel).get(task.outcome or "")
    return [each for each in channels if each != "email" or not outcome or outcome.then != "unsubscribed"]


async def _opens_gate(task: Task, tx: Tx) -> str | None:
    """What is still needed after research: a contact that was found must be imported (R47)."""
    if task.channel != "research" or task.enrollment_id is None:
        return None
    book = playbook()
    current = await board.of_enrollments(tx, book, await enrollments.with_ids(tx, [task.enrollment_id]))
    # A tier or a sequence that the pack no longer has ends with the next plan.
    known = (each for each in current.blocked if each.tier in book.tiers and each.sequence in book.sequences)
    wanted = [
        opens_gate(roles(), bool(each.chain), gate)
        for each in known
        if (gate := book.rule(each.tier).gate) and with_missing(current, book, each).missing
    ]
    return next(iter(wanted), None)


def short(task: Task) -> str:
    return str(task.task_id)[:8]
