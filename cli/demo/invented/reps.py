"""What does an invented rep do on a day with a due task?"""

from __future__ import annotations

from datetime import date
from random import Random

from cli.demo.behavior import Behavior
from cli.demo.invented.chance import chosen, draw
from cli.demo.invented.words import GIVEN_NAMES, phone, places
from shared.contracts.sequencer_contacts import AddContact
from shared.contracts.sequencer_replies import OutcomeChoice, WorklistTask
from shared.contracts.sequencer_touches import CompleteTask, EndTask, SkipTask


def found_contact(seed: int, task: WorklistTask) -> AddContact:
    """The contact that research found at the front desk: the person in the role of the task, with a direct line."""
    rng = Random(f"{seed}:found:{task.facility_id}")  # noqa: S311 - invented data, no secret depends on it
    name = task.person or f"{rng.choice(GIVEN_NAMES)} {rng.choice(places(rng))}"
    return AddContact(
        facility_id=task.facility_id,
        role=task.persona,
        name=name,
        direct_phone=phone(rng, "212"),
        email=f"{name.split()[-1].lower()}@{task.facility_id.lower()}.example",
        source="the front desk, by telephone",
        actor=task.rep,
    )


def decide(rates: Behavior, seed: int, task: WorklistTask, on: date) -> EndTask | None:
    """The command that completes a task, with its outcome, or skips it; None leaves it until the next day.

    It depends only on the seed, the facility, the step and the day, not on the task's id or rank. So an interrupted
    demo has the same result. No task is postponed twice.
    """
    chance, pick = draw(seed, task.facility_id, task.step_no, on)
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


def _outcome(task: WorklistTask, rates: Behavior, pick: float) -> OutcomeChoice:
    """The outcome whose share of the rates of its kind or channel contains `pick`; the first one if none has any."""
    known = {outcome.id: outcome for outcome in task.outcomes}
    stated = rates.outcomes.get(task.kind) or rates.outcomes.get(task.channel, {})
    name = chosen({each: stated.get(each, 0) for each in known}, pick)
    return known[name] if name else task.outcomes[0]
