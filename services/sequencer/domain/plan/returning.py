"""Which enrollments wait because the next person to contact is out of office?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from services.sequencer.domain import sequences
from services.sequencer.domain.board import Board
from services.sequencer.domain.calendar import roll
from services.sequencer.domain.conditions import addressee, facts_of
from services.sequencer.domain.due import earliest, planned_on, steps_to_come
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.pausing import pause_all
from services.sequencer.domain.resting import address_key
from services.sequencer.domain.tasks import RESEARCH, Task


def wait_for_return(board: Board, book: Playbook) -> Board:
    """Pause the enrollments whose next touch is of a person who is not back by its day; its task waits as well.

    What is left of the enrollment is then as far apart as before. Touches of other people go on.
    """
    if not board.out_of_office:
        return board
    tasks = board.tasks_by_enrollment()
    for each in board.active:
        if sequence := board.sequence(each, book):
            role, address, day = _next(board, book, each, sequence, tasks[each.enrollment_id])
            back_on = board.out_of_office.get(address_key(address))
            if back_on and day < back_on:
                until = roll(back_on, book.closed)
                board = pause_all(board, [each], until, _why(board, role, until))
    return board


def _next(
    board: Board, book: Playbook, each: Enrollment, sequence: sequences.Sequence, tasks: Sequence[Task]
) -> tuple[str, str, date]:
    """The role and the address of the person of the next touch, and its day."""
    for task in tasks:
        if task.is_open and task.step_no != RESEARCH:
            return task.persona, (task.person or {}).get("email") or "", max(task.due_on, board.today)
    facts = facts_of(board, each, tasks)
    for step in steps_to_come(each, sequence, tasks):
        if person := addressee(step, facts):
            after = earliest(tasks, sequence.waits_of(step), book.closed)
            day = max(planned_on(each, sequence, step, book.closed), after, board.today)
            return person.role, person.email or "", day
    return "", "", date.max


def _why(board: Board, role: str, until: date) -> str:
    label = board.roles.label(role) if role in board.roles.names else role
    return f"The {label} is out of office until {until}."
