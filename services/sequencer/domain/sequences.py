"""What is a sequence, and how far apart are its steps? (R34, R35)"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from itertools import pairwise
from typing import Any, Literal

from engines.cadence.horizon import Wait
from engines.cadence.touches import StartDays
from services.sequencer.domain.windows import hours_of

Channel = Literal["call", "email", "linkedin", "research"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri"]
WEEKDAYS: dict[str, int] = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4}

STRICT = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class After:
    """How long after the step before it a step is."""

    __pydantic_config__ = STRICT

    days: int
    of: Literal["business", "calendar"]

    def __post_init__(self) -> None:
        if self.days < 1:
            raise ValueError("days is at least 1 (one touch a day)")


@dataclass(frozen=True, slots=True)
class When:
    """What must hold on the day of a step; otherwise the step is skipped. All that is given must hold."""

    __pydantic_config__ = STRICT

    step: int | None = None
    outcome: tuple[str, ...] = ()
    """The earlier step ended with one of these outcomes."""
    has: Literal["call", "email", "linkedin"] | None = None
    """The person of the step can be reached on this channel."""
    signal: Literal["open"] | None = None
    """A signal of the account is open."""

    def __post_init__(self) -> None:
        if (self.step is None) == bool(self.outcome):
            raise ValueError("`step` and `outcome` belong together: the outcomes that an earlier step may have")
        if not (self.outcome or self.has or self.signal):
            raise ValueError("a condition has `step` and `outcome`, `has`, or `signal`")


@dataclass(frozen=True, slots=True)
class Step:
    """A touch of a sequence: when, by which channel, to which persona, and with which text."""

    __pydantic_config__ = STRICT

    n: int
    channel: Channel
    persona: str
    template: str | None = None
    day: int | None = None
    """The calendar day, counted from 1, the start."""
    after: After | None = None
    """Instead of a day: how long after the step before it."""
    when: When | None = None
    window: str | None = None
    """The times of the day within which it should be done, by the clock of the recipient: `08:30-11:30`."""
    closing: bool = False
    """The last letter: its recipient and the facility rest afterwards."""

    def __post_init__(self) -> None:
        if (self.day is None) == (self.after is None):
            raise ValueError("a step has either `day: 7` or `after: {days: 3, of: business}`")
        if self.window is not None:
            hours_of(self.window)


@dataclass(frozen=True, slots=True)
class Starts:
    """The weekdays on which a sequence starts."""

    __pydantic_config__ = STRICT

    only: tuple[Weekday, ...] = ()
    prefer: tuple[Weekday, ...] = ()
    """Only a preference: a start waits for one of these only if its own day is full without it."""

    def __post_init__(self) -> None:
        if bool(self.only) == bool(self.prefer):
            raise ValueError("start_days has either `only: [tue]` or `prefer: [tue]`")

    def numbered(self) -> StartDays:
        return StartDays(frozenset(WEEKDAYS[day] for day in self.only), frozenset(WEEKDAYS[day] for day in self.prefer))


@dataclass(frozen=True, slots=True)
class Wake:
    """How a resting account starts again: at a later step, with a letter that refers to earlier ones."""

    __pydantic_config__ = STRICT

    from_step: int
    template: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """A series of touches (R34)."""

    __pydantic_config__ = STRICT

    name: str
    title: str
    again_from_day: int
    """The day, counted like the days of the steps, from which the account may be enrolled again (K25)."""
    steps: tuple[Step, ...]
    gap_days: int = 1
    """The days between the last touch of the account, in any sequence, and the first one of this sequence (K17)."""
    rest_days: int = 0
    """The days for which an account and the recipient rest after a closing letter, in all sequences."""
    wake: Wake | None = None
    """Without it, a new signal does not wake a resting account."""
    roll: Literal["next_business_day", "previous_business_day"] = "next_business_day"
    """Where a step goes whose day is no business day."""
    start_days: Starts | None = None
    times: tuple[Wait, ...] = field(init=False, compare=False)
    """How long after day 1 each step is. A step on a day and one after another become the same here."""
    waits: tuple[Wait, ...] = field(init=False, compare=False)
    """How long each step waits after the end of the one before it, at least; one on a day waits for that day only."""

    def __post_init__(self) -> None:
        """Raises `ValueError` if the steps are not in order, or if a rest has no closing letter to begin with."""
        if [step.n for step in self.steps] != list(range(1, len(self.steps) + 1)):
            raise ValueError("steps must be numbered 1, 2, 3, ... in order")
        if not self.steps or self.steps[0].day != 1:
            raise ValueError("the first step must be on day 1")
        back = self.roll == "previous_business_day"
        object.__setattr__(self, "times", tuple(_times(self.steps, back)))
        object.__setattr__(self, "waits", tuple(_length(step.after, back) for step in self.steps))
        self._check_days()
        if self.rest_days and not any(step.closing for step in self.steps):
            raise ValueError("rest_days needs a closing step")
        if any(step.closing and step.channel != "email" for step in self.steps):
            raise ValueError("a closing step is an e-mail")
        if early := [step.n for step in self.steps if step.when and (step.when.step or 0) >= step.n]:
            raise ValueError(f"when.step of step {early[0]} must be an earlier step")
        self._check_wake()

    def _check_days(self) -> None:
        days = [calendar_days(each) for each in self.times]
        if any(later <= before for before, later in pairwise(days)):
            raise ValueError("each step must be on a later day than the one before (one touch a day)")
        if self.again_from_day <= days[-1] + 1:
            raise ValueError("again_from_day must be after the last step")

    def _check_wake(self) -> None:
        woken = [step for step in self.steps if self.wake and step.n == self.wake.from_step]
        if self.wake and not (woken and woken[0].channel == "email"):
            raise ValueError("wake.from_step must be a step with an e-mail")

    def at(self, step: Step, first: int = 1) -> Wait:
        """How long a step is after the start of an enrollment that begins with the step `first`."""
        at = self.times[step.n - 1]
        if first == 1:
            return at
        start = self.times[min(first, len(self.times)) - 1]
        if at.business >= start.business:
            return at - start
        return Wait(calendar_days(at) - calendar_days(start), back=at.back)

    def waits_of(self, step: Step) -> tuple[Wait, ...]:
        """How long a step is after the one before it; empty if only its day counts."""
        wait = self.waits[step.n - 1]
        return (wait,) if wait.days or wait.business else ()

    @property
    def version(self) -> str:
        """The hash of its steps and rules; another title makes no other version."""
        content = {key: value for key, value in content_of(self).items() if key != "title"}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:8]

    def steps_from(self, first: int) -> tuple[Step, ...]:
        """The steps of an enrollment that starts at a step; one in mid-sequence starts with the letter of `wake`."""
        if first == 1:
            return self.steps
        steps = tuple(step for step in self.steps if step.n >= first)
        if not self.wake:
            return steps
        return (replace(steps[0], template=self.wake.template), *steps[1:])

    @property
    def closing(self) -> frozenset[int]:
        """The numbers of the closing steps."""
        return frozenset(step.n for step in self.steps if step.closing)


def content_of(sequence: Sequence) -> dict[str, Any]:
    """What a file states about a sequence, without what it leaves out."""
    content = asdict(sequence, dict_factory=lambda pairs: {key: value for key, value in pairs if value or value == 0})
    return {key: value for key, value in content.items() if key not in ("times", "waits")}


def calendar_days(wait: Wait) -> int:
    """How many calendar days a wait has at least: five business days are a week."""
    return wait.days + wait.business + 2 * (wait.business // 5)


def _times(steps: Iterable[Step], back: bool) -> Iterable[Wait]:
    """Calendar days after business days count from the earliest possible day; the wait of the step adds the rest."""
    at = Wait(back=back)
    for step in steps:
        if step.after and step.after.of == "calendar":
            at = Wait(calendar_days(at), back=back)
        at = Wait(step.day - 1, back=back) if step.day else at + _length(step.after, back)
        yield at


def _length(after: After | None, back: bool) -> Wait:
    if after is None:
        return Wait(back=back)
    return Wait(after.days, 0, back) if after.of == "calendar" else Wait(0, after.days, back)
