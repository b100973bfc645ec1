"""Where can a lead be moved, and what does that ask first?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import quote

from services.console import settings
from services.console.domain.sessions import Session
from services.console.rendering.filters import plural
from services.console.rendering.shapes import Option
from services.console.screens.pipeline.leads import DECIDED, Asked, days_in, name_of
from services.console.screens.pipeline.queries import Lead, Touch
from services.console.screens.pipeline.view import Field, Kind, Move, Question
from services.console.settings import StageWords
from shared.contracts.sequencer_leads import IntakeField

BY_HAND = ("qualified", "proposal")
"""The phases in which no sequence does the touches."""
SILENT = "The sequencer does not answer: what is stated already is missing here."


def may_move(lead: Lead, touch: Touch | None, session: Session) -> bool:
    """Whether the person works the account, or may move all of them."""
    own = session.rep is not None and session.rep in (lead.works, touch.rep if touch else None)
    return session.can("leads", own=own)


def moves(asked: Asked, lead: Lead, today: date) -> tuple[Move, ...]:
    """Every stage, and what it asks; none for a lead that is won."""
    if lead.phase == "won":
        return ()
    here = asked.href(page=asked.page, move=lead.facility_id)
    return tuple(_move(here, lead, each, today) for each in settings.stages().of(lead.source))


def _move(here: str, lead: Lead, stage: StageWords, today: date) -> Move:
    def ask(asks: str, symbol: str) -> Move:
        return Move(stage.stage, stage.label, asks, "dialog", symbol, f"{here}&to={quote(stage.stage, safe='')}")

    if stage.stage == lead.stage:
        return Move(stage.stage, stage.label, f"here, {plural(days_in(lead, today), 'day')}", "here")
    if lead.phase == "lost":
        if _is_first(lead, stage):
            return ask("re-opens it", "rotate-ccw")
        return Move(stage.stage, stage.label, "after it is open again", "out of reach")
    if stage.phase in DECIDED:
        return ask("asks to confirm" if stage.phase == "won" else "asks a reason", "flag")
    if asks_intake(lead, stage):
        return ask("asks the intake form", "lock")
    return Move(stage.stage, stage.label, "", "at once")


def asks_intake(lead: Lead, stage: StageWords) -> bool:
    """Whether the form is asked for: a stage in which it was complete is behind others that need it."""
    here = next((each for each in settings.stages().of(lead.source) if each.stage == lead.stage), None)
    return "intake" in stage.needs and (here is None or "intake" not in here.needs)


def _is_first(lead: Lead, stage: StageWords) -> bool:
    return stage.stage == settings.stages().of(lead.source)[0].stage


def question(asked: Asked, lead: Lead, form: Sequence[IntakeField] | None, words: str) -> Question | None:
    """What moving the lead to the stage of the address asks; None if it asks nothing."""
    stage = next((each for each in settings.stages().of(lead.source) if each.stage == asked.to), None)
    if stage is None or lead.phase == "won" or stage.stage == lead.stage:
        return None
    basis = Question(lead.facility_id, lead.version, name_of(lead), f"Move to {stage.label}", asked.here, "move_lead")
    if lead.phase == "lost":
        return _again(basis) if _is_first(lead, stage) else None
    if stage.phase == "lost":
        return _lost(basis, lead, stage)
    if stage.phase == "won":
        return _won(basis, lead, stage, words)
    return _intake(basis, stage, form) if asks_intake(lead, stage) else None


def _again(basis: Question) -> Question:
    return replace(
        basis,
        title="Re-open the lead",
        command="reopen_lead",
        note="Why (optional)",
        consequences=("The next plan may start its sequence again",),
        confirm="Re-open",
    )


def _lost(basis: Question, lead: Lead, stage: StageWords) -> Question:
    return replace(
        basis,
        title=f"Mark as {stage.label.lower()}",
        command="record_outcome",
        hidden=(("outcome", "lost"),),
        reasons=tuple(
            Option(each, f"{each[:1].upper()}{each[1:]}", _suppresses(each)) for each in settings.stages().lost_reasons
        ),
        note="In more words (optional)" if settings.stages().lost_reasons else "Reason",
        consequences=("Its sequence and its open tasks end", "A later signal asks whether to re-open it"),
        confirm=f"Mark as {stage.label.lower()}",
    )


def _suppresses(reason: str) -> str:
    channels = settings.suppressed_by(reason)
    return "" if not channels else "suppresses it" if channels == "all" else f"suppresses it by {channels}"


def _won(basis: Question, lead: Lead, stage: StageWords, words: str) -> Question:
    client = () if lead.source == "upsell" else (f"The {words} becomes an active client",)
    return replace(
        basis,
        title=f"Mark as {stage.label.lower()}",
        command="record_outcome",
        hidden=(("outcome", "won"),),
        note="Note (optional)",
        consequences=(*client, "Its sequence and its open tasks end"),
        confirm=f"Mark as {stage.label.lower()}",
    )


def _intake(basis: Question, stage: StageWords, form: Sequence[IntakeField] | None) -> Question:
    ends = ("Its sequence ends",) if stage.phase in BY_HAND else ()
    tasks = tuple(f"Its rep gets a task: {each.title}" for each in stage.tasks)
    return replace(
        basis,
        hidden=(("stage", stage.stage),),
        fields=_stated(form) if form is not None else _unknown(),
        consequences=(*ends, *tasks),
        confirm="Move",
        error="" if form is not None else SILENT,
    )


def _stated(form: Sequence[IntakeField]) -> tuple[Field, ...]:
    return tuple(
        Field(f"values.{each.field}", each.label, _kind(each.type), each.value or "", each.required) for each in form
    )


def _unknown() -> tuple[Field, ...]:
    return tuple(
        Field(f"values.{each.field}", each.label, _kind(each.type), "", each.required)
        for each in settings.stages().intake
    )


def _kind(kind: str) -> Kind:
    """Numbers with a fraction are typed as text, because browsers accept whole ones only."""
    kinds: dict[str, Kind] = {"integer": "number", "date": "date"}
    return kinds.get(kind, "text")
