"""What follows when a person is interested, cannot be reached, or wants no e-mail?

A person records it as the outcome of a touch, or an e-mail comes back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from engines.suppression.statements import Statement
from services.sequencer.domain.board import Board
from services.sequencer.domain.calendar import roll
from services.sequencer.domain.contacts import Places, name_key
from services.sequencer.domain.corrections import WrongDetail
from services.sequencer.domain.plan.account_tasks import add_task, follow_up_task, person_of, research_for
from services.sequencer.domain.plan.covering import cover_absent
from services.sequencer.domain.plan.following import follow_contacts
from services.sequencer.domain.plan.returning import wait_for_return
from services.sequencer.domain.resting import address_key
from services.sequencer.domain.tasks import Task
from services.sequencer.domain.touches import WITH_ARTICLE, TouchOutcome
from services.sequencer.settings import closed_days, exits, playbook, roles, touches
from services.sequencer.store import board, contacts, mail, tasks
from services.sequencer.usecases import suppressing
from services.sequencer.usecases.announcing import contact_changed
from services.sequencer.usecases.deciding import Effects, decide, follow, pause_account, pause_others, stop_account
from services.sequencer.usecases.targets import address_of
from shared.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Stated:
    """By whom something is stated, on which day, and in which task or e-mail."""

    by: str
    on: date
    at: datetime
    key: UUID


async def interested(task: Task, outcome: TouchOutcome, tx: Tx) -> list[str]:
    """The sequence stops, and the rep has a follow-up task."""
    stopped = await stop_account(tx, task.facility_id, outcome.title)
    return [*_stopped(stopped), *await follow_up(task, outcome, tx)]


async def replied(task: Task, outcome: TouchOutcome, tx: Tx) -> list[str]:
    """A reply has a follow-up task, whatever the pack lets it do to the sequence."""
    if exits().replied == "end":
        return await interested(task, outcome, tx)
    await let_wait(task.facility_id, outcome, tx)
    return await follow_up(task, outcome, tx)


async def let_wait(facility_id: str, outcome: TouchOutcome, tx: Tx) -> None:
    """After a reply that ends no sequence, let that of the account wait, and those of its chain, as the pack says."""
    if exits().replied == "pause":
        until = roll(tx.today + timedelta(exits().pause_days), closed_days())
        await pause_account(tx, facility_id, until, f"Touch: {outcome.title}.")
    await pause_others(tx, facility_id, outcome.title)


async def follow_up(task: Task, outcome: TouchOutcome, tx: Tx) -> list[str]:
    """Give the rep of an account the task that follows interest; a closed lead does not end it."""
    current = await board.of_accounts(tx, playbook(), [task.facility_id])
    following = follow_up_task(current.accounts[task.facility_id], task, outcome, touches(), tx.today, closed_days())
    if person_of(current, following) is None:
        # A person who answered a letter, and must not be called, is written to.
        following = replace(following, channel=task.channel, template=None)
    lead = current.leads.get(following.lead_id) if following.lead_id else None
    if lead and not lead.is_open:
        following = replace(following, lead_id=None)
    return await added(following, current, tx)


async def use_no_more(task: Task, value: str, by: Stated, tx: Tx) -> list[str]:
    """Use a number or an address no more, and ask for research of another one."""
    if not task.person:
        return []
    await contacts.flag(tx, WrongDetail(by.key, name_key(task.person["name"]), value, by.on, by.by))
    await follow_details(task.facility_id, tx)
    current = await board.of_accounts(tx, playbook(), [task.facility_id])
    research = research_for(current.accounts[task.facility_id], task, value, tx.today, closed_days())
    return [f"{value} is used no more.", *await added(research, current, tx)]


async def suppress(address: str, channels: list[str], reason: str, source: str, by: Stated, tx: Tx) -> list[str]:
    """Stop contacting the person with an address; it takes effect at once (R85)."""
    person = await address_of(address, tx)
    statement = Statement(
        person.scope, person.target, person.label, person.marks, channels, reason, source, by.by, by.on
    )
    stopped, changed = await suppressing.stop(tx, statement)
    if not changed:
        return []
    await follow(tx, await suppressing.places(tx, stopped))
    how = "" if "all" in stopped.channels else f" by {' or '.join(stopped.channels)}"
    return [f"{person.label} is not contacted{how} any more."]


async def wait_for(task: Task, address: str, back_on: date, by: Stated, tx: Tx) -> list[str]:
    """Let the next touch of a person wait for the return, but no longer than the pack allows."""
    until = min(back_on, by.on + timedelta(exits().wait_days))
    if exits().auto_replied == "continue" or until <= tx.today:
        return []
    await mail.record_return(tx, address_key(address), until, by.at, by.key)
    before = await board.of_accounts(tx, playbook(), [task.facility_id])
    after = await decide(tx, before, playbook(), wait_for_return)
    waits = [each for each in after.paused if each not in before.paused]
    return [f"The enrollment in {each.sequence} waits until {each.resume_on}." for each in waits]


async def follow_details(facility_id: str, tx: Tx) -> None:
    """Publish what is known of the people of a facility now, and apply it to its tasks."""
    known = await contacts.load(tx, roles(), [facility_id])
    tx.emit(*map(contact_changed, await contacts.update_states(tx, known)))
    await follow(tx, Places(frozenset([facility_id])))


async def added(following: Task, current: Board, tx: Tx) -> list[str]:
    """Add a task that follows, unless it is open; in a new version if it was open before. Suppressions apply to it."""
    [*before] = await tasks.with_ids(tx, [following.task_id])
    if any(each.is_open for each in before):
        return []
    version = max((each.version for each in before), default=0) + 1
    following = replace(following, version=version)
    after = await decide(tx, current, playbook(), add_task(following), cover_absent, follow_contacts)
    if not (task := after.tasks[following.task_id]).is_open:
        return [f"Nothing follows: {task.outcome}"]
    return [f"{WITH_ARTICLE[task.channel]} follows on {task.due_on}."]


def _stopped(effects: Effects) -> list[str]:
    return [f"The enrollment in {each.sequence} ended." for each in effects.enrollments]
