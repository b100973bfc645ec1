"""How do sequences and enrollments become the pages?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from services.console import settings
from services.console.domain.addresses import address_of
from services.console.domain.sessions import Session
from services.console.rendering.filters import day, plural
from services.console.rendering.shapes import CHANNELS, Channel, Choice, slice_of
from services.console.screens.sequences.queries import STATES, Enrolled
from services.console.screens.sequences.view import Run, Runs, Sequences, Step
from services.console.screens.sequences.view import Sequence as Shown
from shared.contracts.sequencer_sequences import SequenceDetails, SequenceRow, StepRow

PAGE = 50
TITLES = {"active": "Active", "waiting": "Waiting", "ended": "Ended"}
EMPTY = {
    "active": "No one is in it now: an account starts with the plan of a day, as far as the caps allow.",
    "waiting": "Nothing is blocked or paused.",
    "ended": "No enrollment of it has ended yet.",
}
State = Literal["active", "waiting", "ended"]
Counts = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known for a page."""

    counts: Counts
    active: Collection[Enrolled]
    reps: Mapping[str, str]
    today: date


def sequences(rows: Sequence[SequenceRow], details: Mapping[str, SequenceDetails], known: Known) -> Sequences:
    """All sequences that the sequencer has; or those of the pack, while it does not answer."""
    names = [each.name for each in rows] or list(settings.sequences())
    older = {each.name: each.older for each in rows}
    shown = tuple(sequence(name, details.get(name), known, older.get(name, 0)) for name in names)
    active = sum(each.active.count or 0 for each in shown)
    return Sequences(
        f"{plural(len(shown), 'sequence')}, {plural(active, 'active enrollment')}",
        shown,
        "Sequences are files of the pack, and are changed there.",
    )


def sequence(name: str, details: SequenceDetails | None, known: Known, older: int = 0) -> Shown:
    here = Counter(step for each in known.active if each.sequence == name and (step := step_of(each)))
    steps = _steps(details, here) if details else _steps_of_pack(name, here)
    words = settings.sequences().get(name)
    moving = f"{plural(older, 'enrollment')} in an older version: preview moving {'it' if older == 1 else 'them'}"
    return Shown(
        name=name,
        href=f"/sequences/{name}/runs",
        title=details.title if details else words.title if words else name,
        version=details.version[:6] if details else "not known now",
        days=max((each.day for each in steps), default=0),
        steps=steps,
        active=_count(name, "active", known.counts),
        waiting=_count(name, "waiting", known.counts),
        ended=_count(name, "ended", known.counts),
        rules=tuple(details.rules) if details else (),
        older=Choice(moving, f"/sequences/{name}/migrate") if older else None,
    )


def _count(name: str, state: State, counts: Counts) -> Choice:
    total = sum(counts.get((name, status), 0) for status in STATES[state])
    return Choice(TITLES[state].lower(), f"/sequences/{name}/runs?state={state}", count=total)


def step_of(each: Enrolled) -> int:
    """The step that is due or comes next."""
    if each.step is None:
        return int(each.data.get("from_step") or 1)
    return each.step if each.is_open else each.step + 1


def _steps(details: SequenceDetails, here: Mapping[int, int]) -> tuple[Step, ...]:
    return tuple(
        Step(each.n, _day(each, details.starts_on), channel_of(each.channel), _role(each.persona), _detail(each),
            here.get(each.n, 0))
        for each in details.steps
    )  # fmt: skip


def _day(step: StepRow, starts_on: date) -> int:
    """The first day is 1."""
    return int(step.at) if step.at.isdigit() else (step.on - starts_on).days + 1


def _detail(step: StepRow) -> str:
    parts = [step.condition, f"at {step.window}" if step.window else "", "the last letter" if step.closing else ""]
    return ", ".join(filter(None, [*parts, step.template]))


def _steps_of_pack(name: str, here: Mapping[int, int]) -> tuple[Step, ...]:
    words = settings.sequences().get(name)
    steps, at = list[Step](), 0
    for each in words.steps if words else ():
        at = _day_of_pack(each, at)
        channel, role = channel_of(each["channel"]), _role(each["persona"])
        steps.append(Step(each["n"], at, channel, role, each.get("template") or "", here.get(each["n"], 0)))
    return tuple(steps)


def _day_of_pack(step: Mapping[str, Any], before: int) -> int:
    after = (step.get("after") or {}).get("days", 1)
    return int(step.get("day") or before + after)


def channel_of(name: str) -> Channel:
    return name if name in CHANNELS else "call"  # type: ignore[return-value]


def _role(persona: str) -> str:
    return settings.role_labels().get(persona, persona)


# --- the enrollments of one ----------------------------------------------------------------------------------


def runs(
    shown: Shown, state: State, found: Sequence[Enrolled], known: Known, session: Session, *, page: int = 1
) -> Runs:
    total = {"active": shown.active, "waiting": shown.waiting, "ended": shown.ended}
    tabs = tuple(
        Choice(TITLES[each], f"{shown.href}?state={each}", each == state, total[each].count) for each in TITLES
    )
    rows = tuple(_run(each, shown, state, known, session) for each in found)
    pages = slice_of(
        page, PAGE, total[state].count or 0, lambda number: address_of(shown.href, {"state": state, "page": number})
    )
    return Runs(shown, tabs, rows, pages, EMPTY[state])


def _run(each: Enrolled, shown: Shown, state: State, known: Known, session: Session) -> Run:
    late = bool(each.is_open and not each.waits and each.due_on and each.due_on < known.today)
    following = _next(each, known.today) if state != "ended" else f"ended {day(each.day)}" if each.day else "ended"
    return Run(
        id=each.id[:8],
        target=each.facility_id,
        version=each.version,
        account=each.name or each.facility_id,
        href=f"/facilities/{each.facility_id}",
        owner=known.reps.get(each.owner or "", each.owner or ""),
        state=state,
        step=min(step_of(each), len(shown.steps)),
        steps=len(shown.steps),
        next="" if late else following,
        why=_why(each),
        late=following if late else "",
        pause=each.status == "active" and session.can("schedules"),
        resume=each.status == "paused" and session.can("schedules"),
        stop=state != "ended" and session.can("schedules"),
    )


def _next(each: Enrolled, today: date) -> str:
    if not each.is_open or each.due_on is None:
        return {"blocked": "once it is found", "paused": "waits"}.get(each.status, "not due yet")
    title = CHANNELS[channel_of(each.channel or "")][1]
    if each.waits:
        return f"{title}, till {day(each.due_on, 'week')}"
    if each.due_on < today:
        return f"{title}, {plural((today - each.due_on).days, 'day')} late"
    return f"{title}, today" if each.due_on == today else f"{title}, {day(each.due_on, 'week')}"


def _why(each: Enrolled) -> str:
    if each.status == "blocked":
        missing = each.data.get("missing") or ()
        return f"missing: {', or '.join(missing)}" if missing else "blocked"
    if each.status == "paused":
        until = each.data.get("resume_on")
        till = f"paused till {day(date.fromisoformat(until), 'week')}" if until else "paused"
        return ": ".join(filter(None, (till, each.data.get("reason"))))
    if each.status == "completed":
        return "every step was done or skipped"
    return each.data.get("reason") or "" if each.status == "stopped" else ""
