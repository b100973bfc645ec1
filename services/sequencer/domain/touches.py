"""What is a touch, once its day has come?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from services.sequencer.domain.pack import Channel

RESEARCH = 0
"""The step of a blocked run: find somebody to call (R47)."""

TouchStatus = Literal["due", "done", "skipped"]


@dataclass(frozen=True, slots=True)
class Touch:
    """One step of one run, on the worklist or behind us, with its place in the order on the day it fell due."""

    task_id: UUID
    enrollment_id: UUID
    step_no: int
    facility_id: str
    tier: int
    score: Decimal
    urgency: int | None
    last_seen_on: date | None
    measure: Decimal | None
    rep: str
    channel: Channel
    persona: str
    person: dict[str, Any] | None
    template: str | None
    due_on: date
    status: TouchStatus
    outcome: str | None
    done_by: str | None
    done_on: date | None
    reason: str
    version: int = 1
    """Of the state that others were told."""
    told: str | None = None
    """A digest of that state, as far as a correction may change it."""
