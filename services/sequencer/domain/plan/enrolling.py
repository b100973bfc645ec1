"""Who is enrolled today, and who is blocked?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from services.sequencer.domain import pack
from services.sequencer.domain.accounts import Account, rank
from services.sequencer.domain.board import Board
from services.sequencer.domain.capacity import Applicant, under_caps, workload
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.identity import enrollment_id
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.research import ask_for_research
from services.sequencer.domain.reach import missing, why_unreachable
from services.sequencer.domain.subjects import Subject, joining, subjects
from services.sequencer.domain.suppression import closed_place, place_stops
from services.sequencer.domain.tasks import ended_with


def candidates(board: Board, book: Playbook) -> list[Account]:
    """Prospects of a worked tier with an owner that are in no open enrollment and may start their tier's sequence."""
    covered = {facility_id for each in board.open for facility_id in each.covers}
    starts = _last_starts(board)
    return [
        each
        for each in board.prospects(book.tiers)
        if each.owner
        and each.facility_id not in covered
        and not closed_place(each.facility_id, each.chain, board.suppressions)
        and may_start(sequence := book.sequence(each.tier), starts.get((each.facility_id, sequence.name)), board.today)
    ]


def may_start(sequence: pack.Sequence, last_started_on: date | None, today: date) -> bool:
    """Whether the waiting time of the pack since the last start is over (K25)."""
    return last_started_on is None or today >= last_started_on + timedelta(days=sequence.again_from_day - 1)


def join_chains(board: Board, book: Playbook) -> Board:
    """Add members that qualify later to the open enrollment of their chain."""
    joined = joining(candidates(board, book), board.open)
    opened = board.enrollments
    return board.having(
        enrollments=(replace(opened[key], covers=opened[key].covers + ids) for key, ids in joined.items())
    )


def hand_over(board: Board, book: Playbook) -> Board:
    """Move a blocked enrollment of a chain to its best facility, whose people can unblock it (2b).

    Research at the previous facility ends. If the enrollment stays blocked, research starts at the new one.
    """
    moved: list[Enrollment] = []
    for each, best in _competing(board, book):
        if best.facility_id != each.facility_id:
            there = replace(each, facility_id=best.facility_id)
            moved.append(replace(there, missing=missing(board.people(there), bool(there.chain))))
    reasons = {
        each.enrollment_id: f"{each.facility_id} is the best-scored facility of {each.chain} now." for each in moved
    }
    canceled = ended_with(board.tasks.values(), reasons, "canceled", board.today)
    left = [board.enrollments[each.enrollment_id].facility_id for each in moved]
    return board.having(enrollments=moved, tasks=canceled).expecting(dict.fromkeys(left))


def enroll(board: Board, book: Playbook) -> Board:
    """Start and block enrollments under the caps of each tier (R40 to R42, R44, R47)."""
    proposals = _proposals(board, book)
    for tier in book.tiers:
        board = _decide(board, book, tier, [each for each in proposals if each.enrollment.tier == tier])
    return board


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed enrollment, with the facility that determines its rank; it is blocked while something is missing."""

    enrollment: Enrollment
    best: Account

    @property
    def is_blocked(self) -> bool:
        return self.enrollment.status == "blocked"

    @property
    def applicant(self) -> Applicant:
        key, gate_open = str(self.enrollment.enrollment_id), not self.enrollment.missing
        return Applicant(key, rank(self.best), self.enrollment.owner, gate_open, self.is_blocked)


def _proposals(board: Board, book: Playbook) -> list[Proposal]:
    """New enrollments that can reach a person, and blocked ones, unless their owner is away without a cover."""
    new = [Proposal(_proposed(board, book, each), each.best) for each in subjects(candidates(board, book))]
    waiting = [Proposal(each, best) for each, best in _competing(board, book)]
    worked = [each for each in new + waiting if board.team.doer(each.enrollment.owner, board.today)]
    checked = [replace(each, enrollment=_with_missing(board, each.enrollment)) for each in worked]
    return [each for each in checked if each.is_blocked or _is_reachable(board, book, each.enrollment)]


def _proposed(board: Board, book: Playbook, subject: Subject) -> Enrollment:
    """The next enrollment of a subject. Each cycle is a new enrollment, linked to the previous one (K25)."""
    sequence = book.rule(subject.best.tier).sequence
    previous = board.last_cycles.get((subject.key, sequence))
    cycle = previous.cycle + 1 if previous else 1
    return Enrollment(
        enrollment_id=enrollment_id(subject.key, sequence, cycle),
        subject=subject.key,
        facility_id=subject.best.facility_id,
        chain=subject.chain,
        covers=subject.covers,
        sequence=sequence,
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
    )


def _competing(board: Board, book: Playbook) -> list[tuple[Enrollment, Account]]:
    """The blocked enrollments, each with the best facility that it covers, which determines its rank.

    An enrollment without prospects of a worked tier is left out; the next plan ends it.
    """
    prospects = {account.facility_id: account for account in board.prospects(book.tiers)}
    members = [(each, [prospects[key] for key in each.covers if key in prospects]) for each in board.blocked]
    return [(each, min(ranked, key=rank)) for each, ranked in members if ranked]


def _with_missing(board: Board, enrollment: Enrollment) -> Enrollment:
    return replace(enrollment, missing=missing(board.people(enrollment), bool(enrollment.chain)))


def _is_reachable(board: Board, book: Playbook, enrollment: Enrollment) -> bool:
    """Whether suppressions leave a person to reach."""
    chain = enrollment.chain or board.accounts[enrollment.facility_id].chain
    stops = place_stops(enrollment.facility_id, chain, board.suppressions)
    blocks = bool(enrollment.missing) and book.rule(enrollment.tier).gated
    steps = book.sequences[enrollment.sequence].steps
    return not why_unreachable(board.people(enrollment), stops, steps, blocks, bool(enrollment.chain))


def _decide(board: Board, book: Playbook, tier: int, proposals: Sequence[Proposal]) -> Board:
    load = workload(board.enrollments.values(), tier, board.today)
    verdicts = under_caps([each.applicant for each in proposals], book.rule(tier), load)
    by_key = {each.applicant.key: each for each in proposals}
    ranked = [(by_key[key], verdict) for key, verdict in verdicts.items()]
    started = [each.enrollment for each, verdict in ranked if verdict == "start"]
    blocked = [_blocked(each.enrollment, board.today) for each, verdict in ranked if verdict == "block"]
    waiting = [each.enrollment for each, verdict in ranked if verdict == "wait" and each.is_blocked]
    board = board.having(enrollments=[*(_started(each, board.today) for each in started), *blocked, *waiting])
    board = ask_for_research(board, book, [*blocked, *(each for each in waiting if each.missing)])
    return _end_research(board, [each.enrollment_id for each in started + waiting if not each.missing])


def _started(enrollment: Enrollment, today: date) -> Enrollment:
    return replace(enrollment, status="active", started_on=today, missing=[])


def _blocked(enrollment: Enrollment, today: date) -> Enrollment:
    return replace(enrollment, status="blocked", blocked_on=today)


def _end_research(board: Board, enrollment_ids: Iterable[UUID]) -> Board:
    """End the research of enrollments that have a person to call now."""
    outcomes = dict.fromkeys(enrollment_ids, "contact found")
    return board.having(tasks=ended_with(board.tasks.values(), outcomes, "done", board.today))


def _last_starts(board: Board) -> dict[tuple[str, str], date]:
    """The day on which each facility was last enrolled in each sequence."""
    starts = dict(board.last_starts)
    for each in board.enrollments.values():
        if each.started_on:
            for facility_id in each.covers:
                key = (facility_id, each.sequence)
                starts[key] = max(each.started_on, starts.get(key, date.min))
    return starts
