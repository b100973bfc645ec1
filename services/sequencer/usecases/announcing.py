"""Which events follow from decisions?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any, TypeVar

from engines.packs import pack_hash
from engines.suppression.statements import Suppression
from services.sequencer.domain.accounts import Account
from services.sequencer.domain.board import Board, changed
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.leads import Lead, is_reopened, move_between
from services.sequencer.domain.marks import task_marks
from services.sequencer.domain.outcomes import Outcome, OutcomeKind
from services.sequencer.domain.plan.briefing import closed_signal, in_role_since, main_phone, signal_behind
from services.sequencer.domain.reach import Contact
from services.sequencer.domain.reps import Leave, Rep
from services.sequencer.domain.signals import Signal
from services.sequencer.domain.tasks import Task
from services.sequencer.settings import name_of, usual_name
from services.sequencer.store.accounts import OwnerState
from services.sequencer.store.contacts import State
from shared.contracts.events import (
    AccountMoved,
    ClosedPosting,
    ContactChanged,
    CoveredFacility,
    EnrollmentBlocked,
    EnrollmentEnded,
    EnrollmentPaused,
    EnrollmentStarted,
    EnrollmentState,
    Event,
    LeadChanged,
    LeadLost,
    LeadMet,
    LeadMoved,
    LeadOutcome,
    LeadOutcomeUndone,
    LeadRaised,
    LeadReopened,
    LeadState,
    LeadWon,
    NoteAdded,
    Person,
    RepAway,
    RepBack,
    RepChanged,
    Sender,
    SuppressionChanged,
    TaskChanged,
    TaskDone,
    TaskDue,
    TaskMoved,
    TaskReopened,
    TouchLogged,
    WhyFactor,
    WhySignal,
)

S = TypeVar("S", bound=EnrollmentState)

_STATUSES: dict[str, type[EnrollmentState]] = {
    "active": EnrollmentStarted,
    "blocked": EnrollmentBlocked,
    "paused": EnrollmentPaused,
}
_OUTCOMES: dict[OutcomeKind, type[LeadOutcome]] = {"meeting": LeadMet, "won": LeadWon, "lost": LeadLost}


def events_between(before: Board, after: Board) -> list[Event]:
    """The events between two boards: ends first, then starts."""
    return [
        *_owners(before, after),
        *_leads(before, after),
        *_ended_tasks(before, after),
        *_enrollments(before, after),
        *_moved_tasks(before, after),
        *_due(before, after),
    ]


def decided(outcome: Outcome) -> LeadOutcome:
    return _OUTCOMES[outcome.outcome].model_validate(outcome, from_attributes=True)


def outcome_undone(outcome: Outcome) -> LeadOutcomeUndone:
    return LeadOutcomeUndone.model_validate(outcome, from_attributes=True)


def note_added(note: Mapping[str, Any]) -> NoteAdded:
    """The event about a note, without its text."""
    return NoteAdded.model_validate(note)


def contact_changed(state: State) -> ContactChanged:
    return ContactChanged.model_validate(state, from_attributes=True)


def suppression_changed(suppression: Suppression) -> SuppressionChanged:
    """The event of a suppression, without phone numbers, which are private."""
    marks = tuple(mark for mark in suppression.marks if not mark.startswith("phone:"))
    return SuppressionChanged.model_validate(asdict(suppression) | {"lifted": suppression.lifted, "marks": marks})


def account_moved(account: Account | OwnerState) -> AccountMoved:
    return AccountMoved(
        facility_id=account.facility_id,
        owner=account.owner or "",
        version=account.owner_version,
        client=account.client,
        reason=account.owner_reason,
    )


def rep_changed(rep: Rep) -> RepChanged:
    return RepChanged.model_validate(rep, from_attributes=True)


def rep_away(leave: Leave) -> RepAway:
    return RepAway.model_validate(leave, from_attributes=True)


def rep_back(leave: Leave) -> RepBack:
    return RepBack.model_validate(leave, from_attributes=True)


def task_done(task: Task) -> TaskDone:
    return TaskDone.model_validate(task, from_attributes=True)


def task_moved(task: Task) -> TaskMoved:
    return TaskMoved.model_validate(task, from_attributes=True)


def touch_logged(activity: Mapping[str, Any]) -> TouchLogged:
    """The event about a row of the activity log."""
    return TouchLogged.model_validate(activity)


def lead_raised(lead: Lead) -> LeadRaised:
    return LeadRaised.model_validate(lead, from_attributes=True)


def lead_changed(lead: Lead) -> LeadChanged:
    return LeadChanged.model_validate(lead, from_attributes=True)


def enrollment_state(enrollment: Enrollment, kind: type[S]) -> S:
    return kind.model_validate(enrollment, from_attributes=True)


def _owners(before: Board, after: Board) -> Iterator[AccountMoved]:
    for old, account in changed(before.accounts, after.accounts):
        if old and old.owner_version != account.owner_version:
            yield account_moved(account)


def _leads(before: Board, after: Board) -> Iterator[LeadState]:
    """One event for each lead with another version."""
    for old, lead in changed(before.leads, after.leads):
        if old is None:
            yield lead_raised(lead)
        elif old.raised_on != lead.raised_on or is_reopened(old, lead):
            yield LeadReopened.model_validate(
                asdict(lead) | {"reopened_by": lead.stage_by, "reason": lead.stage_reason}
            )
        elif old.version != lead.version:
            yield _lead_changed(old, lead)


def _lead_changed(old: Lead, lead: Lead) -> LeadState:
    move = move_between(old, lead)
    return LeadMoved.model_validate(asdict(move) | asdict(lead)) if move else lead_changed(lead)


def _enrollments(before: Board, after: Board) -> Iterator[Event]:
    for old, each in changed(before.enrollments, after.enrollments):
        if kind := _kind(old, each):
            yield enrollment_state(each, kind)


def _kind(old: Enrollment | None, new: Enrollment) -> type[EnrollmentState] | None:
    """The event class of a change of an enrollment; None if nothing that is published has changed."""
    kind = _STATUSES.get(new.status, EnrollmentEnded)
    if old is None or old.status != new.status:
        return kind
    before = enrollment_state(replace(old, version=new.version), kind)
    return kind if before != enrollment_state(new, kind) else None


def _ended_tasks(before: Board, after: Board) -> list[TaskDone]:
    ended = [
        task for old, task in changed(before.tasks, after.tasks) if not task.is_open and (old is None or old.is_open)
    ]
    return [task_done(task) for task in sorted(ended, key=lambda each: (each.facility_id, each.step_no, each.task_id))]


def _due(before: Board, after: Board) -> list[TaskDue]:
    """The tasks that fell due and those that were corrected, best first."""
    due = [(old, task) for old, task in changed(before.tasks, after.tasks) if task.status == "due"]
    due.sort(key=lambda pair: (pair[1].tier, -pair[1].score, pair[1].facility_id, pair[1].step_no))
    return [task_due(after, task, _event_of_due(old, task)) for old, task in due]


def _event_of_due(old: Task | None, task: Task) -> type[TaskDue]:
    """Research that is repeated is due on a later day than it was; a task that is reopened, on the same one."""
    if old is None or old.status == "moved":
        return TaskDue
    if old.status == "due":
        return TaskChanged
    return TaskReopened if old.due_on == task.due_on else TaskDue


def _moved_tasks(before: Board, after: Board) -> list[TaskMoved]:
    moved = [task for _, task in changed(before.tasks, after.tasks) if task.status == "moved"]
    return [task_moved(task) for task in sorted(moved, key=lambda each: (each.facility_id, each.step_no, each.task_id))]


def task_due(board: Board, task: Task, kind: type[TaskDue]) -> TaskDue:
    """The event of a task with the facts that its draft may state (R37)."""
    account = board.accounts[task.facility_id]
    enrollment = board.enrollments[task.enrollment_id] if task.enrollment_id else None
    contact = Contact(**task.person) if task.person else None
    signal = signal_behind(board, account)
    chain = (enrollment.chain if enrollment else None) or account.chain
    covers = enrollment.covers if enrollment else [task.facility_id]
    is_of_chain = contact is not None and board.roles.is_of_chain(contact.role)
    return kind(
        task_id=task.task_id,
        kind=task.kind,
        enrollment_id=task.enrollment_id,
        step_no=task.step_no,
        facility_id=task.facility_id,
        facility_name=account.name,
        facility_display_name=usual_name(account.name),
        city=account.city,
        state=account.state,
        main_phone=main_phone(account),
        chain=account.chain,
        chain_display_name=usual_name(account.chain),
        covers=tuple(covers),
        of_chain=tuple(_covered(board, board.accounts[key]) for key in covers) if is_of_chain else (),
        tier=task.tier,
        score=task.score,
        sequence=enrollment.sequence if enrollment else None,
        rep=task.rep,
        sender=_sender(board.team.get(task.rep)),
        channel=task.channel,
        persona=task.persona,
        person=_person(task.person, in_role_since(board, contact, account, chain)) if task.person and contact else None,
        template=task.template,
        due_on=task.due_on,
        reason=task.reason,
        signal=WhySignal.model_validate(signal, from_attributes=True) if signal else None,
        closed_posting=None if signal else _closed_posting(closed_signal(board, task.facility_id)),
        factors=tuple(WhyFactor.model_validate(each, from_attributes=True) for each in account.factors),
        pack=pack_hash(),
        version=task.version,
        marks=tuple(task_marks(board.roles, task.facility_id, chain, contact, task.channel)),
    )


def _covered(board: Board, account: Account) -> CoveredFacility:
    name, city = usual_name(account.name), usual_name(account.city)
    return CoveredFacility(
        facility_id=account.facility_id,
        name=name or account.name,
        city=city or account.city,
        hiring=signal_behind(board, account) is not None,
    )


def _closed_posting(signal: Signal | None) -> ClosedPosting | None:
    return ClosedPosting(role_family=signal.role_family, closed_on=signal.expires_on) if signal else None


def _sender(rep: Rep | None) -> Sender | None:
    return Sender.model_validate(rep, from_attributes=True) if rep else None


def _person(contact: dict[str, Any], since: date | None) -> Person:
    person = Person.model_validate(contact)
    name = name_of(person.name) if person.name else None
    known = {"display_name": name and name.full, "greeting": name and name.greeting, "in_role_since": since}
    return person.model_copy(update=known)
