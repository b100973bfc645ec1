"""Which facts of its facility does a task contain?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from engines.datasets.phones import national
from services.sequencer.domain.accounts import Account
from services.sequencer.domain.board import Board
from services.sequencer.domain.contacts import chain_key
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.identity import task_id
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.reach import Contact, Gate, People
from services.sequencer.domain.sequences import Step
from services.sequencer.domain.signals import Signal, best, last_closed, sentence
from services.sequencer.domain.tasks import RESEARCH, Task, digest_of


@dataclass(frozen=True, slots=True)
class Briefing:
    """An enrollment, its facility, and the people there, as of today."""

    enrollment: Enrollment
    account: Account
    people: People
    why: str
    doer: str
    """Who does the tasks today: the owner of the enrollment or, during a leave, the cover."""
    gate: Gate = "call"
    """What research looks for."""

    @property
    def is_chain(self) -> bool:
        return bool(self.enrollment.chain)


def brief(board: Board, book: Playbook, enrollment: Enrollment) -> Briefing:
    account = board.accounts[enrollment.facility_id]
    covers = len(enrollment.covers)
    why = sentence(account.factors, book.capacity.signal_factor, enrollment.tier, account.score, covers)
    doer = board.team.doer(enrollment.owner, board.today) or enrollment.owner
    rule = book.capacity.tiers.get(enrollment.tier)
    return Briefing(enrollment, account, board.people(enrollment), why, doer, (rule and rule.gate) or "call")


def main_phone(account: Account) -> str | None:
    return national(account.phone) or account.phone


def signal_behind(board: Board, account: Account) -> Signal | None:
    """The open signal behind the score of an account."""
    return best(board.signals.get(account.facility_id, ()), account.urgency, account.last_seen_on)


def closed_signal(board: Board, facility_id: str) -> Signal | None:
    """The signal of a facility whose postings were taken down last."""
    return last_closed(board.past_signals.get(facility_id, ()))


def in_role_since(board: Board, contact: Contact, account: Account, chain: str | None) -> date | None:
    """Since when a person has the role, if it is the one who has it now."""
    of_chain = board.roles.is_of_chain(contact.role)
    subject = f"chain:{chain_key(chain)}" if of_chain else f"facility:{account.facility_id}"
    incumbent = board.incumbents.get((subject, contact.role))
    return incumbent.changed_on if incumbent and incumbent.contact.name == contact.name else None


def task_of(briefing: Briefing, step: Step, due_on: date, person: Contact | None, reason: str) -> Task:
    """The task of a step."""
    enrollment, account = briefing.enrollment, briefing.account
    card = card_of(person)
    return Task(
        task_id=task_id(enrollment.enrollment_id, step.n),
        enrollment_id=enrollment.enrollment_id,
        step_no=step.n,
        facility_id=enrollment.facility_id,
        tier=enrollment.tier,
        score=account.score,
        urgency=account.urgency,
        last_seen_on=account.last_seen_on,
        measure=account.measure,
        rep=briefing.doer,
        channel=step.channel,
        persona=person.role if person else step.persona,
        person=card,
        template=step.template,
        due_on=due_on,
        status="due",
        outcome=None,
        done_by=None,
        done_on=None,
        reason=reason,
        version=1,
        absent=None if briefing.doer == enrollment.owner else enrollment.owner,
        digest=digest_for(account, enrollment.covers, card),
        kind="research" if step.n == RESEARCH else "step",
    )


def card_of(person: Contact | None) -> dict[str, Any] | None:
    """The recipient of a task, as it is stored."""
    if person is None:
        return None
    card = {part: getattr(person, part) for part in ("role", "name", "direct_phone", "email", "source")}
    return card | ({"aliases": [list(each) for each in person.aliases]} if person.aliases else {})


def digest_for(account: Account, covers: Iterable[str], card: dict[str, Any] | None) -> str:
    """A digest of what corrections may change."""
    facts = (account.name, account.city, account.state, account.chain, main_phone(account))
    return digest_of((card, sorted(covers), *facts))


def briefed_anew(task: Task, account: Account, covers: Iterable[str]) -> Task:
    """An open task whose enrollment covers other facilities now; its texts speak of them."""
    digest = digest_for(account, covers, task.person)
    return task if digest == task.digest else replace(task, version=task.version + 1, digest=digest)
