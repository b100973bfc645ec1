"""How does a simulation go on from the current day of the running stack?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from cli.client.connection import persistently
from cli.demo.behavior import Behavior
from cli.demo.days import DayProgress, Life, Workday, each_day, next_business_day
from cli.demo.feed import Feed, repeated
from cli.demo.simulate import Simulation
from cli.files.report import Report
from shared.clock import local
from shared.contracts.kernel import ServiceStatus, Status
from shared.contracts.sequencer_reps import AddRep, ChangeRep, Team

if TYPE_CHECKING:
    from shared.messaging.broker import Broker

NO_SIMULATION = (
    "This stack works by the real time, which cannot be set. `make demo` starts a simulation, with invented data or"
    " with your files; then `pipeline simulate` goes on from its last day."
)


@dataclass(frozen=True)
class Given:
    """What a person states about a simulation."""

    days: int
    seed: int
    rates: Behavior
    feed: Feed | None = None
    """Postings, which are shifted and repeated."""
    reps: Sequence[AddRep] = field(default_factory=tuple)
    """Reps who join the team on the first day."""


@dataclass(frozen=True)
class Run:
    """The days that were simulated."""

    first: date
    last: date
    workdays: list[Workday]
    postings: Report
    letters: Mapping[str, int] = field(default_factory=dict)
    """Letters that were sent, and what came back for them."""


async def go_on(broker: Broker, given: Given, progress: DayProgress, stopped: Callable[[], bool]) -> Run:
    """Simulate days, the current one included, and then the morning of the next business day.

    Once `stopped` is true, the current day is the last one. Raises `ValueError` for a stack by the real time.
    """
    status = await _of_simulation(broker)
    simulation, first = Simulation(broker), status.today
    last = first + timedelta(days=given.days - 1)
    life = Life(simulation, await simulation.job_times(), given.rates, given.seed)
    if given.feed:
        life.feed = repeated(given.feed, first, last, status.timezone)
    await _join(broker, given.reps)
    morning = next_business_day(last)
    progress.days((morning - first).days + 1)
    for day in each_day(first, morning - timedelta(days=1)):
        progress.day(day)
        await life.live_through(day, local(status.now, status.timezone).time() if day == first else None)
        if stopped():
            return Run(first, min(day, last), life.workdays, life.postings, life.letters)
    progress.day(morning)
    await life.begin(morning)
    return Run(first, last, life.workdays, life.postings, life.letters)


async def _of_simulation(broker: Broker) -> ServiceStatus:
    status = await persistently(broker, Status(), service="sequencer")
    if not status.simulation:
        raise ValueError(NO_SIMULATION)
    return status


async def _join(broker: Broker, reps: Sequence[AddRep]) -> None:
    """Let reps join the team; one who is in it already has the given data from now on."""
    there = {each.rep for each in await persistently(broker, Team()) if each.left_on is None}
    for rep in reps:
        known = rep.rep in there
        await persistently(broker, ChangeRep(**rep.model_dump(exclude_none=True)) if known else rep)


LATEST = 20


@dataclass(frozen=True, slots=True)
class Touches:
    """How full the business days of a simulation were."""

    mean: float
    latest: float
    """The mean of the last twenty business days."""
    fullest: Workday
    emptiest: Workday
    most_of_a_rep: int
    done: int
    skipped: int


def touches_of(workdays: Sequence[Workday]) -> Touches | None:
    """The touches per business day, overdue ones included; None without any business day."""
    if not workdays:
        return None
    last = workdays[-LATEST:]
    return Touches(
        mean=sum(day.total for day in workdays) / len(workdays),
        latest=sum(day.total for day in last) / len(last),
        fullest=max(workdays, key=lambda day: day.total),
        emptiest=min(workdays, key=lambda day: day.total),
        most_of_a_rep=max((most for day in workdays for most in day.due.values()), default=0),
        done=sum(day.done for day in workdays),
        skipped=sum(day.skipped for day in workdays),
    )
