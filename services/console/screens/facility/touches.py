"""What is due next at an account, and where is it in its sequence?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from services.console import settings
from services.console.domain.sessions import Session
from services.console.rendering.filters import day, dialed, plural
from services.console.rendering.shapes import CHANNELS, Option
from services.console.screens.facility.known import Known
from services.console.screens.facility.queries import State
from services.console.screens.facility.view import NextTouch, Step

RUNNING = ("active", "paused", "blocked")


def next_task(known: Known) -> State | None:
    """The open task that is due first."""
    ends = {each.id: each.version for each in known.of("task_end")}
    open_tasks = [each for each in known.of("task") if ends.get(each.id, -1) < each.version]
    return min(open_tasks, key=lambda each: (each.data["due_on"], each.id), default=None)


def next_touch(task: State | None, known: Known, session: Session) -> NextTouch | None:
    if task is None:
        return _waiting(known)
    data, people = task.data, session.can_see("people")
    person = ((task.personal or {}).get("person") or {}) if people else {}
    role = settings.role_labels().get(data["persona"], data["persona"])
    name = person.get("display_name") or person.get("name")
    due = date.fromisoformat(data["due_on"])
    late = (known.wording.today - due).days
    number = dialed(person.get("direct_phone") or data.get("main_phone")) if people else ""
    return NextTouch(
        task=task.id,
        version=task.version,
        text=f"{CHANNELS[data['channel']][1]}: {name or role}",
        role=role if name else "",
        phone=number if data["channel"] == "call" else "",
        due="due today" if late == 0 else f"due {day(due, 'week')}",
        late=f"{plural(late, 'day')} late" if late > 0 else "",
        href=f"/worklist/{task.id}" if session.can_see("touches") else "",
    )


def _waiting(known: Known) -> NextTouch | None:
    """Without a task for today: what comes next, and when."""
    waits = [each for each in known.of("task_end") if each.status == "moved" and each.day]
    if waits:
        first = min(waits, key=lambda each: (each.day or date.max, each.id))
        return NextTouch("", 0, "A touch waits", "", due=f"until {day(first.day, 'week')}" if first.day else "")
    enrollment, steps = _enrollment(known)
    if enrollment and enrollment.status == "active":
        ahead = next((each for each in steps if each.state == "ahead"), None)
        return NextTouch("", 0, ahead.title, "", due=ahead.on) if ahead else None
    if enrollment and enrollment.status in RUNNING:
        return NextTouch("", 0, f"No touch while the sequence is{_status(enrollment).removeprefix(',')}", "")
    if known.rests_until:
        woken = "A posting that is more urgent, or for another role, wakes it earlier."
        text = "None: it rests after a closing letter"
        return NextTouch("", 0, text, "", say=woken, due=f"until {day(known.rests_until)}")
    return None


def outcomes(channel: str) -> tuple[Option, ...]:
    titles = settings.outcome_titles().get(channel, {})
    return tuple(Option(each, title[:1].upper() + title[1:]) for each, title in titles.items())


def sequence(known: Known) -> dict[str, Any]:
    """The enrollment that runs, or the last one, with its steps."""
    last, steps = _enrollment(known)
    if last is None:
        return {}
    return {"sequence": f"{settings.sequences()[last.data['sequence']].title}{_status(last)}", "steps": steps}


def _enrollment(known: Known) -> tuple[State | None, tuple[Step, ...]]:
    """The enrollment that runs, or the last one, if its sequence is known, and its steps."""
    enrollments = known.of("enrollment")
    running = [each for each in enrollments if each.status in RUNNING]
    last = max(running or enrollments, key=lambda each: (each.day or date.min, each.version), default=None)
    words = settings.sequences().get(last.data["sequence"]) if last else None
    if last is None or words is None:
        return None, ()
    return last, tuple(_steps(known, last, words.steps))


def _status(enrollment: State) -> str:
    data = enrollment.data
    if enrollment.status == "blocked":
        missing = ", ".join(settings.role_labels().get(each, each) for each in data.get("missing") or ())
        return f", blocked: {missing}" if missing else ", blocked"
    if enrollment.status == "paused":
        until = f" until {day(date.fromisoformat(data['resume_on']))}" if data.get("resume_on") else ""
        return f", paused{until}"
    return "" if enrollment.status == "active" else f", {enrollment.status}"


def _steps(known: Known, enrollment: State, steps: Sequence[Mapping[str, Any]]) -> list[Step]:
    tasks = {each.data["step_no"]: each for each in known.of("task") if each.data.get("enrollment_id") == enrollment.id}
    ends = {each.id: each for each in known.of("task_end")}
    began = enrollment.day if enrollment.status != "blocked" else None
    return [_step(each, tasks.get(each["n"]), ends, began) for each in steps]


def _step(step: Mapping[str, Any], task: State | None, ends: Mapping[str, State], began: date | None) -> Step:
    role = settings.role_labels().get(step["persona"], step["persona"])
    title = f"{CHANNELS[step['channel']][1]}, {role}"
    if task is None:
        about = f"about {day(began + timedelta(days=step['day'] - 1))}" if began and "day" in step else ""
        return Step(step["n"], title, "ahead", about)
    end = ends.get(task.id)
    if end is None or end.version < task.version:
        return Step(step["n"], title, "here", f"due {day(date.fromisoformat(task.data['due_on']))}")
    if end.status == "moved":
        return Step(step["n"], title, "here", f"waits until {day(end.day)}" if end.day else "waits")
    on = day(end.day) if end.day else ""
    if end.status == "done":
        return Step(step["n"], title, "done", on)
    return Step(step["n"], title, "skipped", on, end.data.get("outcome") or end.status)
