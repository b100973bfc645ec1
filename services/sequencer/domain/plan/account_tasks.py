"""Which tasks does an account have beside its enrollment, and when do they end?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from services.sequencer.domain.accounts import Account
from services.sequencer.domain.board import Board, Decision
from services.sequencer.domain.calendar import Holidays, business_days_after
from services.sequencer.domain.identity import account_task_id, lead_id
from services.sequencer.domain.leads import lead_source
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.briefing import card_of, digest_for, main_phone
from services.sequencer.domain.reach import NEEDED, Contact, People, reachable, recipient, why_no_recipient
from services.sequencer.domain.sequences import Channel
from services.sequencer.domain.suppression import closed_place
from services.sequencer.domain.tasks import BY_RULE, Task, TaskKind, due_again, ended, is_planned, stage_series
from services.sequencer.domain.touches import Touches, TouchOutcome


def account_task(
    account: Account,
    kind: TaskKind,
    key: str,
    rep: str,
    channel: Channel,
    persona: str,
    person: Contact | None,
    due_on: date,
    today: date,
    reason: str,
    template: str | None = None,
) -> Task:
    """A task of an account and its lead; until its day it waits as `moved`."""
    card = card_of(person)
    return Task(
        task_id=account_task_id(account.facility_id, kind, key),
        enrollment_id=None,
        step_no=0,
        facility_id=account.facility_id,
        tier=account.tier,
        score=account.score,
        urgency=account.urgency,
        last_seen_on=account.last_seen_on,
        measure=account.measure,
        rep=rep,
        channel=channel,
        persona=person.role if person else persona,
        person=card,
        template=template,
        due_on=due_on,
        status="due" if due_on <= today else "moved",
        outcome=None,
        done_by=None,
        done_on=None,
        reason=reason,
        version=1,
        digest=digest_for(account, [account.facility_id], card),
        kind=kind,
        key=key,
        lead_id=lead_id(account.facility_id, lead_source(account.client)),
    )


def add_task(task: Task) -> Decision:
    """The decision that gives an account a task, on whose day its next follow-up is expected."""
    return lambda board, _: board.having(tasks=[task]).expecting({task.facility_id: task.due_on})


def follow_up_task(
    account: Account, touch: Task, outcome: TouchOutcome, pack: Touches, today: date, closed: Holidays
) -> Task:
    """The task that follows a touch whose outcome was interest: the same person, some business days later."""
    rule = pack.follow_up
    due_on = business_days_after(today, rule.after, closed)
    note = f" ({touch.note})" if touch.note else ""
    reason = f"{outcome.title.capitalize()}, by {touch.channel} on {today}{note}."
    person = Contact(**touch.person) if touch.person else None
    rep, key = account.owner or touch.rep, str(touch.task_id)
    return account_task(
        account, "follow_up", key, rep, rule.channel, touch.persona, person, due_on, today, reason, rule.template
    )


def callback_task(account: Account, touch: Task, pack: Touches, on: date, today: date) -> Task:
    """The call that a person asked for on a day."""
    note = f" ({touch.note})" if touch.note else ""
    reason = f"Asked on {today} to be called back{note}."
    person = Contact(**touch.person) if touch.person else None
    rep, key = account.owner or touch.rep, str(touch.task_id)
    text = pack.callback.template
    return account_task(account, "callback", key, rep, "call", touch.persona, person, on, today, reason, text)


def logged_task(account: Account, key: str, channel: Channel, role: str, people: People, by: str, today: date) -> Task:
    """The task of a touch that a person logs without one."""
    reason = "Logged without a task."
    return account_task(account, "logged", key, by, channel, role, people.get(role), today, today, reason)


def research_for(account: Account, touch: Task, wrong: str, today: date, closed: Holidays) -> Task:
    """The research for a number or an address instead of a wrong one; it names the channel in its key."""
    person = Contact(**touch.person) if touch.person else None
    whose, detail = f"{person.name}'s" if person else "the", NEEDED[touch.channel]
    reason = f"Find {whose} {detail}: {wrong} is wrong. Main number {main_phone(account) or 'unknown'}."
    rep, key = account.owner or touch.rep, f"{touch.channel}|{touch.task_id}"
    due_on = business_days_after(today, 1, closed)
    return account_task(account, "research", key, rep, "research", touch.persona, person, due_on, today, reason)


def research_of_successor(account: Account, role: str, label: str, name: str, today: date, closed: Holidays) -> Task:
    """The research for the person who has a role now that another one left; a direct phone ends it."""
    reason = f"Find the {label} now: {name} left. Main number {main_phone(account) or 'unknown'}."
    due_on = business_days_after(today, 1, closed)
    key = f"call|left|{role}|{today}"
    return account_task(account, "research", key, account.owner or "", "research", role, None, due_on, today, reason)


def end_account_tasks(board: Board, book: Playbook) -> Board:
    """Cancel the tasks of accounts whose lead has closed or that left the registry."""
    reasons = [(task, _why_over(board, task)) for task in board.account_tasks]
    return board.having(tasks=(ended(task, "canceled", why, board.today) for task, why in reasons if why))


def resume_tasks(board: Board, book: Playbook) -> Board:
    """Make the tasks due whose day has come; the planner does so with those by rules of the pack."""
    moved = (task for task in board.tasks.values() if task.status == "moved" and task.due_on <= board.today)
    return board.having(tasks=(due_again(task) for task in moved if not is_planned(task)))


def follow_account_tasks(board: Board, book: Playbook) -> Board:
    """Apply suppressions and corrections of contacts to the tasks of accounts."""
    return board.having(tasks=[followed(board, task) for task in board.account_tasks])


def _why_over(board: Board, task: Task) -> str | None:
    account, lead = board.accounts[task.facility_id], board.leads.get(task.lead_id) if task.lead_id else None
    if not account.listed:
        return "The facility is no longer on the registry."
    if account.client and task.lead_id == lead_id(account.facility_id, lead_source(client=False)):
        return "The facility became an active client."
    if lead and lead.closed_on:
        return f"The lead was closed: {lead.closed_reason}."
    if lead and task.kind in BY_RULE and not task.key.startswith(stage_series(lead.stage, lead.stage_since)):
        return f"The lead is {lead.stage} now."
    if task.kind in BY_RULE and not lead and not account.client:
        return "The facility is no longer an active client."
    return None


def person_of(board: Board, task: Task) -> Contact | None:
    """The person whom a task of an account reaches."""
    of_chain = board.roles.is_of_chain(task.persona)
    account = board.accounts[task.facility_id]
    return _recipient(board.people_at(account.facility_id, account.chain if of_chain else None), task, of_chain)


def followed(board: Board, task: Task) -> Task:
    """A task as suppressions and contacts make it now; one that waits for the planner may wait without a person."""
    account = board.accounts[task.facility_id]
    if closed := closed_place(account.facility_id, account.chain, board.suppressions):
        return ended(task, "canceled", closed, board.today)
    of_chain = board.roles.is_of_chain(task.persona)
    people = board.people_at(account.facility_id, account.chain if of_chain else None)
    if task.channel == "research":
        found = people.get(task.persona)
        is_over = found is not None and reachable(found, task.key.partition("|")[0])
        return ended(task, "done", "contact found", board.today) if is_over else task
    person = _recipient(people, task, of_chain)
    if person is None and is_planned(task):
        return task
    if person is None:
        why = why_no_recipient(people, task.persona, task.channel, of_chain)
        return ended(task, "skipped", why, board.today)
    return _addressed(task, account, person)


def _recipient(people: People, task: Task, of_chain: bool) -> Contact | None:
    """The person of a task. A suppressed person is not replaced, because it was this person who was spoken to."""
    incumbent = people.get(task.persona)
    if incumbent and task.channel in incumbent.stopped:
        return None
    return recipient(people, task.persona, task.channel, of_chain)


def _addressed(task: Task, account: Account, person: Contact) -> Task:
    card = card_of(person)
    digest = digest_for(account, [account.facility_id], card)
    if digest == task.digest:
        return task
    return replace(task, version=task.version + 1, persona=person.role, person=card, digest=digest)
