"""How are decisions told to the other services?"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from services.sequencer.domain.leads import Lead
from services.sequencer.domain.outcomes import Outcome, Word
from services.sequencer.domain.reach import Contact
from services.sequencer.domain.runs import Run
from services.sequencer.domain.signals import Signal
from services.sequencer.domain.suppression import Suppression, touch_marks
from services.sequencer.domain.touches import Touch
from services.sequencer.settings import greeted, usual_name
from services.sequencer.store.accounts import Account
from services.sequencer.store.contacts import State
from shared.contracts.events import (
    ContactChanged,
    EnrollmentBlocked,
    EnrollmentEnded,
    EnrollmentStarted,
    LeadLost,
    LeadMet,
    LeadRaised,
    LeadWon,
    Person,
    SuppressionChanged,
    TaskDone,
    TaskDue,
    TouchLogged,
    WhySignal,
)

KINDS: dict[Word, type[LeadMet | LeadWon | LeadLost]] = {"meeting": LeadMet, "won": LeadWon, "lost": LeadLost}


def raised(lead: Lead) -> LeadRaised:
    return LeadRaised.model_validate(lead, from_attributes=True)


def decided(outcome: Outcome) -> LeadMet | LeadWon | LeadLost:
    return KINDS[outcome.outcome].model_validate(outcome, from_attributes=True)


def contact_changed(state: State) -> ContactChanged:
    return ContactChanged.model_validate(state, from_attributes=True)


def started(run: Run) -> EnrollmentStarted:
    return EnrollmentStarted.model_validate(run, from_attributes=True)


def blocked(run: Run) -> EnrollmentBlocked:
    return EnrollmentBlocked.model_validate(run, from_attributes=True)


def ended(run: Run) -> EnrollmentEnded:
    return EnrollmentEnded.model_validate(run, from_attributes=True)


def due(
    touch: Touch,
    run: Run,
    account: Account,
    main_phone: str | None,
    signal: Signal | None,
    pack: str,
    kind: type[TaskDue] = TaskDue,
) -> TaskDue:
    """Every fact that a draft of this touch may state (R37), and none that it may not."""
    contact = Contact(**touch.person) if touch.person else None
    return kind(
        task_id=touch.task_id,
        enrollment_id=touch.enrollment_id,
        step_no=touch.step_no,
        facility_id=touch.facility_id,
        facility_name=account.name,
        facility_display_name=usual_name(account.name),
        city=account.city,
        state=account.state,
        main_phone=main_phone,
        chain=account.chain,
        chain_display_name=usual_name(account.chain),
        covers=tuple(run.covers),
        tier=touch.tier,
        score=touch.score,
        sequence=run.sequence,
        rep=touch.rep,
        channel=touch.channel,
        persona=touch.persona,
        person=_person(touch.person) if touch.person else None,
        template=touch.template,
        due_on=touch.due_on,
        reason=touch.reason,
        signal=WhySignal.model_validate(signal, from_attributes=True) if signal else None,
        pack=pack,
        version=touch.version,
        marks=tuple(touch_marks(touch.facility_id, run.chain or account.chain, contact, touch.channel)),
    )


def _person(known: dict[str, Any]) -> Person:
    person = Person.model_validate(known)
    name = greeted(person.name) if person.name else None
    return person.model_copy(update={"display_name": name and name.full, "greeting": name and name.greeting})


def suppressed(suppression: Suppression) -> SuppressionChanged:
    """A number by which a person is known again is nobody else's business."""
    marks = tuple(mark for mark in suppression.marks if not mark.startswith("phone:"))
    return SuppressionChanged.model_validate(asdict(suppression) | {"lifted": suppression.lifted, "marks": marks})


def done(touch: Touch) -> TaskDone:
    return TaskDone.model_validate(touch, from_attributes=True)


def logged(touch: Touch, activity_id: UUID, today: date, follow_up_on: date | None) -> TouchLogged:
    return TouchLogged(
        activity_id=activity_id,
        facility_id=touch.facility_id,
        task_id=touch.task_id,
        channel=touch.channel,
        persona=touch.persona,
        outcome=touch.outcome,
        rep=touch.done_by or touch.rep,
        touched_on=today,
        next_follow_up_on=follow_up_on,
    )
