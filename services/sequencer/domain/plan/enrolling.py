"""Who may be enrolled, and which enrollments are proposed?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from services.sequencer.domain import sequences
from services.sequencer.domain.accounts import Account, rank
from services.sequencer.domain.board import Board
from services.sequencer.domain.contacts import chain_key
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.identity import enrollment_id
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.briefing import briefed_anew
from services.sequencer.domain.reach import missing, why_unreachable
from services.sequencer.domain.resting import wakes
from services.sequencer.domain.sequences import Step
from services.sequencer.domain.subjects import Subject, joining, subjects
from services.sequencer.domain.suppression import closed_place, place_stops
from services.sequencer.domain.tasks import BY, ended_with


def workable(board: Board, book: Playbook) -> list[Account]:
    """Prospects of a worked tier with an owner that are in no open enrollment; some of them may rest.

    One whose enrollment was completed today waits for the next day, so that a second plan of a day starts nothing.
    """
    completed = (e for e in board.enrollments.values() if (e.status, e.ended_on) == ("completed", board.today))
    covered = {facility_id for each in (*board.open, *completed) for facility_id in each.covers}
    return [
        each
        for each in board.prospects(book.tiers)
        if each.owner
        and each.facility_id not in covered
        and not closed_place(each.facility_id, each.chain, board.suppressions)
    ]


def candidates(board: Board, book: Playbook) -> list[Account]:
    """The workable accounts that may start their tier's sequence today."""
    starts = last_starts(board)
    return [each for each in workable(board, book) if may_start_on(board, book, each, starts) <= board.today]


LastStarts = dict[tuple[str, str], date]
"""The day on which each facility was last enrolled in each sequence."""


def may_start_on(board: Board, book: Playbook, account: Account, starts: LastStarts) -> date:
    """The first day on which an account may start the sequence of its tier, as things stand.

    It waits for the gap after its last touch (K17), and for what was promised to its people. It rests after its last
    enrollment in the same sequence (K25) and after a closing letter in any sequence, unless a new signal wakes it, or a
    person has re-opened its lead since.
    """
    sequence, key = book.sequence(account.tier), account.facility_id
    gap = account.last_contacted_on and account.last_contacted_on + timedelta(days=sequence.gap_days)
    started = starts.get((key, sequence.name))
    again = started and started + timedelta(days=sequence.again_from_day - 1)
    rested = max(again or date.min, board.rests.facilities.get(key, date.min))
    if rested > board.today and (is_woken(board, book, account) or _is_reopened(board, account, started)):
        rested = board.today
    return max(gap or date.min, rested, after_promises(board, key))


def after_promises(board: Board, facility_id: str) -> date:
    """The day after the last open call or letter that was promised to the people of an account, or after today."""
    promised = board.promised.get(facility_id)
    return max(promised, board.today) + timedelta(days=1) if promised else date.min


def is_woken(board: Board, book: Playbook, account: Account) -> bool:
    """Whether a signal since its last touch wakes the account, by the rule of its sequence."""
    if book.sequence(account.tier).wake is None or account.last_contacted_on is None:
        return False
    key = account.facility_id
    signals = (*board.signals.get(key, ()), *board.past_signals.get(key, ()))
    return wakes(signals, account.last_contacted_on, board.today)


def _is_reopened(board: Board, account: Account, started: date | None) -> bool:
    """Whether a person has re-opened its lost lead since its last start, on the same day or later (R52)."""
    lead = board.prospect_lead(account.facility_id)
    if lead is None or started is None:
        return False
    by_person = lead.phase == "new" and lead.stage_by != BY
    return lead.raised_on > started or (lead.raised_on == started and by_person)


def last_starts(board: Board) -> LastStarts:
    starts = dict(board.last_starts)
    for each in board.enrollments.values():
        if each.started_on:
            for facility_id in each.covers:
                key = (facility_id, each.sequence)
                starts[key] = max(each.started_on, starts.get(key, date.min))
    return starts


def join_chains(board: Board, book: Playbook) -> Board:
    """Add members that qualify later to the open enrollment of their chain."""
    joined = joining(candidates(board, book), board.open)
    opened = board.enrollments
    board = board.having(
        enrollments=(replace(opened[key], covers=opened[key].covers + ids) for key, ids in joined.items())
    )
    followed = (
        briefed_anew(task, board.accounts[task.facility_id], board.enrollments[task.enrollment_id].covers)
        for task in board.tasks.values()
        if task.is_open and task.enrollment_id in joined
    )
    return board.having(tasks=followed)


def hand_over(board: Board, book: Playbook) -> Board:
    """Move a blocked enrollment of a chain to its best facility, whose people can unblock it (2b).

    Research at the previous facility ends. If the enrollment stays blocked, research starts at the new one.
    """
    moved = [
        with_missing(board, book, replace(each, facility_id=best.facility_id))
        for each, best in competing(board, book)
        if best.facility_id != each.facility_id
    ]
    reasons = {
        each.enrollment_id: f"{each.facility_id} is the best-scored facility of {each.chain} now." for each in moved
    }
    canceled = ended_with(board.tasks.values(), reasons, "canceled", board.today)
    left = [board.enrollments[each.enrollment_id].facility_id for each in moved]
    return board.having(enrollments=moved, tasks=canceled).expecting(dict.fromkeys(left))


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed enrollment, with the facility that determines its rank; it is blocked while something is missing."""

    enrollment: Enrollment
    best: Account
    from_day: date = date.min
    """The first day on which it may start."""

    @property
    def key(self) -> str:
        return str(self.enrollment.enrollment_id)

    @property
    def is_blocked(self) -> bool:
        return self.enrollment.status == "blocked"


def proposals(board: Board, book: Playbook, until: date) -> list[Proposal]:
    """New enrollments that can reach a person, and blocked ones; those that may start by a day.

    A chain is proposed once its best member may start, for the members that may.
    """
    starts = last_starts(board)
    days = {each.facility_id: may_start_on(board, book, each, starts) for each in workable(board, book)}
    known = {each.facility_id: each for each in board.accounts.values()}
    now = [known[key] for key, day in days.items() if day <= board.today]
    later = [known[key] for key, day in days.items() if board.today < day <= until]
    new = [_proposal(board, book, each, date.min) for each in subjects(now)]
    joined = {chain_key(each.enrollment.chain) for each in new if each.enrollment.chain}
    new += [
        _proposal(board, book, Subject((each,)), days[each.facility_id])
        for each in later
        if chain_key(each.chain) not in joined
    ]
    waiting = [
        Proposal(with_missing(board, book, each), best, after_promises(board, each.facility_id))
        for each, best in competing(board, book)
    ]
    return [*waiting, *(each for each in new if _is_reachable(board, book, each.enrollment))]


def _proposal(board: Board, book: Playbook, subject: Subject, from_day: date) -> Proposal:
    return Proposal(with_missing(board, book, proposed(board, book, subject)), subject.best, from_day)


def proposed(board: Board, book: Playbook, subject: Subject) -> Enrollment:
    """The next enrollment of a subject. Each cycle is a new enrollment, linked to the previous one (K25)."""
    sequence = book.sequence(subject.best.tier)
    previous = board.last_cycles.get((subject.key, sequence.name))
    cycle = previous.cycle + 1 if previous else 1
    woken = sequence.wake if previous and is_woken(board, book, subject.best) else None
    return Enrollment(
        enrollment_id=enrollment_id(subject.key, sequence.name, cycle),
        subject=subject.key,
        facility_id=subject.best.facility_id,
        chain=subject.chain,
        covers=subject.covers,
        sequence=sequence.name,
        cycle=cycle,
        previous_id=previous.enrollment_id if previous else None,
        tier=subject.best.tier,
        owner=subject.best.owner or "",
        status="active",
        blocked_on=None,
        started_on=None,
        ended_on=None,
        missing=[],
        reason=None,
        from_step=_reopened_at(board, sequence, subject.best) or (woken.from_step if woken else 1),
    )


def _reopened_at(board: Board, sequence: sequences.Sequence, account: Account) -> int | None:
    """The step at which a person wants the account of a re-opened lead to begin (R52)."""
    lead = board.prospect_lead(account.facility_id)
    return min(lead.from_step, len(sequence.steps)) if lead and lead.from_step else None


def competing(board: Board, book: Playbook) -> list[tuple[Enrollment, Account]]:
    """The blocked enrollments, each with the best facility that it covers, which determines its rank.

    An enrollment without prospects of a worked tier is left out; the next plan ends it.
    """
    prospects = {account.facility_id: account for account in board.prospects(book.tiers)}
    members = [(each, [prospects[key] for key in each.covers if key in prospects]) for each in board.blocked]
    return [(each, min(ranked, key=rank)) for each, ranked in members if ranked]


def with_missing(board: Board, book: Playbook, enrollment: Enrollment) -> Enrollment:
    steps, gate = _steps(book, enrollment), book.rule(enrollment.tier).gate
    lacking = missing(board.people(enrollment), bool(enrollment.chain), gate, steps)
    return enrollment if lacking == enrollment.missing else replace(enrollment, missing=lacking)


def _is_reachable(board: Board, book: Playbook, enrollment: Enrollment) -> bool:
    """Whether suppressions leave a person to reach."""
    chain = enrollment.chain or board.accounts[enrollment.facility_id].chain
    stops = place_stops(enrollment.facility_id, chain, board.suppressions)
    blocks = bool(enrollment.missing) and book.rule(enrollment.tier).gate == "call"
    steps = _steps(book, enrollment)
    return not why_unreachable(board.people(enrollment), stops, steps, blocks, bool(enrollment.chain))


def _steps(book: Playbook, enrollment: Enrollment) -> Sequence[Step]:
    return book.sequences[enrollment.sequence].steps_from(enrollment.from_step)


def research_ends(board: Board, enrollment_ids: Sequence[UUID]) -> Board:
    """End the research of enrollments that have a person to reach now."""
    outcomes = dict.fromkeys(enrollment_ids, "contact found")
    return board.having(tasks=ended_with(board.tasks.values(), outcomes, "done", board.today))
