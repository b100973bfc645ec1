"""Which enrollments wait because the next person to contact is out of office?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from services.sequencer.domain import sequences
from services.sequencer.domain.board import Board
from services.sequencer.domain.calendar import roll
from services.sequencer.domain.conditions import addressee, facts_of
from services.sequencer.domain.due import earliest, planned_on, steps_to_come
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.pausing import paused
from services.sequencer.domain.resting import address_key
from services.sequencer.domain.tasks import BY, RESEARCH, Task, moved


def wait_for_return(board: Board, book: Playbook) -> Board:
    """Pause the enrollments whose next touch is of a person who is not back by its day; its task waits as well.

    What is left of the enrollment is then as far apart as before. Touches of other people go on.
    """
    if not board.out_of_office:
        return board
    tasks = board.tasks_by_enrollment()
    waits = [
        (each, task, role, roll(back_on, book.closed))
        for each in board.active
        if (sequence := board.sequence(each, book))
        for task, role, address, day in [_next(board, book, each, sequence, tasks[each.enrollment_id])]
        if (back_on := board.out_of_office.get(address_key(address))) and day < back_on
    ]
    return board.having(
        enrollments=(paused(each, board.today, until, _why(board, role, until)) for each, _, role, until in waits),
        tasks=(_waiting(task, until, board.today) for _, task, _, until in waits if task),
    )


def _next(
    board: Board, book: Playbook, each: Enrollment, sequence: sequences.Sequence, tasks: Sequence[Task]
) -> tuple[Task | None, str, str, date]:
    """The next touch: its open task, if there is one, the role and address of its person, and its day."""
    for task in tasks:
        if task.is_open and task.step_no != RESEARCH:
            return task, task.persona, (task.person or {}).get("email") or "", max(task.due_on, board.today)
    facts = facts_of(board, each, tasks)
    for step in steps_to_come(each, sequence, tasks):
        if person := addressee(step, facts):
            after = earliest(tasks, sequence.wait(step), book.closed)
            day = max(planned_on(each, sequence, step, book.closed), after, board.today)
            return None, person.role, person.email or "", day
    return None, "", "", date.max


def _why(board: Board, role: str, until: date) -> str:
    label = board.roles.label(role) if role in board.roles.names else role
    return f"The {label} is out of office until {until}."


def _waiting(task: Task, until: date, today: date) -> Task:
    waits = moved(task, until, "out of office", BY, today)
    return replace(waits, planned_on=until)
