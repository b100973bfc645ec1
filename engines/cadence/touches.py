"""What is planned: the touches of running enrollments, candidates for a start, and who works when?

Days are indexes of a `Horizon`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from engines.cadence.horizon import Horizon, Wait


@dataclass(frozen=True, slots=True)
class StartDays:
    """The weekdays, Monday is 0, on which a sequence starts; without any, each one is as good as the others."""

    only: frozenset[int] = frozenset()
    prefer: frozenset[int] = frozenset()
    """A start waits for one of these in the same week, if its own day is full without it."""


ANY_DAY = StartDays()


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a sequence that can be done: its number, and how long after day 1 it is."""

    step_no: int
    at: Wait
    recipient: str | None = None
    """Who gets a letter, for the limit of letters; None on other channels."""
    waits: tuple[Wait, ...] = ()
    """How long it is after the touch before it, one after the other; without any, it is a business day later."""


@dataclass(frozen=True, slots=True)
class Touch:
    """A step with the day that the sequence has for it, and the working days by which it may be late."""

    step_no: int
    on: int
    slip: int
    recipient: str | None = None
    waits: tuple[Wait, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """A running enrollment with the touches that are left, in order."""

    key: str
    owner: str
    tier: int
    rank: Any
    """A sort key: the better account comes first."""
    touches: tuple[Touch, ...]
    earliest: int = 0
    """No touch comes before this day."""
    seated: bool = True
    """Whether it counts against the limits of its tier; research does not."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account that may start a sequence on `earliest` or later."""

    key: str
    owner: str
    tier: int
    rank: Any
    steps: tuple[Step, ...]
    slip: int
    earliest: int = 0
    start_days: StartDays = ANY_DAY

    def started(self, on: int, horizon: Horizon) -> Run:
        """The enrollment if this is its day 1; a first touch on that day is done on it."""
        touches = designed(self.steps, horizon.day(on), horizon, self.slip)
        if touches[0].on == on:
            touches = (replace(touches[0], slip=0), *touches[1:])
        return Run(self.key, self.owner, self.tier, self.rank, touches, on)


def designed(steps: Iterable[Step], day_one: date, horizon: Horizon, slip: int) -> tuple[Touch, ...]:
    """The steps on the days that the sequence has for them.

    A day that is no business day moves (R35), and no two touches are closer than the sequence has them (K17).
    """
    found: list[Touch] = []
    for step in steps:
        on = horizon.after(day_one, step.at)
        if found:
            on = max(on, horizon.later(found[-1].on, step.waits))
        found.append(Touch(step.step_no, on, slip, step.recipient, step.waits))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Crew:
    """Who works when, and how much."""

    workers: Mapping[str, Sequence[str | None]]
    """Who does the touches of an owner, by owner and day: the owner, a cover, or no person."""
    team_max: int | None = None
    """The touches of the team on one day, at most."""
    rep_max: int | None = None
    """The touches of one rep on one day, at most."""
    booked: Mapping[tuple[str, int], int] = field(default_factory=dict)
    """The tasks that are on a worklist already, by worker and day."""
    absent: frozenset[str] = field(init=False)
    """The owners whose touches wait on some days."""

    def __post_init__(self) -> None:
        absent = frozenset(owner for owner, days in self.workers.items() if None in days)
        object.__setattr__(self, "absent", absent)

    def worker(self, owner: str, on: int) -> str | None:
        days = self.workers.get(owner, ())
        return days[on] if 0 <= on < len(days) else owner

    def doers(self, owner: str) -> set[str]:
        """Everyone who does touches of an owner on some day."""
        return {worker for worker in self.workers.get(owner, (owner,)) if worker is not None}

    def latest(self, owner: str, on: int, slip: int) -> int:
        """The last day for a touch of a day: `slip` days later, without the days on which no person does it."""
        if owner not in self.absent:
            return on + slip
        last = on
        while slip:
            last += 1
            slip -= self.worker(owner, last) is not None
        return last


@dataclass(frozen=True, slots=True)
class Letters:
    """The limit of letters to one person (pack), and the letters that each person got, as ordinals of their days."""

    most: int | None = None
    days: int = 30
    sent: Mapping[str, Sequence[int]] = field(default_factory=dict)

    def again_on(self, recipient: str | None, planned: Sequence[int]) -> int:
        """The ordinal of the day from which a person may get the next letter; 0 for any day."""
        if recipient is None or self.most is None:
            return 0
        sent = self.sent.get(recipient, ())
        if len(sent) + len(planned) < self.most:
            return 0
        return sorted([*sent, *planned])[-self.most] + self.days


@dataclass(frozen=True, slots=True)
class Limits:
    """How many enrollments of a tier there may be (R40 to R42); a missing limit does not apply."""

    per_rep: int | None = None
    new_per_rep_and_week: int | None = None
    new_per_day: int | None = None
