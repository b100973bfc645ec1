"""What does the address of the worklist ask for, what is known, and how is it written?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from services.console import settings
from services.console.domain.sessions import Session
from services.console.rendering.filters import plural
from services.console.rendering.shapes import URGENCIES, Option, Score, Urgency
from services.console.screens.worklist.queries import Ended, Team, Touched
from shared.contracts.notifier import Draft
from shared.contracts.sequencer_replies import WorklistTask

SKIPPING = ("No reason to call today", "Already in touch another way", "Wrong person for this", "Not worth a touch now")


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


def account_of(task: WorklistTask) -> str:
    """The facility or, for a touch of a chain, the chain."""
    if len(task.covers) > 1 and task.chain:
        return task.chain_display_name or task.chain
    return task.facility_display_name or task.facility or task.facility_id


def late(task: WorklistTask) -> str:
    return f"{plural(task.days_overdue, 'day')} late" if task.overdue else ""


def step(task: WorklistTask) -> str:
    if task.kind != "step":
        return task.kind.replace("_", " ").capitalize()
    sequence = settings.sequences().get(task.sequence or "")
    return f"Step {task.step_no} of {len(sequence.steps)}" if sequence else f"Step {task.step_no}"


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


def reps(session: Session, team: Sequence[Team]) -> tuple[Option, ...]:
    if not session.can("schedules"):
        return ()
    return tuple(
        Option(each.rep, each.name, "away" if each.away_until else f"{each.done} of {each.done + each.due} done")
        for each in team
    )
