"""Are the steps of a sequence on days on which they can be done, and far enough apart on one channel?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from cli.linting.sections import Pack
from engines.cadence.horizon import Wait
from engines.packs.files import Fault
from services.sequencer.domain.sequences import WEEKDAYS, Sequence, Step

APART = {"email": 2, "linkedin": 2, "call": 1}
"""The business days between two steps of a channel, at least."""
NAMES = {"email": "the e-mail", "linkedin": "the LinkedIn message", "call": "the call"}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
BUSINESS = len(WEEKDAYS)
SATURDAY = BUSINESS


def gaps(pack: Pack) -> Iterator[Fault]:
    for name, sequence in pack.folders["sequences"].items():
        if sequence:
            yield from _on_weekends(f"sequences/{name}.yaml", sequence)
            yield from _too_close(f"sequences/{name}.yaml", sequence)


def _on_weekends(file: str, sequence: Sequence) -> Iterator[Fault]:
    """Steps whose day is on a weekend, on whichever day the sequence may start."""
    for at, step in enumerate(sequence.steps):
        if step.day is None or any(_weekday(start, step.day) < SATURDAY for start in _starts(sequence)):
            continue
        avoiding = [day for day, start in WEEKDAYS.items() if _weekday(start, step.day) < SATURDAY]
        goes = "the next Monday" if sequence.roll == "next_business_day" else "the Friday before"
        problem = f"day {step.day} is always on a weekend, so the step goes to {goes}"
        remedy = f"choose another day, or let the sequence start on {', '.join(avoiding)}"
        yield Fault(file, f"steps.{at}.day", problem, remedy)


def _too_close(file: str, sequence: Sequence) -> Iterator[Fault]:
    """Steps of one channel that are nearer to each other than `APART`; of two with conditions, one may be skipped."""
    for channel, least in APART.items():
        for before, step in pairwise(step for step in sequence.steps if step.channel == channel):
            apart = {start: _apart(sequence, before, step, start) for start in _starts(sequence)}
            start, days = min(apart.items(), key=lambda pair: pair[1])
            if days >= least or (before.when and step.when):
                continue
            near = f"{days} business {'day' if days == 1 else 'days'} after" if days else "on the same business day as"
            often = "" if len(set(apart.values())) == 1 else f", if the sequence starts on a {DAYS[start]}"
            problem = f"{NAMES[channel]} is {near} step {before.n}, which is one too{often}"
            between = f"{least} business {'day' if least == 1 else 'days'}"
            yield Fault(file, f"steps.{step.n - 1}", problem, f"leave {between} between them, or change a channel")


def _starts(sequence: Sequence) -> tuple[int, ...]:
    """The weekdays on which the sequence may start; those that it prefers are not the only ones."""
    only = sequence.start_days.only if sequence.start_days else ()
    return tuple(WEEKDAYS[day] for day in only or WEEKDAYS)


def _weekday(start: int, day: int) -> int:
    return (start + day - 1) % 7


def _apart(sequence: Sequence, before: Step, step: Step, start: int) -> int:
    return _business(start, sequence.times[step.n - 1]) - _business(start, sequence.times[before.n - 1])


def _business(start: int, wait: Wait) -> int:
    """The number of the business day that is so long after a weekday; holidays are not known here."""
    weeks, weekday = divmod(start + wait.days, 7)
    return weeks * BUSINESS + min(weekday, BUSINESS - 1 if wait.back else BUSINESS) + wait.business
