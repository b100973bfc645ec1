"""Who does the due tasks of a rep who is away, and when?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from services.sequencer.domain.board import Board, Decision
from services.sequencer.domain.calendar import Holidays, next_business_day, roll
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.pausing import resume
from services.sequencer.domain.reps import Team
from services.sequencer.domain.tasks import BY, Task, due_again, moved


def cover_absent(board: Board, book: Playbook) -> Board:
    """Give the due tasks of absent reps to their covers, and back after the leave.

    Without a cover, their enrollments pause and their tasks wait. Waiting tasks fall due from the day of the return on,
    and tasks that come back from today on: as many on each day as the rep does at most, so that no one comes back to a
    pile of overdue tasks. Repeating it changes nothing.
    """
    return _cover_tasks(_pause(board, book), book)


def _pause(board: Board, book: Playbook) -> Board:
    """Pause the enrollments of owners who are away without a cover, and go on with those of the others."""
    team, today = board.team, board.today
    away = {each.owner: team.back_on(each.owner, today) for each in board.open if not team.doer(each.owner, today)}
    waiting = (each for each in (*board.active, *board.paused) if each.owner in away)
    back = (each for each in board.paused if each.absent and each.owner not in away)
    paused = (_paused(each, team, today, roll(away[each.owner], book.closed)) for each in waiting)
    resumed = (replace(each, resume_on=today) for each in back)
    return resume(board.having(enrollments=[*paused, *resumed]), book)


def _paused(each: Enrollment, team: Team, today: date, until: date) -> Enrollment:
    """A paused enrollment. One that a person paused stays as it is; if it goes on meanwhile, it is paused again."""
    if each.status == "paused" and not each.absent:
        return each
    reason = f"{team.name(each.owner)} is away without a cover."
    paused_on = each.paused_on or today
    return replace(each, status="paused", paused_on=paused_on, resume_on=until, absent=each.owner, reason=reason)


def _cover_tasks(board: Board, book: Playbook) -> Board:
    moving = sorted((each for each in board.tasks.values() if _moves(each, board)), key=_place)
    days = Days(board, book, moving)
    tasks = [_moved(task, board, days) for task in moving]
    return board.having(tasks=tasks).expecting({task.facility_id: task.due_on for task in tasks})


def sign_again(rep: str) -> Decision:
    """Publish the due tasks of a rep again, because what they are signed with has changed."""

    def decide(board: Board, book: Playbook) -> Board:
        due = (each for each in board.tasks.values() if each.status == "due" and each.rep == rep)
        return board.having(tasks=(replace(each, version=each.version + 1) for each in due))

    return decide


class Days:
    """The days on which reps have room for further tasks: under a cap of the team, each one's share of it."""

    def __init__(self, board: Board, book: Playbook, moving: Iterable[Task]) -> None:
        cap, members = book.capacity.touches_per_day, len(board.team.members(board.today)) or 1
        self._of_team = cap.scope == "team"
        self._limit = -(-cap.max // members) if self._of_team else cap.max
        self._closed: Holidays = book.closed
        self._today = board.today
        left_out = {each.task_id for each in moving}
        others = (each for each in board.tasks.values() if each.is_open and each.task_id not in left_out)
        self._taken = Counter((each.rep, max(each.due_on, board.today)) for each in others)

    def take(self, rep: str, day: date) -> date:
        """The first business day, from this one on, on which the rep has room; it is used."""
        day = roll(day, self._closed)
        while self._taken[rep, day] >= self._limit:
            day = next_business_day(day, self._closed)
        self._taken[rep, day] += 1
        return day

    def keep(self, rep: str, due_on: date) -> date:
        """The day of a task that a cover does: as it is, since a cap of the team is kept; or the first with room."""
        if self._of_team:
            self._taken[rep, max(due_on, self._today)] += 1
            return due_on
        day = self.take(rep, self._today)
        return due_on if day == roll(self._today, self._closed) else day


def _moves(task: Task, board: Board) -> bool:
    """Whether another rep must do a task, or on another day. One that a person moved waits for its day first."""
    rep = task.absent or task.rep
    doer = board.team.doer(rep, board.today)
    if task.absent is None:
        return task.status == "due" and doer != rep and task.due_on <= board.today
    if not task.is_open:
        return False
    if _waits(task):
        return doer is not None or task.due_on < board.team.back_on(rep, board.today)
    return doer != task.rep


def _waits(task: Task) -> bool:
    """Whether a task waits for the return of its rep."""
    return task.absent == task.rep


def _moved(task: Task, board: Board, days: Days) -> Task:
    rep = task.absent or task.rep
    doer = board.team.doer(rep, board.today)
    if doer is None:
        return _waiting(task, rep, board, days)
    on = _day(task, doer, board, days)
    given = replace(task, rep=doer, absent=None if doer == rep else rep, due_on=on)
    if on > board.today and task.status == "due":
        return replace(moved(given, on, f"{doer} has no room before.", BY, board.today), planned_on=on)
    is_due = on <= board.today and task.status == "moved"
    return due_again(given) if is_due else replace(given, version=task.version + 1)


def _day(task: Task, doer: str, board: Board, days: Days) -> date:
    """The day of a task that another rep does, or its own rep again: an overdue one stays overdue for a cover."""
    if task.absent is None:
        return days.keep(doer, task.due_on)
    return days.take(doer, board.today if _waits(task) else max(task.due_on, board.today))


def _waiting(task: Task, rep: str, board: Board, days: Days) -> Task:
    back_on = board.team.back_on(rep, board.today)
    until = days.take(rep, back_on if _waits(task) else max(task.due_on, back_on))
    waiting = moved(task, until, f"{board.team.name(rep)} is away without a cover.", BY, board.today)
    return replace(waiting, rep=rep, absent=rep, planned_on=until)


def _place(task: Task) -> tuple[object, ...]:
    return (task.tier, -task.score, task.facility_id, task.step_no, task.task_id)
