"""What does an invented rep do with a due touch on a given day?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

Decision = Literal["done", "skip", "leave"]

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


def decide(seed: int, task: Mapping[str, Any], on: date) -> tuple[Decision, str | None]:
    """Whether the touch is done (with its outcome), skipped, or left until the next day.

    A function of the seed, the facility, the step and the day alone: neither the task's id nor its place in the list
    can change it, so a run that was interrupted ends like one that was not. Nothing is left for a second day.
    """
    chance, pick = _draw(seed, str(task["facility_id"]), int(task["step_no"]), on)
    overdue = date.fromisoformat(str(task["due_on"])) < on
    if chance < _LEAVE and not overdue:
        return "leave", None
    if chance > 1 - _SKIP:
        return "skip", "not the right moment"
    outcomes = _OUTCOMES[str(task["channel"])]
    return "done", outcomes[pick % len(outcomes)]


def _draw(seed: int, facility_id: str, step_no: int, on: date) -> tuple[float, int]:
    digest = hashlib.sha256(f"{seed}|{facility_id}|{step_no}|{on.isoformat()}".encode()).digest()
    return int.from_bytes(digest[:4]) / 2**32, int.from_bytes(digest[4:8])
