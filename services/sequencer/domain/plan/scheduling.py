"""What does the planner get from the board: who works when, what is running, and who may start?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from engines.cadence.horizon import Horizon, Wait
from engines.cadence.leveling import Placement
from engines.cadence.planner import Plan, Started, plan
from engines.cadence.touches import ANY_DAY, Candidate, Crew, Letters, Limits, Run, Step, Touch, designed
from services.sequencer.domain import sequences
from services.sequencer.domain.accounts import rank
from services.sequencer.domain.board import Board
from services.sequencer.domain.calendar import is_business_day, monday_of
from services.sequencer.domain.capacity import Applicant, newly_blocked
from services.sequencer.domain.conditions import Facts, addressee, facts_of
from services.sequencer.domain.due import earliest, steps_to_come
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.enrolling import Proposal, proposals
from services.sequencer.domain.plan.pausing import shifted
from services.sequencer.domain.plan.recurring import next_cycles
from services.sequencer.domain.plan.research import asks_on
from services.sequencer.domain.plan.stage_tasks import runs_of_tasks
from services.sequencer.domain.resting import Rests
from services.sequencer.domain.tasks import PROMISED, RESEARCH, Task, is_planned

DAYS = 21
"""The business days of a plan."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The plan of the next days, with what it was made of."""

    horizon: Horizon
    plan: Plan
    proposals: dict[str, Proposal]
    blocked: list[Proposal]
    """Those that are blocked from today on, because no person can be reached."""
    queued: list[Proposal]
    """Those that would be blocked, but wait for a place in research."""
    booked: dict[tuple[str, int], int]

    def touches_on(self, day: int) -> dict[UUID, Placement]:
        """The touch of each enrollment that is done on a day of the plan."""
        return {UUID(each.key): each for each in self.plan.placements if each.on == day}


def schedule(board: Board, book: Playbook, first: date | None = None, days: int = DAYS) -> Schedule:
    """The plan of the next business days, from today or from `first` on."""
    horizon = Horizon(first or board.today, days, lambda day: is_business_day(day, book.closed))
    proposed = proposals(board, book, horizon.days[-1])
    shut = [each for each in proposed if each.enrollment.missing]
    blocked, queued = _blocks(board, book, shut)
    booked = _booked(board, horizon)
    by_rule = runs_of_tasks(board, book, horizon)
    owners = {each.enrollment.owner for each in [*proposed, *blocked]} | {each.owner for each in by_rule}
    crew = _crew(board, book, horizon, owners | {each.owner for each in board.open}, booked)
    runs = [*_runs(board, book, horizon), *_completed(board), *by_rule]
    runs += _research(board, book, horizon, [*(each for each in shut if each.is_blocked), *blocked])
    proposed += next_cycles(board, book, horizon.days[-1])
    candidates = [_candidate(board, book, horizon, each) for each in proposed if not each.enrollment.missing]
    started, letters = _started(board, horizon), _letters(board, book)
    made = plan(horizon, crew, runs, [each for each in candidates if each.steps], _limits(book), started, letters)
    by_key = {each.key: each for each in proposed}
    return Schedule(horizon, made, by_key, blocked, queued, booked)


def _blocks(board: Board, book: Playbook, shut: Iterable[Proposal]) -> tuple[list[Proposal], list[Proposal]]:
    """The proposals to block from today on, and those without a place in research or without an owner at work."""
    blocked: list[Proposal] = []
    queued: list[Proposal] = []
    shut = [each for each in shut if each.is_blocked or board.team.doer(each.enrollment.owner, board.today)]
    for tier in book.tiers:
        of_tier = [each for each in shut if each.enrollment.tier == tier]
        applicants = (Applicant(e.key, rank(e.best), e.enrollment.owner, e.is_blocked) for e in of_tier)
        chosen = set(newly_blocked(applicants, book.rule(tier)))
        blocked += [each for each in of_tier if each.key in chosen]
        queued += [each for each in of_tier if each.key not in chosen and not each.is_blocked]
    return blocked, queued


def _runs(board: Board, book: Playbook, horizon: Horizon) -> list[Run]:
    """The active and paused enrollments, with the touches that can reach a person."""
    tasks, promised = board.tasks_by_enrollment(), _promised(board)
    return [
        _run(board, book, horizon, each, sequence, [*tasks[each.enrollment_id], *promised[each.facility_id]])
        for each in (*board.active, *board.paused)
        if (sequence := board.sequence(each, book))
    ]


def _completed(board: Board) -> list[Run]:
    """The enrollments that were completed today have their seats until tomorrow."""
    found = (e for e in board.enrollments.values() if (e.status, e.ended_on) == ("completed", board.today))
    return [Run(str(each.enrollment_id), each.owner, each.tier, (), ()) for each in found]


def _promised(board: Board) -> dict[str, list[Task]]:
    """The open calls that were promised, by facility: no touch of a sequence comes before them."""
    found: dict[str, list[Task]] = defaultdict(list)
    for task in board.account_tasks:
        if task.kind in PROMISED:
            found[task.facility_id].append(task)
    return found


def _run(
    board: Board,
    book: Playbook,
    horizon: Horizon,
    each: Enrollment,
    sequence: sequences.Sequence,
    tasks: Sequence[Task],
) -> Run:
    if each.paused_on and each.resume_on:
        each = shifted(each, each.resume_on, sequence, tasks, book.closed)
    steps = _doable(each, sequence, facts_of(board, each, tasks), board.rests)
    rule = book.capacity.tiers.get(each.tier)
    touches = designed(steps, each.day_one, horizon, rule.slip_days if rule else 0)
    first = _earliest(each, tasks, touches[0].waits if touches else (), horizon, book)
    return Run(str(each.enrollment_id), each.owner, each.tier, rank(board.accounts[each.facility_id]), touches, first)


def _earliest(each: Enrollment, tasks: Sequence[Task], waits: Sequence[Wait], horizon: Horizon, book: Playbook) -> int:
    """The first day of the next touch: after the previous one, after an open task, and after a pause."""
    if each.status == "paused":
        return horizon.index(each.resume_on) if each.resume_on else horizon.count
    opened = [task.due_on for task in tasks if task.is_open and task.kind != "research"]
    after_open = max((horizon.later(max(horizon.index(day), 0), waits) for day in opened), default=0)
    return max(after_open, horizon.index(earliest(tasks, waits, book.closed)))


def _research(board: Board, book: Playbook, horizon: Horizon, blocked: Iterable[Proposal]) -> list[Run]:
    """The research of blocked enrollments, no more of it on a day than the pack allows; it takes no seat."""
    asked = [(max(horizon.index(day), 0), each) for each in blocked if (day := asks_on(board, book, each.enrollment))]
    taken = Counter({0: sum(task.is_open and task.channel == "research" for task in board.tasks.values())})
    runs: list[Run] = []
    for first, each in sorted(asked, key=lambda pair: (pair[0], rank(pair[1].best))):
        on = first
        while book.capacity.research_per_day is not None and taken[on] >= book.capacity.research_per_day:
            on += 1
        taken[on] += 1
        runs.append(_run_of_research(each, on, book))
    return runs


def _run_of_research(proposal: Proposal, on: int, book: Playbook) -> Run:
    each = proposal.enrollment
    touch = Touch(RESEARCH, on, book.rule(each.tier).slip_days)
    return Run(proposal.key, each.owner, each.tier, rank(proposal.best), (touch,), seated=False)


def _candidate(board: Board, book: Playbook, horizon: Horizon, proposal: Proposal) -> Candidate:
    each, rule = proposal.enrollment, book.rule(proposal.enrollment.tier)
    sequence = book.sequences[each.sequence]
    steps = _doable(each, sequence, facts_of(board, each, ()), board.rests)
    earliest = horizon.index(proposal.from_day) if proposal.from_day > board.today else 0
    days = sequence.start_days.numbered() if sequence.start_days else ANY_DAY
    return Candidate(proposal.key, each.owner, each.tier, rank(proposal.best), steps, rule.slip_days, earliest, days)


def _doable(each: Enrollment, sequence: sequences.Sequence, facts: Facts, rests: Rests) -> tuple[Step, ...]:
    """The steps to come that can be done as things stand, each letter with its address.

    One that cannot be done is skipped on its day, so the next one waits for as long as both do.
    """
    found: list[Step] = []
    waited: tuple[Wait, ...] = ()
    for step in steps_to_come(each, sequence, facts.tasks):
        waited += sequence.waits_of(step)
        if person := addressee(step, facts):
            address = rests.key(person.email) if step.channel == "email" else None
            found.append(Step(step.n, sequence.at(step, each.from_step), address, waited))
            waited = ()
    return tuple(found)


def _crew(
    board: Board, book: Playbook, horizon: Horizon, owners: Iterable[str], booked: dict[tuple[str, int], int]
) -> Crew:
    """Who does the touches of each owner on each day: the owner, a cover, or no person."""
    workers = {owner: [board.team.doer(owner, day) for day in horizon.days] for owner in sorted(owners)}
    cap = book.capacity.touches_per_day
    team_max, rep_max = (cap.max, None) if cap.scope == "team" else (None, cap.max)
    return Crew(workers, team_max, rep_max, booked)


def _booked(board: Board, horizon: Horizon) -> dict[tuple[str, int], int]:
    """What is on the worklists already: open tasks that are not planned anew, and the touches that were done today.

    For a plan from tomorrow on, today's tasks count as done.
    """
    found: Counter[tuple[str, int]] = Counter()
    for task in board.tasks.values():
        counts = task.is_open and not is_planned(task)
        if counts and (task.due_on > board.today or horizon.days[0] == board.today):
            found[task.rep, max(horizon.index(task.due_on), 0)] += 1
    if horizon.days[0] == board.today:
        found.update({(rep, 0): count for rep, count in board.done_today.items()})
    return dict(found)


def _limits(book: Playbook) -> dict[int, Limits]:
    return {
        tier: Limits(rule.per_rep, rule.new_per_rep_and_week, rule.new_per_day)
        for tier, rule in book.capacity.tiers.items()
    }


def _started(board: Board, horizon: Horizon) -> Started:
    """The starts that count against the quotas of the first day of the plan."""
    started = [(each, each.started_on) for each in board.enrollments.values() if each.started_on]
    first = horizon.days[0]
    week = Counter((each.tier, each.owner) for each, on in started if on >= monday_of(first))
    return Started(week, Counter(each.tier for each, on in started if on == first))


def _letters(board: Board, book: Playbook) -> Letters:
    cap = book.capacity.letters_per_person
    if cap is None:
        return Letters()
    return Letters(
        cap.max, cap.days, {key: [day.toordinal() for day in days] for key, days in board.rests.letters.items()}
    )
