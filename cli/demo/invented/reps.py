"""What does an invented rep do with a due task on a day?"""

from __future__ import annotations

import hashlib
from datetime import date

from cli.demo.behavior import Behavior, behavior
from shared.contracts.sequencer_replies import OutcomeChoice, WorklistTask
from shared.contracts.sequencer_touches import CompleteTask, EndTask, SkipTask


def decide(seed: int, task: WorklistTask, on: date) -> EndTask | None:
    """The command that completes a task, with its outcome, or skips it; None leaves it until the next day.

    It depends only on the seed, the facility, the step and the day, not on the task's id or rank. So an interrupted
    demo has the same result. No task is postponed twice.
    """
    rates = behavior()
    chance, pick = _draw(seed, task.facility_id, task.step_no, on)
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
    """The outcome whose share of the channel's rates contains `pick`, from 0 to 1."""
    of_channel = rates.outcomes.get(task.channel, {})
    for outcome in task.outcomes:
        pick -= of_channel.get(outcome.id, 0)
        if pick < 0:
            return outcome
    return task.outcomes[0]


def _draw(seed: int, facility_id: str, step_no: int, on: date) -> tuple[float, float]:
    digest = hashlib.sha256(f"{seed}|{facility_id}|{step_no}|{on.isoformat()}".encode()).digest()
    return int.from_bytes(digest[:4]) / 2**32, int.from_bytes(digest[4:8]) / 2**32
