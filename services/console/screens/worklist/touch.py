"""How does a task become the touch that is open?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from engines.packs import calendar
from services.console import settings
from services.console.domain.sessions import Session
from services.console.rendering.filters import day, dialed, instant
from services.console.rendering.shapes import CHANNELS, Option, Past
from services.console.screens.worklist.known import (
    SKIPPING,
    Asked,
    Known,
    account_of,
    late,
    reps,
    step,
)
from services.console.screens.worklist.queries import Touched
from services.console.screens.worklist.view import Abilities, Letter, Outcome, Person, Reason, Touch
from services.console.usecases.reading import typed
from services.console.usecases.scores import score_of, urgency_of
from services.console.usecases.texts import paragraphs, plain
from shared.contracts.notifier import Draft
from shared.contracts.sequencer_replies import WorklistTask

SNOOZING = {1: "Next business day", 2: "In 2 business days", 5: "In 5 business days"}
MOST_KEYS = 9
LEAVING = {
    "approved": "Sent off: it leaves within seconds, or as soon as the hours of sending allow.",
    "sending": "It is with the mail server.",
}
"""A letter that is on its way: nothing is to be recorded of it yet."""
GOOD = ("interested", "meeting")


def touch(task: WorklistTask, session: Session, known: Known, asked: Asked) -> Touch:
    state = known.scores.get(task.facility_id, {})
    draft, own = known.draft, session.rep == task.rep
    multiplier = Decimal(state.get("multiplier") or 1)
    text = paragraphs(draft.body or "", draft.facts, draft.sources, draft.states) if draft and draft.body else ()
    can_touch = session.can("touches", own=own)
    return Touch(
        task=str(task.task_id),
        version=task.version,
        channel=task.channel,
        title=" · ".join(filter(None, (CHANNELS[task.channel][1], _step(task), _sequence(task)))),
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
        before=tuple(_past(each, session) for each in known.before),
        before_total=known.before_total,
        outcomes=_outcomes(task),
        can=Abilities(can_touch, session.can("schedules", own=own), session.can_see("people")),
        urgency=urgency_of(state),
        late=late(task),
        letter=_letter(draft, text) if task.channel == "email" and draft and session.can("drafts", own=own) else None,
        wanted=tuple(Option(role, label) for role, label in settings.role_labels().items()),
        skip_reasons=tuple(Option(each, each) for each in SKIPPING),
        snooze=snooze_days(known.ahead),
        reps=reps(session, known.team, {task.rep}),
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
    named = task.person not in (None, "", role)
    line = direct if task.channel == "call" else ""
    parts = [role if named else "", line, known.person.get("source") or ""]
    return Person(
        role,
        task.person_display_name or task.person or "",
        phone_of(task),
        task.person_email or "",
        f"{there} there",
        " · ".join(filter(None, parts)),
        dialed(task.main_phone) if task.person_phone or task.channel != "call" else "",
    )


def phone_of(task: WorklistTask) -> str:
    return dialed(task.person_phone or task.main_phone)


def _source(factor: Mapping[str, Any]) -> str:
    return (
        f"{factor['label']}, as of {day(date.fromisoformat(factor['as_of']))}"
        if factor.get("as_of")
        else factor["label"]
    )


def _past(each: Touched, session: Session) -> Past:
    outcome, note = (typed(text, people=session.can_see("people")) for text in (each.outcome, each.note))
    title = settings.outcome_titles().get(each.channel, {}).get(outcome or "", outcome or each.kind)
    role = settings.role_labels().get(each.persona, each.persona)
    channel = CHANNELS[each.channel][1] if each.channel in CHANNELS else each.channel.capitalize()
    return Past(each.day, f"{channel}, {role}: {title}", note or "")


def _outcomes(task: WorklistTask) -> tuple[Outcome, ...]:
    keys = [str(place) if place <= MOST_KEYS else "" for place in range(1, len(task.outcomes) + 1)]
    return tuple(
        Outcome(each.id, each.title[:1].upper() + each.title[1:], key, each.then in GOOD, each.then)
        for key, each in zip(keys, task.outcomes, strict=True)
    )


def _letter(draft: Draft, text: tuple[Any, ...]) -> Letter | None:
    leaving = LEAVING.get(draft.status, "")
    if draft.status != "draft" and not draft.reason and not leaving:
        return None
    blocked = draft.reason or draft.missing or ""
    can_be_undone = draft.status == "approved"
    return Letter(str(draft.draft_id), draft.revision, draft.subject or "", text, blocked, leaving, can_be_undone)


def snooze_days(ahead: Sequence[date]) -> tuple[Option, ...]:
    """The days until which a touch can wait; none while the sequencer does not answer."""
    return tuple(
        Option(ahead[n - 1].isoformat(), title, day(ahead[n - 1], "week"))
        for n, title in SNOOZING.items()
        if n <= len(ahead)
    )


def _step(task: WorklistTask) -> str:
    return step(task).lower() if task.kind != task.channel else ""
