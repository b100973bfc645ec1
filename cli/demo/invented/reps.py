"""What does an invented rep do with a due task on a day?"""

from __future__ import annotations

import hashlib
from datetime import date

from shared.contracts.sequencer import CompleteTask, EndTask, SkipTask
from shared.contracts.sequencer_replies import WorklistTask

_OUTCOMES: dict[str, tuple[str, ...]] = {
    "call": (
        "reached; wants to hear more",
        "left a voicemail",
        "asked to call back",
        "not in; spoke to the front desk",
    ),
    "email": ("sent",),
    "linkedin": ("message sent by hand",),
    "research": ("asked the front desk; no direct line yet",),
}
_SKIP = 0.04
_LEAVE = 0.08


def decide(seed: int, task: WorklistTask, on: date) -> EndTask | None:
    """The command that completes a task, with its outcome, or skips it; None leaves it until the next day.

    It depends only on the seed, the facility, the step and the day, not on the task's id or rank. So an interrupted
    demo has the same result. No task is postponed twice.
    """
    chance, pick = _draw(seed, task.facility_id, task.step_no, on)
    if chance < _LEAVE and task.due_on >= on:
        return None
    if chance > 1 - _SKIP:
        return SkipTask(task_id=str(task.task_id), outcome="not the right moment", actor=task.rep)
    outcomes = _OUTCOMES[task.channel]
    return CompleteTask(task_id=str(task.task_id), outcome=outcomes[pick % len(outcomes)], actor=task.rep)


def _draw(seed: int, facility_id: str, step_no: int, on: date) -> tuple[float, int]:
    digest = hashlib.sha256(f"{seed}|{facility_id}|{step_no}|{on.isoformat()}".encode()).digest()
    return int.from_bytes(digest[:4]) / 2**32, int.from_bytes(digest[4:8])
