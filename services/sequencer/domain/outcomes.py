"""Which outcomes may a person record, how do they change the lead, and what does taking one back restore?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from services.sequencer.domain.board import Board, Decision, changed
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.leads import Lead, moved
from services.sequencer.domain.pack import NoContact, Playbook
from services.sequencer.domain.plan.account_tasks import end_account_tasks
from services.sequencer.domain.plan.ending import withdraw
from services.sequencer.domain.plan.neighbors import pause_company, why_company
from services.sequencer.domain.stages import Phase, Stages
from services.sequencer.domain.tasks import BY, Task

OutcomeKind = Literal["meeting", "won", "lost"]

ENDS: Mapping[OutcomeKind, str] = {
    "meeting": "A meeting was scheduled.",
    "won": "The facility became an active client.",
    "lost": "The lead was lost.",
}
"""Why an outcome ends the enrollments of its account."""
MEETING = "a meeting was scheduled"
"""Why the other members of its chain wait."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a lead, as a person recorded it."""

    facility_id: str
    version: int
    """That of the lead with the outcome."""
    lead_id: UUID
    lead_source: str
    outcome: OutcomeKind
    raised_on: date
    decided_on: date
    decided_by: str
    reason: str | None
    undone_by: str | None = None
    undone_on: date | None = None


@dataclass(frozen=True, slots=True)
class Before:
    """What an outcome changed, as it was before: taking the outcome back restores it."""

    stage: str
    phase: Phase
    stage_since: date
    stage_by: str
    stage_reason: str | None
    closed_on: date | None
    closed_reason: str | None
    engaged_until: date | None
    reopen_asked_on: date | None
    converted_facility_id: str | None
    client: bool
    owner: str | None
    next_follow_up_on: date | None
    enrollments: list[Enrollment]
    tasks: list[Task]
    suppressed: list[str]
    """The channels on which the reason of a loss suppressed the facility."""


def carried_out(lead_id: UUID, kind: OutcomeKind, reason: str | None, by: str) -> tuple[Decision, ...]:
    """The decisions that follow from an outcome. A win makes the account a client; each ends its enrollments (R51)."""

    def recorded(board: Board, book: Playbook) -> Board:
        lead = with_outcome(board.leads[lead_id], kind, reason, by, board.today, book.stages)
        account = board.accounts[lead.facility_id]
        owned = account if account.owner else replace(account, owner=by, owner_reason="Recorded the win.")
        clients = [replace(owned, client=True)] if kind == "won" else []
        return board.having(leads=[lead], accounts=clients)

    def ended(board: Board, book: Playbook) -> Board:
        return withdraw([board.leads[lead_id].facility_id], ENDS[kind])(board, book)

    def waiting(board: Board, book: Playbook) -> Board:
        lead = board.leads[lead_id]
        return pause_company(lead.facility_id, MEETING)(board, book) if kind == "meeting" else board

    return recorded, ended, waiting, end_account_tasks


def with_outcome(lead: Lead, kind: OutcomeKind, reason: str | None, by: str, today: date, stages: Stages) -> Lead:
    """The lead with its outcome. A meeting leaves it open, to be worked by hand for some days."""
    if kind == "meeting":
        stage = stages.entered_by(lead.lead_source, "meeting", lead.stage, lead.phase)
        met = moved(lead, stage, by, reason or "by a meeting", today) if stage else lead
        return replace(met, engaged_until=today + timedelta(days=stages.engaged_days))
    decided = moved(lead, stages.in_phase(lead.lead_source, kind), by, reason, today)
    return replace(decided, converted_facility_id=lead.facility_id) if kind == "won" else decided


def before(lead_id: UUID, old: Board, new: Board, suppressed: Collection[str]) -> Before:
    """What an outcome changed between two boards."""
    lead = old.leads[lead_id]
    account = old.accounts[lead.facility_id]
    return Before(
        stage=lead.stage,
        phase=lead.phase,
        stage_since=lead.stage_since,
        stage_by=lead.stage_by,
        stage_reason=lead.stage_reason,
        closed_on=lead.closed_on,
        closed_reason=lead.closed_reason,
        engaged_until=lead.engaged_until,
        reopen_asked_on=lead.reopen_asked_on,
        converted_facility_id=lead.converted_facility_id,
        client=account.client,
        owner=account.owner,
        next_follow_up_on=account.next_follow_up_on,
        enrollments=[each for each, _ in changed(old.enrollments, new.enrollments) if each],
        tasks=[each for each, _ in changed(old.tasks, new.tasks) if each],
        suppressed=sorted(suppressed),
    )


def undone(outcome: Outcome, was: Before) -> Decision:
    """The decision that takes an outcome back: lead, account, enrollments and tasks are as before.

    What a person or another event has changed since stays. An enrollment that a newer one replaced stays ended.
    """

    def restored(board: Board, book: Playbook) -> Board:
        account = board.accounts[outcome.facility_id]
        # A win gives an account without an owner to the one who records it.
        owner = None if was.owner is None and account.owner == outcome.decided_by else account.owner
        # The outcome cleared the day of the next follow-up; one that is stated was stated since.
        next_on = account.next_follow_up_on or was.next_follow_up_on
        account = replace(account, client=was.client, owner=owner, next_follow_up_on=next_on)
        board = board.having(leads=[_lead_before(board.leads[outcome.lead_id], outcome, was)], accounts=[account])
        if was.client and outcome.lead_source != "upsell":
            return board  # A list has named it as a client since, so that what it had as a prospect stays ended.
        enrollments = [_enrollment_before(board, each, outcome) for each in was.enrollments]
        again = {each.enrollment_id for each in enrollments if each and _goes_on(board, each, outcome)}
        again_or_own = {*again, None}  # None: the tasks of the account itself
        tasks = [
            _task_before(board.tasks[task.task_id], task) for task in was.tasks if task.enrollment_id in again_or_own
        ]
        return board.having(enrollments=[each for each in enrollments if each], tasks=[each for each in tasks if each])

    return restored


def _lead_before(lead: Lead, outcome: Outcome, was: Before) -> Lead:
    return replace(
        lead,
        stage=was.stage,
        phase=was.phase,
        stage_since=was.stage_since,
        stage_by=was.stage_by,
        stage_reason=was.stage_reason,
        closed_on=was.closed_on,
        closed_reason=was.closed_reason,
        engaged_until=was.engaged_until,
        reopen_asked_on=was.reopen_asked_on,
        converted_facility_id=was.converted_facility_id,
        undone_version=outcome.version,
    )


def _enrollment_before(board: Board, was: Enrollment, outcome: Outcome) -> Enrollment | None:
    """An enrollment that the outcome ended or narrowed, as it was; None if it has changed since."""
    current = board.enrollments[was.enrollment_id]
    if was.status == "active" and current.reason == why_company(outcome.facility_id, MEETING):
        return replace(was, owner=current.owner, covers=current.covers)
    if was.facility_id != outcome.facility_id:
        covers = [key for key in was.covers if key in {*current.covers, outcome.facility_id}]
        return replace(current, covers=covers) if current.is_open else None
    newer = any(not set(each.covers).isdisjoint(was.covers) for each in board.open)
    return None if newer or current.reason != ENDS[outcome.outcome] else was


def _goes_on(board: Board, each: Enrollment, outcome: Outcome) -> bool:
    """Whether an enrollment is running again, with its tasks: that of the account, or one that waited because of it."""
    waited = board.enrollments[each.enrollment_id].status == "paused" and each.status == "active"
    return waited or each.facility_id == outcome.facility_id


def _task_before(current: Task, was: Task) -> Task | None:
    """A task that the outcome canceled, as it was, in its next version."""
    return replace(was, version=current.version + 1) if current.done_by == BY else None


def no_contact(reason: str | None, rules: Iterable[NoContact]) -> list[str]:
    """The channels on which the reason of a loss forbids contact."""
    words = f" {_folded(reason or '')} "
    return sorted({channel for rule in rules if _applies(words, rule) for channel in rule.channels})


def _applies(words: str, rule: NoContact) -> bool:
    return any(f" {_folded(each)} " in words for each in rule.phrases) or words.strip() in map(_folded, rule.exactly)


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", re.sub(r"['’]|(?<=\be)-(?=mail)", "", text.casefold())))


def outcome_of(lead: Lead, kind: OutcomeKind, reason: str | None, by: str, today: date) -> Outcome:
    """The outcome that brought a lead to its current state."""
    return Outcome(
        lead.facility_id, lead.version, lead.lead_id, lead.lead_source, kind, lead.raised_on, today, by, reason
    )


def is_repeated(last: Outcome | None, lead: Lead, kind: OutcomeKind) -> bool:
    """Whether the last outcome of a lead is the same, and the lead was not re-opened since, perhaps on that day."""
    same = last is not None and (last.outcome, last.raised_on) == (kind, lead.raised_on)
    return same and kind in ("meeting", lead.phase)
