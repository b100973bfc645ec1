"""Who is enrolled today, and whom does the gate hold back?"""

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
from services.sequencer.domain.reach import barred, missing
from services.sequencer.domain.subjects import Subject, joining, subjects
from services.sequencer.domain.suppression import closed_place, place_stops
from services.sequencer.domain.tasks import settled


def candidates(board: Board, book: Playbook) -> list[Account]:
    """Prospects of a tier that is worked, with an owner, in no open enrollment, and due for their tier's sequence."""
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
    """From the day of the last enrollment that the pack names (K25); one that never started delays nothing."""
    return last_started_on is None or today >= last_started_on + timedelta(days=sequence.again_from_day - 1)


def join_chains(board: Board, book: Playbook) -> Board:
    """Members that qualify later belong to the enrollment that their chain is in."""
    joined = joining(candidates(board, book), board.open)
    opened = board.enrollments
    return board.having(
        enrollments=(replace(opened[key], covers=opened[key].covers + ids) for key, ids in joined.items())
    )


def hand_over(board: Board, book: Playbook) -> Board:
    """A blocked enrollment of a chain is about its best facility from now on: its people can open the gate (2b).

    Research at the former one ends here. While the gate stays shut, it is asked for anew at the present one.
    """
    moved: list[Enrollment] = []
    for each, best in _competing(board, book):
        if best.facility_id != each.facility_id:
            there = replace(each, facility_id=best.facility_id)
            moved.append(replace(there, missing=missing(board.people(there), bool(there.chain))))
    reasons = {
        each.enrollment_id: f"{each.facility_id} is the best-scored facility of {each.chain} now." for each in moved
    }
    skipped = settled(board.tasks.values(), reasons, "skipped", board.today)
    left = [board.enrollments[each.enrollment_id].facility_id for each in moved]
    return board.having(enrollments=moved, tasks=skipped).expecting(dict.fromkeys(left))


def enroll(board: Board, book: Playbook) -> Board:
    """Start and block enrollments, tier by tier, under the caps of each (R40 to R42, R44, R47)."""
    proposals = _proposals(board, book)
    for tier in book.tiers:
        board = _decide(board, book, tier, [each for each in proposals if each.enrollment.tier == tier])
    return board


@dataclass(frozen=True, slots=True)
class Proposal:
    """An enrollment as it would be, with the facility that gives it its rank; `missing` is what the gate asks for."""

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
    """New enrollments as far as they can reach anybody, and those that wait at the gate already."""
    new = [Proposal(_proposed(board, book, each), each.best) for each in subjects(candidates(board, book))]
    waiting = [Proposal(each, best) for each, best in _competing(board, book)]
    asked = [replace(each, enrollment=_at_gate(board, each.enrollment)) for each in new + waiting]
    return [each for each in asked if each.is_blocked or _reaches_somebody(board, book, each.enrollment)]


def _proposed(board: Board, book: Playbook, subject: Subject) -> Enrollment:
    """Each cycle is an enrollment of its own, linked to the last (K25)."""
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
    """Those that wait at the gate compete again, with the rank of the best facility that they stand for.

    One whose best facility said no today may stand for none that is worked any more; the next plan ends it.
    """
    prospects = {account.facility_id: account for account in board.prospects(book.tiers)}
    members = [(each, [prospects[key] for key in each.covers if key in prospects]) for each in board.blocked]
    return [(each, min(ranked, key=rank)) for each, ranked in members if ranked]


def _at_gate(board: Board, enrollment: Enrollment) -> Enrollment:
    return replace(enrollment, missing=missing(board.people(enrollment), bool(enrollment.chain)))


def _reaches_somebody(board: Board, book: Playbook, enrollment: Enrollment) -> bool:
    """Nobody is enrolled where everybody known said no."""
    chain = enrollment.chain or board.accounts[enrollment.facility_id].chain
    stops = place_stops(enrollment.facility_id, chain, board.suppressions)
    blocks = bool(enrollment.missing) and book.rule(enrollment.tier).gated
    steps = book.sequences[enrollment.sequence].steps
    return not barred(board.people(enrollment), stops, steps, blocks, bool(enrollment.chain))


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
    """Once somebody can be called, nobody has to look for a number any more."""
    outcomes = dict.fromkeys(enrollment_ids, "contact found")
    return board.having(tasks=settled(board.tasks.values(), outcomes, "done", board.today))


def _last_starts(board: Board) -> dict[tuple[str, str], date]:
    """When each facility was last enrolled in each sequence."""
    starts = dict(board.last_starts)
    for each in board.enrollments.values():
        if each.started_on:
            for facility_id in each.covers:
                key = (facility_id, each.sequence)
                starts[key] = max(each.started_on, starts.get(key, date.min))
    return starts
