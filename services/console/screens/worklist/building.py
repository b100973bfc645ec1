"""How do the tasks of a day become the page?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from engines.packs import calendar
from services.console import settings
from services.console.domain.sessions import Session
from services.console.rendering.filters import day, instant, phone, plural
from services.console.rendering.shapes import CHANNELS, Channel, Choice, Done, Option, Past, Score, Urgency
from services.console.screens.worklist.queries import Ended, Team, Touched
from services.console.screens.worklist.view import (
    Abilities,
    Letter,
    Outcome,
    Part,
    Person,
    Reason,
    RepDay,
    Row,
    Touch,
    Worklist,
)
from services.console.usecases.texts import paragraphs, plain
from shared.contracts.notifier import Draft
from shared.contracts.sequencer_replies import DayOfWork, WorklistTask

URGENCIES = ("pool", "plain", "pressing", "high", "urgent")
SKIPPING = ("No reason to call today", "Already in touch another way", "Wrong person for this", "Not worth a touch now")
SNOOZING = {1: "Next business day", 2: "In 2 business days", 5: "In 5 business days"}
MOST_KEYS = 9
GOOD = ("interested", "meeting")
TEAM, ME = "team", "me"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    who: str
    """A rep, or `team`."""
    on: date
    channel: str = ""
    tier: int | None = None
    task: str = ""

    def href(self, **changes: Any) -> str:
        """The same page with changes; a task is a part of the path."""
        values = {"who": self.who, "channel": self.channel, "tier": self.tier, "task": self.task, **changes}
        task = values.pop("task")
        path = f"/worklist/{task}" if task else "/worklist"
        query = {name: value for name, value in values.items() if value}
        return f"{path}?{urlencode(query)}" if query else path


@dataclass(frozen=True, slots=True)
class Known:
    """What else is known for a page."""

    scores: Mapping[str, Mapping[str, Any]]
    ended: Sequence[Ended]
    team: Sequence[Team]
    person: Mapping[str, Any]
    before: Sequence[Touched]
    before_total: int
    draft: Draft | None
    now: datetime


def worklist(asked: Asked, session: Session, work: DayOfWork, known: Known) -> Worklist:
    """The page: every task keeps its rank, whatever is filtered."""
    shown = [each for each in work.tasks if _shown(each, asked)]
    opened = next((each for each in work.tasks if str(each.task_id) == asked.task), None)
    current = opened or (shown[0] if shown else None)
    done = [each for each in known.ended if each.status == "done"]
    return Worklist(
        on=asked.on,
        done=len(known.ended),
        total=len(known.ended) + len(work.tasks),
        done_href=asked.href(task="") + "#done",
        whose=_whose(asked, session, known.team),
        channels=_channels(asked, work.tasks),
        tiers=_tiers(asked, work.tasks),
        parts=() if asked.who == TEAM and not asked.channel else _parts(asked, session, shown, known),
        done_today=tuple(_done(each, session) for each in known.ended),
        done_summary=_summary(done),
        touch=_touch(current, session, known, asked) if current else None,
        opened=opened is not None,
        team=tuple(_rep_day(asked, each) for each in known.team) if asked.who == TEAM and not asked.channel else (),
        ahead=_ahead(work),
        bulk=session.can("touches") and bool(shown),
        skip_reasons=tuple(Option(each, each) for each in SKIPPING),
        reps=_reps(session, known.team),
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
    parts: dict[str, list[Row]] = {}
    for task in tasks:
        parts.setdefault(_heading(task), []).append(_row(asked, session, task, known))
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
        late=_late(task),
        step=_step(task),
        note=(task.sla or "").capitalize(),
        phone=_phone(task) if session.can_see("people") and task.channel == "call" else "",
    )


def account_of(task: WorklistTask) -> str:
    """The facility or, for a touch of a chain, the chain."""
    if len(task.covers) > 1 and task.chain:
        return task.chain_display_name or task.chain
    return task.facility_display_name or task.facility or task.facility_id


def _to(task: WorklistTask, session: Session) -> str:
    role = task.persona_label or task.persona
    if task.kind == "research":
        return f"find the {role}"
    name = task.person_display_name or task.person
    return f"{role} · {_short(name)}" if name and session.can_see("people") else role


def _late(task: WorklistTask) -> str:
    return f"{plural(task.days_overdue, 'day')} late" if task.overdue else ""


def _step(task: WorklistTask) -> str:
    if task.kind != "step":
        return task.kind.replace("_", " ").capitalize()
    sequence = settings.sequences().get(task.sequence or "")
    return f"Step {task.step_no} of {len(sequence.steps)}" if sequence else f"Step {task.step_no}"


def _evidence(state: Mapping[str, Any]) -> tuple[str, ...]:
    """The evidence of the factors that give points, the most points first."""
    factors = [each for each in state.get("breakdown", ()) if Decimal(each["points"]) > 0]
    return tuple(plain(each["evidence"]) for each in sorted(factors, key=lambda each: -Decimal(each["points"])))


def score_of(value: Decimal | None, tier: int | None, state: Mapping[str, Any]) -> Score:
    """A score with the points of its factors, and the gain by the multiplier last."""
    points = sorted((float(each["points"]) for each in state.get("breakdown", ())), reverse=True)
    total = float(state.get("score") or value or 0)
    gain = round(total - sum(points), 4)
    return Score(
        float(value or total), tier or 0, (*(each for each in points if each > 0), *((gain,) if gain > 0 else ()))
    )


def urgency_of(state: Mapping[str, Any]) -> Urgency | None:
    level = state.get("urgency")
    return None if level is None else Urgency(level, URGENCIES[level])


def _done(each: Ended, session: Session) -> Done:
    title = settings.outcome_titles().get(each.channel, {}).get(each.outcome or "", each.outcome or each.status)
    channel: Channel = each.channel if each.channel in CHANNELS else "call"  # type: ignore[assignment]
    text = f"{CHANNELS[channel][1]} to {each.facility or 'an account'}: {title}"
    at = instant(each.at, session.timezone or calendar().timezone) if each.at else ""
    return Done(at, channel, text, each.task if session.can("touches") else "", each.version)


def _summary(done: Sequence[Ended]) -> str:
    counts = {channel: sum(each.channel == channel for each in done) for channel in CHANNELS}
    words = {"call": ("call", "calls"), "email": ("e-mail", "e-mails"), "linkedin": ("by hand", "by hand")}
    named = [plural(counts[channel], *words[channel]) for channel in words if counts[channel]]
    return ", ".join([*named, *([f"{counts['research']} found"] if counts["research"] else [])])


def _ahead(work: DayOfWork) -> str:
    following = f" Next: {day(work.next_on, 'week')}." if work.next_on and work.next_on != work.on else ""
    return f"{work.why.text if work.why else ''}{following}".strip()


def _rep_day(asked: Asked, each: Team) -> RepDay:
    away = f"on leave till {day(each.away_until, 'week')}" if each.away_until else ""
    total = each.done + each.due
    return RepDay(
        each.name, asked.href(who=each.rep, task=""), each.done, total, each.overdue, total, max(total, 1), away
    )


def _reps(session: Session, team: Sequence[Team]) -> tuple[Option, ...]:
    if not session.can("schedules"):
        return ()
    return tuple(
        Option(each.rep, each.name, "away" if each.away_until else f"{each.done} of {each.done + each.due} done")
        for each in team
    )


# --- the touch -----------------------------------------------------------------------------------------------


def _touch(task: WorklistTask, session: Session, known: Known, asked: Asked) -> Touch:
    state = known.scores.get(task.facility_id, {})
    draft, own = known.draft, session.rep == task.rep
    multiplier = Decimal(state.get("multiplier") or 1)
    text = paragraphs(draft.body or "", draft.facts, draft.sources, draft.states) if draft and draft.body else ()
    can_touch = session.can("touches", own=own)
    return Touch(
        task=str(task.task_id),
        version=task.version,
        channel=task.channel,
        title=" · ".join(filter(None, (CHANNELS[task.channel][1], _step(task).lower(), _sequence(task)))),
        account=account_of(task),
        account_id=task.facility_id,
        account_href=f"/facilities/{task.facility_id}",
        place=", ".join(filter(None, (settings.usual_name(task.city) if task.city else None, task.state))),
        score=score_of(task.score, task.tier, state),
        person=_person(task, session, known),
        reasons=tuple(
            Reason(float(Decimal(each["points"]) * multiplier), plain(each["evidence"]), _source(each))
            for each in sorted(state.get("breakdown", ()), key=lambda each: -Decimal(each["points"]))
            if Decimal(each["points"]) > 0
        ),
        say=text if task.channel != "email" else (),
        copied=draft.body or "" if draft else "",
        before=tuple(_past(each) for each in known.before),
        before_total=known.before_total,
        outcomes=_outcomes(task),
        can=Abilities(can_touch, session.can("schedules", own=own), session.can_see("people")),
        urgency=urgency_of(state),
        late=_late(task),
        letter=_letter(draft, text) if task.channel == "email" and draft and session.can("drafts", own=own) else None,
        wanted=tuple(Option(role, label) for role, label in settings.role_labels().items()),
        skip_reasons=tuple(Option(each, each) for each in SKIPPING),
        snooze=_snooze(asked.on),
        reps=tuple(each for each in _reps(session, known.team) if each.value != task.rep),
    )


def _sequence(task: WorklistTask) -> str:
    sequence = settings.sequences().get(task.sequence or "")
    return sequence.title if sequence else ""


def _person(task: WorklistTask, session: Session, known: Known) -> Person | None:
    role = task.persona_label or task.persona
    there = instant(known.now, calendar().zone_of(task.state))
    if not session.can_see("people"):
        return Person(role, local_time=f"{there} there")
    direct = "direct line" if task.person_phone else "main line" if task.main_phone else "no number is known"
    parts = [role if task.person else "", direct if task.channel == "call" else "", known.person.get("source") or ""]
    if task.person_phone and task.main_phone:
        parts.append(f"main {phone(_dialed(task.main_phone))}")
    return Person(
        role,
        task.person_display_name or task.person or "",
        _phone(task),
        task.person_email or "",
        f"{there} there",
        " · ".join(filter(None, parts)),
    )


def _phone(task: WorklistTask) -> str:
    return _dialed(task.person_phone or task.main_phone or "")


def _dialed(number: str) -> str:
    """As it is dialed: +15185550142."""
    digits = "".join(filter(str.isdigit, number))
    return f"+1{digits}" if len(digits) == len("5185550142") else number


def _source(factor: Mapping[str, Any]) -> str:
    return (
        f"{factor['label']}, as of {day(date.fromisoformat(factor['as_of']))}"
        if factor.get("as_of")
        else factor["label"]
    )


def _past(each: Touched) -> Past:
    title = settings.outcome_titles().get(each.channel, {}).get(each.outcome or "", each.outcome or each.kind)
    role = settings.role_labels().get(each.persona, each.persona)
    channel = CHANNELS[each.channel][1] if each.channel in CHANNELS else each.channel.capitalize()
    return Past(each.day, f"{channel}, {role}: {title}", each.note or "")


def _outcomes(task: WorklistTask) -> tuple[Outcome, ...]:
    keys = [str(place) if place <= MOST_KEYS else "" for place in range(1, len(task.outcomes) + 1)]
    return tuple(
        Outcome(each.id, each.title[:1].upper() + each.title[1:], key, each.then in GOOD, each.then)
        for key, each in zip(keys, task.outcomes, strict=True)
    )


def _letter(draft: Draft, text: tuple[Any, ...]) -> Letter | None:
    if draft.status != "draft" and not draft.reason:
        return None
    blocked = draft.reason or draft.missing or ""
    return Letter(str(draft.draft_id), draft.revision, draft.subject or "", text, blocked)


def _snooze(on: date) -> tuple[Option, ...]:
    days = business_days(on, max(SNOOZING))
    return tuple(Option(days[n - 1].isoformat(), title, day(days[n - 1], "week")) for n, title in SNOOZING.items())


def business_days(after: date, count: int) -> list[date]:
    """The next weekdays. Holidays are the sequencer's to refuse."""
    found, at = list[date](), after
    while len(found) < count:
        at += timedelta(days=1)
        if at.weekday() < 5:
            found.append(at)
    return found


def _first(name: str) -> str:
    return name.split()[0] if name.split() else name


def _short(name: str) -> str:
    """`Rosalind Achterberg` as `R. Achterberg`."""
    words = name.split()
    return f"{words[0][0]}. {words[-1]}" if len(words) > 1 else name


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
