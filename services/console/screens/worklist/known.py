"""What does the address of the worklist ask for, what is known, and how is it written?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.console import settings
from services.console.domain.addresses import address_of
from services.console.domain.sessions import Session
from services.console.rendering.filters import plural
from services.console.rendering.shapes import Option
from services.console.screens.worklist.queries import Ended, Team, Touched
from shared.contracts.notifier import Draft
from shared.contracts.sequencer_replies import WorklistTask

SKIPPING = ("No reason to call today", "Already in touch another way", "Wrong person for this", "Not worth a touch now")


CHANGES = ("skip", "snooze", "reassign", "stop")
"""What can be done with several tasks at once."""
MOST = 100
"""The tasks that can be selected."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    who: str
    """A rep, or `team`."""
    on: date
    channel: str = ""
    tier: int | None = None
    task: str = ""
    ask: str = ""
    """What is asked before several tasks are changed: one of `CHANGES`."""
    several: tuple[str, ...] = ()
    """The tasks that are selected."""

    def filters(self) -> dict[str, Any]:
        return {"who": self.who, "channel": self.channel, "tier": self.tier}

    def href(self, **changes: Any) -> str:
        """The same page with changes; a task is a part of the path."""
        values = {**self.filters(), "task": self.task, **changes}
        task = values.pop("task")
        path = f"/worklist/{task}" if task else "/worklist"
        return address_of(path, values)


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
    ahead: Sequence[date] = ()
    """The next business days."""


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


def reps(session: Session, team: Sequence[Team], now: Collection[str]) -> tuple[Option, ...]:
    """To whom tasks can be given; `now`: who has them."""
    if not session.can("schedules"):
        return ()
    return tuple(
        Option(each.rep, each.name, "away" if each.away_until else f"{each.done} of {each.done + each.due} done")
        for each in team
        if {each.rep} != set(now)
    )
