"""How do the tasks of a day become the page?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from engines.packs import calendar
from services.console import settings
from services.console.domain.sessions import Session
from services.console.rendering.filters import day, instant, plural, short_name
from services.console.rendering.shapes import CHANNELS, Channel, Choice, Done
from services.console.screens.worklist.known import (
    Asked,
    Known,
    account_of,
    late,
    step,
)
from services.console.screens.worklist.queries import Ended, Team
from services.console.screens.worklist.several import changes, several
from services.console.screens.worklist.touch import phone_of
from services.console.screens.worklist.touch import touch as open_touch
from services.console.screens.worklist.view import Part, RepDay, Row, Worklist
from services.console.usecases.reading import typed
from services.console.usecases.scores import score_of, urgency_of
from services.console.usecases.texts import plain
from services.console.usecases.wording import translated
from shared.contracts.sequencer_replies import DayOfWork, WorklistTask

TEAM, ME = "team", "me"


def worklist(asked: Asked, session: Session, work: DayOfWork, known: Known) -> Worklist:
    """The page: every task keeps its rank, whatever is filtered."""
    shown = [each for each in work.tasks if _shown(each, asked)]
    opened = next((each for each in work.tasks if str(each.task_id) == asked.task), None)
    current = opened or (shown[0] if shown else None)
    done = [each for each in known.ended if each.status == "done"]
    return Worklist(
        on=asked.on,
        done=len(done),
        total=len(done) + len(work.tasks),
        done_href=asked.href(task="") + "#done",
        whose=_whose(asked, session, known.team),
        channels=_channels(asked, work.tasks),
        tiers=_tiers(asked, work.tasks),
        parts=_parts(asked, session, shown, known),
        done_today=tuple(_done(each, session) for each in known.ended),
        done_summary=_summary(known.ended),
        touch=open_touch(current, session, known, asked) if current else None,
        opened=opened is not None,
        team=tuple(_rep_day(asked, each) for each in known.team) if asked.who == TEAM else (),
        ahead=_ahead(work, known),
        bulk=changes(session) if shown else (),
        kept=tuple((name, str(value)) for name, value in asked.filters().items() if value),
        several=several(asked, session, work.tasks, known),
    )


def opened_task(asked: Asked, work: DayOfWork) -> WorklistTask | None:
    """The task whose touch is shown beside the list: the one of the address, or else the first."""
    by_id = {str(each.task_id): each for each in work.tasks}
    return by_id.get(asked.task) or next((each for each in work.tasks if _shown(each, asked)), None)


def _shown(task: WorklistTask, asked: Asked) -> bool:
    return asked.channel in ("", task.channel) and asked.tier in (None, task.tier)


# --- the list ------------------------------------------------------------------------------------------------


def _whose(asked: Asked, session: Session, team: Sequence[Team]) -> tuple[Choice, ...]:
    others = [each for each in team if each.rep != session.rep]
    own = [Choice("Mine", asked.href(who=session.rep, task=""), asked.who == session.rep)] if session.rep else []
    named = [Choice(_first(each.name), asked.href(who=each.rep, task=""), asked.who == each.rep) for each in others[:3]]
    return (*own, *named, Choice("Team", asked.href(who=TEAM, task=""), asked.who == TEAM))


def _channels(asked: Asked, tasks: Sequence[WorklistTask]) -> tuple[tuple[Channel, Choice], ...]:
    names: dict[Channel, str] = {"call": "Calls", "email": "E-mails", "linkedin": "By hand", "research": "Research"}
    counts = {channel: sum(each.channel == channel for each in tasks) for channel in names}
    return tuple(
        (channel, Choice(f"{name} {counts[channel]}", _toggled(asked, channel), asked.channel == channel))
        for channel, name in names.items()
        if counts[channel] or asked.channel == channel
    )


def _toggled(asked: Asked, channel: str) -> str:
    return asked.href(channel="" if asked.channel == channel else channel, task="")


def _tiers(asked: Asked, tasks: Sequence[WorklistTask]) -> tuple[Choice, ...]:
    every = Choice("All tiers", asked.href(tier=None, task=""), asked.tier is None)
    tiers = sorted({each.tier for each in tasks})
    return (every, *(Choice(f"Tier {tier}", asked.href(tier=tier, task=""), asked.tier == tier) for tier in tiers))


def _parts(asked: Asked, session: Session, tasks: Sequence[WorklistTask], known: Known) -> tuple[Part, ...]:
    names = {each.rep: each.name for each in known.team} if asked.who == TEAM else None
    parts: dict[str, list[Row]] = {}
    for task in tasks:
        title = _heading(task) if names is None else names.get(task.rep, task.rep)
        parts.setdefault(title, []).append(_row(asked, session, task, known))
    titles = sorted(parts, key=lambda title: (title != "Overdue", title.startswith("Waiting"), title))
    return tuple(Part(title, tuple(parts[title])) for title in titles)


def _heading(task: WorklistTask) -> str:
    if task.overdue:
        return "Overdue"
    return "Waiting for a direct line" if task.kind == "research" else f"Tier {task.tier}"


def _row(asked: Asked, session: Session, task: WorklistTask, known: Known) -> Row:
    state = known.scores.get(task.facility_id, {})
    return Row(
        task=str(task.task_id),
        href=asked.href(task=str(task.task_id)),
        rank=task.rank,
        channel=task.channel,
        account=account_of(task),
        to=_to(task, session),
        reasons=_evidence(state) or (task.reason,),
        score=score_of(task.score, task.tier, state),
        urgency=urgency_of(state),
        late=late(task),
        step=step(task),
        note=clock(task.sla or ""),
        phone=phone_of(task) if session.can_see("people") and task.channel == "call" else "",
    )


def clock(label: str) -> str:
    """The pack's label of the SLA clock, which is not the lateness of the touch itself."""
    words = label.capitalize().replace("sla", "SLA")
    return words if "SLA" in words or not words else f"SLA: {words.lower()}"


def _to(task: WorklistTask, session: Session) -> str:
    role = task.persona_label or task.persona
    if task.kind == "research":
        return f"find the {role}"
    name = task.person_display_name or task.person
    return f"{role} · {short_name(name)}" if name and name != role and session.can_see("people") else role


def _evidence(state: Mapping[str, Any]) -> tuple[str, ...]:
    """The evidence of the factors that give points, the most points first."""
    factors = [each for each in state.get("breakdown", ()) if Decimal(each["points"]) > 0]
    return tuple(plain(each["evidence"]) for each in sorted(factors, key=lambda each: -Decimal(each["points"])))


def _done(each: Ended, session: Session) -> Done:
    outcome = typed(each.outcome, people=session.can_see("people"))
    title = settings.outcome_titles().get(each.channel, {}).get(outcome or "", outcome or each.status)
    channel: Channel = each.channel if each.channel in CHANNELS else "call"  # type: ignore[assignment]
    text = f"{CHANNELS[channel][1]} to {each.facility or 'an account'}: {title}"
    at = instant(each.at, session.timezone or calendar().timezone) if each.at else ""
    return Done(at, channel, text, each.task if session.can("touches") else "", each.version)


def _summary(ended: Sequence[Ended]) -> str:
    """What was done, by channel, and how much of it was skipped."""
    done = [each.channel for each in ended if each.status == "done"]
    named = {
        "call": plural(done.count("call"), "call"),
        "email": plural(done.count("email"), "e-mail"),
        "linkedin": f"{done.count('linkedin')} by hand",
        "research": f"{done.count('research')} found",
    }
    skipped = len(ended) - len(done)
    return ", ".join(
        [*(named[each] for each in CHANNELS if each in done), *([f"{skipped} skipped"] if skipped else [])]
    )


def _ahead(work: DayOfWork, known: Known) -> str:
    following = f" Next: {day(work.next_on, 'week')}." if work.next_on and work.next_on != work.on else ""
    why = translated(work.why.text, {each.rep: each.name for each in known.team}) if work.why else ""
    return f"{why}{following}".strip()


def _rep_day(asked: Asked, each: Team) -> RepDay:
    away = f"on leave till {day(each.away_until, 'week')}" if each.away_until else ""
    return RepDay(each.name, asked.href(who=each.rep, task=""), each.done, each.done + each.due, each.overdue, away)


def _first(name: str) -> str:
    return name.split()[0] if name.split() else name


def shown_without_sequencer(rows: Collection[Mapping[str, Any]], on: date, session: Session) -> DayOfWork:
    """The day as read models know it, for as long as the sequencer does not answer."""
    tasks = [_known_task(rank, row, on) for rank, row in enumerate(rows, 1)]
    return DayOfWork(on=on, rep=session.rep, tasks=tasks)


def _known_task(rank: int, row: Mapping[str, Any], on: date) -> WorklistTask:
    data, person = row["data"], (row["personal"] or {}).get("person") or {}
    late = (on - date.fromisoformat(data["due_on"])).days
    return WorklistTask.model_validate(
        {
            **data,
            "rank": rank,
            "short_id": data["task_id"][:8],
            "facility": data["facility_name"],
            "facility_display_name": data.get("facility_display_name") or settings.usual_name(data["facility_name"]),
            "tier": row["tier_now"] or data["tier"],
            "tier_at_planning": data["tier"],
            "score": row["score_now"] or data["score"],
            "person": person.get("name"),
            "person_display_name": person.get("display_name"),
            "person_phone": person.get("direct_phone"),
            "person_email": person.get("email"),
            "overdue": late > 0,
            "days_overdue": max(late, 0),
            "persona_label": settings.role_labels().get(data["persona"]),
            "outcomes": [
                {"id": each, "title": title}
                for each, title in settings.outcome_titles().get(data["channel"], {}).items()
            ],
        }
    )
