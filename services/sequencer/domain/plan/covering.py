"""Who does the due tasks of a rep who is away, and when?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from services.sequencer.domain.board import Board, Decision
from services.sequencer.domain.calendar import Holidays, next_business_day, roll
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.tasks import Task


def cover_absent(board: Board, book: Playbook) -> Board:
    """Give the due tasks of absent reps to their covers, and back after the leave; without a cover, they wait.

    Waiting tasks fall due from the day of the return on, and tasks that come back from today on: as many on each day as
    the rep does at most, so that no one comes back to a pile of overdue tasks. Repeating it changes nothing.
    """
    moving = sorted((each for each in board.tasks.values() if _moves(each, board)), key=_place)
    days = Days(board, book, moving)
    moved = [_moved(task, board, days) for task in moving]
    return board.having(tasks=moved).expecting({task.facility_id: task.due_on for task in moved})


def sign_again(rep: str) -> Decision:
    """Publish the due tasks of a rep again, because what they are signed with has changed."""

    def decide(board: Board, book: Playbook) -> Board:
        due = (each for each in board.tasks.values() if each.status == "due" and each.rep == rep)
        return board.having(tasks=(replace(each, version=each.version + 1) for each in due))

    return decide


class Days:
    """The days from which a rep has room for further tasks."""

    def __init__(self, board: Board, book: Playbook, moving: Iterable[Task]) -> None:
        cap, members = book.capacity.touches_per_day, len(board.team.members(board.today)) or 1
        self._limit = cap.max if cap.scope == "rep" else -(-cap.max // members)
        self._closed: Holidays = book.closed
        left_out = {each.task_id for each in moving}
        others = (each for each in board.tasks.values() if each.status == "due" and each.task_id not in left_out)
        self._taken = Counter((each.rep, max(each.due_on, board.today)) for each in others)

    def take(self, rep: str, day: date) -> date:
        """The first business day, from this one on, on which the rep has room; it is used."""
        day = roll(day, self._closed)
        while self._taken[rep, day] >= self._limit:
            day = next_business_day(day, self._closed)
        self._taken[rep, day] += 1
        return day


def _moves(task: Task, board: Board) -> bool:
    """Whether another rep must do a task, or on another day."""
    if task.status != "due":
        return False
    rep = task.absent or task.rep
    doer = board.team.doer(rep, board.today)
    if task.absent is None:
        return doer != rep and task.due_on <= board.today
    waits = task.rep == rep
    return doer != (None if waits else task.rep) or (waits and task.due_on < board.team.back_on(rep, board.today))


def _moved(task: Task, board: Board, days: Days) -> Task:
    rep = task.absent or task.rep
    doer = board.team.doer(rep, board.today)
    absent = None if doer == rep else rep
    again = replace(task, rep=doer or rep, absent=absent, version=task.version + 1)
    if doer is None:
        return replace(again, due_on=days.take(rep, board.team.back_on(rep, board.today)))
    if task.absent is None:
        return again
    waited = task.rep == rep
    return replace(again, due_on=days.take(doer, board.today if waited else max(task.due_on, board.today)))


def _place(task: Task) -> tuple[object, ...]:
    return (task.tier, -task.score, task.facility_id, task.step_no, task.task_id)
