"""What would be done with several tasks at once, before it is done?"""

from __future__ import annotations

from collections.abc import Sequence

from services.console.domain.sessions import Session
from services.console.rendering.filters import plural
from services.console.rendering.shapes import CHANNELS, Choice, Option
from services.console.screens.worklist.known import SKIPPING, Asked, Known, account_of, reps, step
from services.console.screens.worklist.touch import snooze_days
from services.console.screens.worklist.view import Selected, Several
from shared.contracts.sequencer_replies import WorklistTask

TITLES = {"skip": "Skip", "snooze": "Snooze", "reassign": "Reassign", "stop": "Stop"}
FOLLOWS = {
    "skip": "Each sequence goes on with its next step.",
    "snooze": "Each waits until that day; beyond the slip of its tier, its enrollment pauses.",
    "reassign": "The next steps stay with the owner.",
    "stop": "The enrollments end, with all of their open tasks. They do not go on again.",
}


def changes(session: Session) -> tuple[Choice, ...]:
    """What the person can do with several tasks."""
    if not session.can("touches"):
        return ()
    kinds = ("skip", "snooze", *(("reassign", "stop") if session.can("schedules") else ()))
    return tuple(Choice(f"{TITLES[each]}…", each) for each in kinds)


def several(asked: Asked, session: Session, tasks: Sequence[WorklistTask], known: Known) -> Several | None:
    """The tasks that are selected and still due, and what is asked before they are changed."""
    if asked.ask not in [each.href for each in changes(session)]:
        return None
    chosen = [each for each in tasks if str(each.task_id) in asked.several]
    if asked.ask == "stop":
        chosen = [each for each in chosen if each.enrollment_id]
    if not chosen:
        return None
    title = TITLES[asked.ask]
    command, field, label, options = _command(asked, session, known, {each.rep for each in chosen})
    return Several(
        title=f"{title} {plural(len(chosen), 'enrollment' if asked.ask == 'stop' else 'touch', _many(asked.ask))}?",
        sub=FOLLOWS[asked.ask],
        command=command,
        action=title,
        close=asked.href(task=""),
        rows=tuple(_row(each, asked.ask) for each in chosen),
        field=field,
        label=label,
        options=options,
    )


def _many(ask: str) -> str:
    return "enrollments" if ask == "stop" else "touches"


def _command(asked: Asked, session: Session, known: Known, now: set[str]) -> tuple[str, str, str, tuple[Option, ...]]:
    """The command, the field that it needs, its label, and what can be chosen."""
    match asked.ask:
        case "skip":
            return "skip_task", "reason", "Reason", tuple(Option(each, each) for each in SKIPPING)
        case "snooze":
            return "move_task", "until", "Until", snooze_days(known.ahead)
        case "reassign":
            return "reassign_task", "to", "To", reps(session, known.team, now)
    return "stop_enrollment", "reason", "Reason", ()


def _row(task: WorklistTask, ask: str) -> Selected:
    detail = f"{CHANNELS[task.channel][1]}, {step(task).lower()}"
    if ask == "stop":
        return Selected(task.facility_id, None, account_of(task), detail)
    return Selected(str(task.task_id), task.version, account_of(task), detail)
