"""What happens today: who starts, who waits for research, and which tasks are due?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from engines.cadence.leveling import Placement
from services.sequencer.domain.board import Board
from services.sequencer.domain.conditions import facts_of
from services.sequencer.domain.due import DueStep, due_steps
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.briefing import Briefing, brief, task_of
from services.sequencer.domain.plan.enrolling import research_ends, with_missing
from services.sequencer.domain.plan.research import ask_for_research
from services.sequencer.domain.plan.scheduling import Schedule, schedule
from services.sequencer.domain.plan.stage_tasks import place_tasks
from services.sequencer.domain.tasks import RESEARCH, Task, ended


def work(board: Board, book: Playbook) -> Board:
    """Carry out the first day of the plan (R36, R40 to R44, R47)."""
    board = _pass_over(_open_gates(board, book), book)
    planned = schedule(board, book)
    board = _start(board, book, planned)
    board = _block(board, planned)
    today = planned.touches_on(0)
    board = place_tasks(board, book, today)
    asked = {key: each.worker for key, each in today.items() if each.step_no == RESEARCH and key in board.enrollments}
    return _expect(_offer(ask_for_research(board, book, asked), book, today), planned)


def _open_gates(board: Board, book: Playbook) -> Board:
    """End the research of blocked enrollments whose gate is open; its place is free for other research today."""
    waiting = (with_missing(board, book, each) for each in board.blocked)
    opened = [each for each in waiting if not each.missing]
    return research_ends(board.having(enrollments=opened), [each.enrollment_id for each in opened])


def _start(board: Board, book: Playbook, planned: Schedule) -> Board:
    """Start the enrollments whose first touch is today."""
    keys = [key for key, day in planned.plan.starts.items() if day == 0]
    started = [planned.proposals[key].enrollment for key in keys]
    versions = {name: sequence.version for name, sequence in book.sequences.items()}
    return board.having(enrollments=(_started(each, versions[each.sequence], board.today) for each in started))


def _started(enrollment: Enrollment, version: str, today: date) -> Enrollment:
    return replace(enrollment, status="active", started_on=today, missing=[], sequence_version=version)


def _block(board: Board, planned: Schedule) -> Board:
    """Block enrollments without a person to reach, and note what those that are blocked need now."""
    blocked = (replace(e.enrollment, status="blocked", blocked_on=board.today) for e in planned.blocked)
    waiting = (e.enrollment for e in planned.proposals.values() if e.is_blocked and e.enrollment.missing)
    return board.having(enrollments=[*blocked, *waiting])


def _pass_over(board: Board, book: Playbook) -> Board:
    """Skip the steps whose day has come and that cannot be done, before the plan: the next ones wait from today on."""
    return _offer(board, book, {})


def _offer(board: Board, book: Playbook, today: Mapping[UUID, Placement]) -> Board:
    """Create the task of each step that is placed on today, and skip the steps that cannot be done."""
    return board.having(
        tasks=[
            _task(briefing, due, board.today, today.get(briefing.enrollment.enrollment_id))
            for briefing, due in _due(board, book, today)
        ]
    )


def _task(briefing: Briefing, due: DueStep, today: date, placed: Placement | None) -> Task:
    """The task of a step, for the rep who works today; a step that cannot be done is skipped with its reason."""
    if due.person and placed:
        return replace(task_of(briefing, due.step, today, due.person, briefing.why), rep=placed.worker)
    why_not = due.why_not or ""
    return ended(task_of(briefing, due.step, today, None, why_not), "skipped", why_not, today)


def _due(board: Board, book: Playbook, today: Mapping[UUID, Placement]) -> Iterator[tuple[Briefing, DueStep]]:
    """The steps to record today, of enrollments whose rep works today, or has a cover."""
    tasks = board.tasks_by_enrollment()
    for each in board.active:
        sequence = board.sequence(each, book)
        if sequence is None or not board.team.doer(each.owner, board.today):
            continue
        facts, placed = facts_of(board, each, tasks[each.enrollment_id]), today.get(each.enrollment_id)
        steps = due_steps(each, sequence, facts, board.today, book.closed, placed.step_no if placed else None)
        if steps:
            briefing = brief(board, book, each)
            yield from ((briefing, due) for due in steps)


def _expect(board: Board, planned: Schedule) -> Board:
    """The days of the next follow-ups (R49): that of an open task, or the next touch of the plan."""
    next_on = {each.key: each.on for each in reversed(planned.plan.placements)}
    days: dict[str, date | None] = {
        each.facility_id: planned.horizon.day(on)
        for each in board.open
        if (on := next_on.get(str(each.enrollment_id))) is not None
    }
    days |= {task.facility_id: task.due_on for task in _open(board.tasks.values())}
    return board.expecting(days)


def _open(tasks: Iterable[Task]) -> Iterable[Task]:
    return (task for task in tasks if task.is_open)
