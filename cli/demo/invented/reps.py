"""What does an invented rep do on a day with a due task, and with a lead that a person met?"""

from __future__ import annotations

import hashlib
from datetime import date
from random import Random

from cli.demo.behavior import Behavior
from cli.demo.invented.words import GIVEN_NAMES, phone, places
from shared.contracts.sequencer import ContactCells, ImportContacts
from shared.contracts.sequencer_leads import LeadRow, RecordOutcome
from shared.contracts.sequencer_replies import OutcomeChoice, WorklistTask
from shared.contracts.sequencer_touches import CompleteTask, EndTask, SkipTask

ACTOR = "demo"
"""Who decides about a lead without an owner."""


def found_contact(seed: int, task: WorklistTask, on: date) -> ImportContacts:
    """The contact that research found at the front desk: the person in the role of the task, with a direct line."""
    rng = Random(f"{seed}:found:{task.facility_id}")  # noqa: S311 - invented data, no secret depends on it
    name = task.person or f"{rng.choice(GIVEN_NAMES)} {rng.choice(places(rng))}"
    row = ContactCells(
        line=1,
        facility_id=task.facility_id,
        role=task.persona,
        name=name,
        direct_phone=phone(rng, "212"),
        email=f"{name.split()[-1].lower()}@{task.facility_id.lower()}.example",
        source="the front desk, by telephone",
        source_date=on.isoformat(),
    )
    return ImportContacts(rows=[row], actor=task.rep)


def decide(rates: Behavior, seed: int, task: WorklistTask, on: date) -> EndTask | None:
    """The command that completes a task, with its outcome, or skips it; None leaves it until the next day.

    It depends only on the seed, the facility, the step and the day, not on the task's id or rank. So an interrupted
    demo has the same result. No task is postponed twice.
    """
    chance, pick = _draw(f"{seed}|{task.facility_id}|{task.step_no}|{on}")
    if chance < rates.left_for_tomorrow and task.due_on >= on:
        return None
    if chance > 1 - rates.skipped:
        return SkipTask(task_id=str(task.task_id), reason=rates.skipped_because, actor=task.rep)
    outcome = _outcome(task, rates, pick)
    return CompleteTask(
        task_id=str(task.task_id),
        outcome=outcome.id,
        confirm_loss=outcome.then == "not_interested",
        actor=task.rep,
    )


def decide_lead(rates: Behavior, seed: int, lead: LeadRow, on: date) -> RecordOutcome | None:
    """The command that wins or loses a lead in the days after a meeting or interest; None leaves it open."""
    if not lead.engaged_until or lead.engaged_until < on:
        return None
    chance, _ = _draw(f"{seed}|{lead.facility_id}|{lead.lead_source}|{on}")
    if chance >= rates.leads.won + rates.leads.lost:
        return None
    won = chance < rates.leads.won
    return RecordOutcome(
        facility_id=lead.facility_id,
        outcome="won" if won else "lost",
        reason=None if won else rates.leads.lost_because,
        actor=lead.owner or ACTOR,
    )


def _outcome(task: WorklistTask, rates: Behavior, pick: float) -> OutcomeChoice:
    """The outcome whose share of the channel's rates contains `pick`, from 0 to 1."""
    of_channel = rates.outcomes.get(task.channel, {})
    for outcome in task.outcomes:
        pick -= of_channel.get(outcome.id, 0)
        if pick < 0:
            return outcome
    return task.outcomes[0]


def _draw(words: str) -> tuple[float, float]:
    digest = hashlib.sha256(words.encode()).digest()
    return int.from_bytes(digest[:4]) / 2**32, int.from_bytes(digest[4:8]) / 2**32
