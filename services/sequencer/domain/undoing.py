"""What followed from a touch, and what does taking it back restore?"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from services.sequencer.domain.board import Board, Decision, changed
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.leads import Lead
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.tasks import BY, Task, TaskStatus, ended

OutcomeKey = tuple[UUID, int]
"""The lead of an outcome, and the version of the lead with it."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What a touch changed beside its task: each value as it was before (None if there was none) and after."""

    leads: list[tuple[Lead | None, Lead]] = field(default_factory=list)
    enrollments: list[tuple[Enrollment | None, Enrollment]] = field(default_factory=list)
    tasks: list[tuple[Task | None, Task]] = field(default_factory=list)
    outcome: OutcomeKey | None = None
    """The outcome of the lead that was recorded, which has an undo of its own."""
    answered: Task | None = None
    """The task of an e-mail as it was before a person recorded what came back for it."""
    answered_on: date | None = None
    moved: Task | None = None
    """The task as it was before a person let it wait for a later day."""


_ONLY = "It was {} on {}, and could be taken back on that day only."


def followed(task: Task, before: Board, after: Board) -> Followed:
    """The differences between two boards, without the task of the touch."""
    others = [(old, new) for old, new in changed(before.tasks, after.tasks) if new.task_id != task.task_id]
    return Followed(changed(before.leads, after.leads), changed(before.enrollments, after.enrollments), others)


def why_not(task: Task, board: Board, made: Followed) -> str | None:
    """Why a touch that ended today cannot be taken back, as a sentence; None if it can."""
    if made.moved and task.status == "moved":
        return None if task.done_on == board.today else _ONLY.format(task.status, task.done_on)
    if task.is_open:
        waits = f"waits until {task.due_on}" if task.status == "moved" else "is due"
        return f"It {waits}; nothing was done or skipped that could be taken back."
    if task.done_by == BY:
        return f"It was {task.status} by the {BY} ({task.outcome}), so no person can take that back."
    since = made.answered_on or task.done_on
    if since != board.today:
        return _ONLY.format(task.status, since)
    later = [] if made.answered else [each for each in board.tasks.values() if _is_later(each, task)]
    if later:
        return f"The next touch, step {min(each.step_no for each in later)}, is planned already."
    done = [new for old, new in made.tasks if old is None and not board.tasks[new.task_id].is_open]
    return f"Its {done[0].kind.replace('_', '-')} was {board.tasks[done[0].task_id].status} already." if done else None


def taken_back(task: Task, made: Followed) -> Decision:
    """The decision that opens a task again and restores what followed from it.

    The task of an e-mail for which something came back is as it was before. A touch that was logged without a task ends
    as one that is canceled.
    """

    def opened(board: Board, book: Playbook) -> Board:
        before = restored(made, "The touch that it followed was taken back.")(board, book)
        if made.moved:
            again = replace(made.moved, version=task.version + 1)
            return before.having(tasks=[again]).expecting({task.facility_id: again.due_on})
        if made.answered:
            return before.having(tasks=[replace(made.answered, version=task.version + 1)])
        if task.kind == "logged":
            due = [
                each.due_on for each in before.tasks.values() if each.is_open and each.facility_id == task.facility_id
            ]
            canceled = ended(task, "canceled", "It was taken back.", board.today)
            return before.having(tasks=[canceled]).expecting({task.facility_id: min(due, default=None)})
        return before.having(tasks=[_again(task, board.today)]).expecting({task.facility_id: task.due_on})

    return opened


def restored(made: Followed, why: str) -> Decision:
    """The decision that restores what followed, and cancels the tasks that were added.

    What has changed since then stays as it is.
    """

    def decision(board: Board, book: Playbook) -> Board:
        leads = [_lead(board.leads[new.lead_id], old, new) for old, new in made.leads if old]
        enrollments = [enrollment_before(board, old, new) for old, new in made.enrollments if old]
        tasks = [task_before(board, old, new, why) for old, new in made.tasks]
        return board.having(leads=filter(None, leads), enrollments=filter(None, enrollments), tasks=filter(None, tasks))

    return decision


def _again(task: Task, today: date) -> Task:
    """A task that is open again; one that was done before its day waits for it."""
    status: TaskStatus = "due" if task.due_on <= today else "moved"
    opened = replace(task, version=task.version + 1, status=status, outcome=None, note=None)
    return replace(opened, done_by=None, done_on=None)


def _is_later(each: Task, task: Task) -> bool:
    return each.enrollment_id is not None and each.enrollment_id == task.enrollment_id and each.step_no > task.step_no


def _lead(current: Lead, old: Lead, new: Lead) -> Lead | None:
    """A lead as it was, unless it has changed since; an owner to whom it was handed over since then keeps it."""

    def kept(lead: Lead) -> Lead:
        refreshed_on, version = current.refreshed_on, current.version
        return replace(lead, owner=current.owner, refreshed_on=refreshed_on, version=version)

    same = replace(kept(new), undone_version=current.undone_version) == current
    return replace(kept(old), undone_version=new.version) if same else None


def enrollment_before(board: Board, old: Enrollment, new: Enrollment) -> Enrollment | None:
    """An enrollment as it was, unless it has changed since, or another one covers its facilities now.

    An owner to whom it was handed over since then keeps it.
    """
    current = board.enrollments[new.enrollment_id]
    others = (each for each in board.open if each.enrollment_id != new.enrollment_id)
    replaced = any(not set(each.covers).isdisjoint(old.covers) for each in others)
    same = replace(new, version=current.version, owner=current.owner) == current
    return replace(old, version=current.version, owner=current.owner) if same and not replaced else None


def task_before(board: Board, old: Task | None, new: Task, why: str) -> Task | None:
    """A task as it was, in its next version, unless it has changed since; one that was added is canceled."""
    current = board.tasks[new.task_id]
    if old is None:
        return ended(current, "canceled", why, board.today)
    return replace(old, version=current.version + 1) if current == new else None
