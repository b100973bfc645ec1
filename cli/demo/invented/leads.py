"""What does an invented rep do with a lead on a day?

A lead goes from stage to stage, each with what the pack wants to know, until it is won or lost. All of it by the same
commands as people use.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from cli.demo.behavior import Behavior
from cli.demo.invented.chance import chosen, draw
from shared.contracts.requests import Command
from shared.contracts.sequencer_leads import (
    FillIntake,
    IntakeField,
    LeadRow,
    LeadStory,
    MoveLead,
    RecordOutcome,
    ReopenLead,
    StageRow,
    StateAmount,
)

ACTOR = "demo"
"""Who decides about a lead without an owner."""


def happens(rates: Behavior, seed: int, lead: LeadRow, on: date) -> str | None:
    """What comes of a lead on a day: `next` or `lost`, `reopen` or `decline`; None leaves it as it is."""
    chance, _ = draw(seed, lead.facility_id, lead.lead_source, on)
    if lead.reopen_asked_on:
        return "reopen" if chance < rates.reopened else "decline"
    of_phase = rates.leads.get(lead.phase)
    if lead.closed_on or of_phase is None or _is_left_alone(lead, on):
        return None
    return chosen({"next": of_phase.next, "lost": of_phase.lost}, chance)


def _is_left_alone(lead: LeadRow, on: date) -> bool:
    """Whether nothing is to be expected: a prospect that was contacted, but neither met nor interested."""
    engaged = lead.engaged_until is not None and on < lead.engaged_until
    return lead.lead_source == "signal" and lead.phase == "contacted" and not engaged


def commands(rates: Behavior, seed: int, what: str, story: LeadStory, on: date) -> list[Command[Any]]:
    """The commands by which something comes of a lead."""
    lead = story.lead
    common: dict[str, Any] = {"facility_id": lead.facility_id, "actor": lead.owner or ACTOR}
    _, pick = draw(seed, lead.facility_id, lead.lead_source, on)
    match what:
        case "reopen" | "decline":
            return [ReopenLead(**common, decline=what == "decline")]
        case "lost":
            return [RecordOutcome(**common, outcome="lost", reason=chosen(rates.lost_because, pick) or "no answer")]
    entered = _next(story.stages, lead.stage)
    if entered is None:
        return []
    if entered.phase == "won":
        return [RecordOutcome(**common, outcome="won")]
    move = MoveLead(**common, stage=entered.stage)
    if "intake" in entered.needs and lead.missing:
        values = {each.field: _answer(each, seed, lead, on) for each in story.form if each.required}
        return [FillIntake(**common, values=values), move]
    if entered.phase == "proposal" and lead.amount is None:
        amount, close_on = _amount(rates, pick), on + timedelta(days=rates.proposals.close_after)
        return [move, StateAmount(**common, amount=amount, close_on=close_on)]
    return [move]


def _next(stages: Sequence[StageRow], current: str) -> StageRow | None:
    """The next stage of the pack that is no loss."""
    names = [each.stage for each in stages]
    following = stages[names.index(current) + 1 :] if current in names else []
    return next((each for each in following if each.phase != "lost"), None)


def _amount(rates: Behavior, pick: float) -> Decimal:
    """An amount, in hundreds."""
    least, most = rates.proposals.least, rates.proposals.most
    return Decimal(round((least + pick * (most - least)) / 100) * 100)


def _answer(field: IntakeField, seed: int, lead: LeadRow, on: date) -> str:
    """An answer of the type that the pack wants."""
    _, pick = draw(seed, lead.facility_id, field.field, on)
    match field.type:
        case "integer":
            return str(round(1 + pick * 200))
        case "number":
            return str(round(1 + pick * 4, 1))
        case "date":
            return (on + timedelta(days=30 + round(pick * 60))).isoformat()
        case _:
            return "stated by telephone"
