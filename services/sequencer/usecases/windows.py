"""When should each task of a day be done: in the window of its step, and while its rep works?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from engines.packs import Calendar, calendar
from services.sequencer.domain.reps import Rep, Team
from services.sequencer.domain.sequences import Sequence
from services.sequencer.domain.tasks import PROMISED
from services.sequencer.domain.windows import Hours, Span, hours_of, place
from services.sequencer.settings import playbook
from services.sequencer.store import reps, sequences
from shared.clock import instant_at, local
from shared.contracts.sequencer_replies import WorklistTask
from shared.contracts.sequencer_windows import TaskWindow
from shared.storage.database import Tx


async def in_order(tx: Tx, tasks: list[WorklistTask], on: date) -> list[WorklistTask]:
    """The tasks with their windows, in the order of a day, and numbered."""
    pinned = await sequences.pinned(tx)
    windows = {task.task_id: window for task in tasks if (window := _window_of(task, pinned))}
    return arranged(tasks, windows, await reps.load(tx), calendar(), on)


def arranged(
    tasks: Iterable[WorklistTask], windows: Mapping[UUID, str], team: Team, zones: Calendar, on: date
) -> list[WorklistTask]:
    """What is overdue and what was promised stay in front; each of these parts is sorted by windows, then by rank."""
    placed = [_placed(task, team, windows.get(task.task_id), zones, on) for task in tasks]
    ordered = sorted(placed, key=lambda pair: (*_part(pair[0]), *pair[1], pair[0].rank))
    return [task.model_copy(update={"rank": rank}) for rank, (task, _) in enumerate(ordered, 1)]


def _part(task: WorklistTask) -> tuple[Any, ...]:
    return not task.overdue, task.due_on if task.overdue else date.max, task.kind not in PROMISED


def _window_of(task: WorklistTask, pinned: Mapping[str, Sequence]) -> str | None:
    """The window of the step of a task, in the version of its sequence that the enrollment started with."""
    sequence = pinned.get(task.sequence_version or "") or playbook().sequences.get(task.sequence or "")
    return next((step.window for step in sequence.steps if step.n == task.step_no), None) if sequence else None


def _placed(
    task: WorklistTask, team: Team, window: str | None, zones: Calendar, on: date
) -> tuple[WorklistTask, tuple[bool, timedelta, timedelta]]:
    """A task with its window, and its place by it."""
    rep, there = team.get(task.rep) or Rep(task.rep, task.rep, timezone=zones.timezone), zones.zone_of(task.state)
    working = _span(on, Hours(rep.from_hour, rep.to_hour), rep.timezone)
    found = working.within(_span(on, hours_of(window), there)) if window else working
    changes = {
        "window": found and _row(found, rep.timezone, there, window is not None),
        "no_window": None if found else f"{window} {there} is outside the hours of {rep.rep}: {_hours(rep)}",
    }
    return task.model_copy(update=changes), place(found, working)


def _span(on: date, hours: Hours, timezone: str) -> Span:
    return Span(instant_at(on, hours.begins, timezone), instant_at(on, hours.ends, timezone))


def _row(span: Span, here: str, there: str, limited: bool) -> TaskWindow:
    return TaskWindow(
        from_time=local(span.begins, here).time(),
        to_time=local(span.ends, here).time(),
        timezone=here,
        there_from=local(span.begins, there).time(),
        there_to=local(span.ends, there).time(),
        there=there,
        limited=limited,
    )


def _hours(rep: Rep) -> str:
    return f"{rep.from_hour.isoformat('minutes')}-{rep.to_hour.isoformat('minutes')} {rep.timezone}"
