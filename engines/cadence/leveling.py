"""How are the touches of running enrollments spread over the days?

Earliest deadline first: on each day, the touches whose time has come are done in the order of the last day on which
they may be done, as many as the caps allow. If any order keeps every deadline, this one does (Jackson's rule, for jobs
of unit length with release times). It never leaves a place empty that a touch could fill.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from heapq import heapify, heappop, heappush, heapreplace
from typing import NamedTuple

from engines.cadence.horizon import Horizon
from engines.cadence.touches import Crew, Letters, Run, Touch


class Placement(NamedTuple):
    """A touch on a day of the plan."""

    key: str
    step_no: int
    designed: int
    ready: int
    """The first day on which it could be done: its designed day, or later after a late predecessor."""
    latest: int
    """The last day on which it should be done."""
    on: int
    worker: str
    tier: int

    @property
    def is_late(self) -> bool:
        return self.on > self.latest


class Waiting(NamedTuple):
    """A touch whose time has come."""

    order: int
    """By its last day, then by the order of the runs; each touch that waits has its own."""
    run: Run
    nth: int
    ready: int
    latest: int

    @property
    def touch(self) -> Touch:
        return self.run.touches[self.nth]


class Leveling:
    """The touches of a plan, day by day."""

    def __init__(self, horizon: Horizon, crew: Crew, letters: Letters) -> None:
        self._horizon, self._crew, self._letters = horizon, crew, letters
        self._past = horizon.index(date.min)
        self._nth_run: dict[str, int] = {}
        self._released: dict[int, list[Waiting]] = defaultdict(list)
        self._queues: dict[str, list[Waiting]] = defaultdict(list)
        self._written: dict[str, list[int]] = defaultdict(list)

    def spread(self, runs: Iterable[Run]) -> tuple[list[Placement], list[Waiting]]:
        """The placements, by day, and the touches that found no place although their time had come."""
        given = [run for run in runs if run.touches]
        ranked = sorted(given, key=lambda run: (run.tier, run.rank, run.key))
        self._nth_run = {run.key: nth for nth, run in enumerate(ranked)}
        for run in given:
            self._release(run, 0, run.earliest)
        placed = [each for on in range(self._horizon.count) for each in self._day(on)]
        return placed, [each for queue in self._queues.values() for each in queue]

    def _release(self, run: Run, nth: int, earliest: int) -> None:
        """The nth touch of a run is next; it can be done from a day on."""
        touch = run.touches[nth]
        self._wait(run, nth, max(touch.on, earliest, self._letter_from(touch.recipient)))

    def _wait(self, run: Run, nth: int, ready: int) -> None:
        """A touch can be done from a day on; one that waits for a letter's turn is not late because of that."""
        latest = self._crew.latest(run.owner, ready, run.touches[nth].slip)
        order = latest * len(self._nth_run) + self._nth_run[run.key]
        ready = max(ready, 0)
        self._released[ready].append(Waiting(order, run, nth, ready, latest))

    def _letter_from(self, recipient: str | None) -> int:
        """The day from which a person may get the next letter; a past day if that is any."""
        if recipient is None:
            return self._past
        may_from = self._letters.again_on(recipient, self._written[recipient])
        return self._horizon.index(date.fromordinal(may_from)) if may_from else self._past

    def _day(self, on: int) -> list[Placement]:
        for each in self._released.pop(on, ()):
            heappush(self._queues[each.run.owner], each)
        placed: list[Placement] = []
        done = Counter({rep: count for (rep, day), count in self._crew.booked.items() if day == on})
        of_rep, of_team = self._crew.rep_max, self._crew.team_max
        most = None if of_team is None else of_team - done.total()
        heads = self._heads(on)
        while heads and (most is None or len(placed) < most):
            _, owner, worker = heads[0]
            if of_rep is not None and done[worker] >= of_rep:
                heappop(heads)
                continue
            queue = self._queues[owner]
            if placement := self._place(heappop(queue), on, worker):
                placed.append(placement)
                done[worker] += 1
            if queue:
                heapreplace(heads, (queue[0].order, owner, worker))
            else:
                heappop(heads)
        return placed

    def _heads(self, on: int) -> list[tuple[int, str, str]]:
        """The most urgent touch of each owner who works on this day, or has a cover."""
        queued = ((owner, queue[0].order) for owner, queue in self._queues.items() if queue)
        heads = [(order, owner, worker) for owner, order in queued if (worker := self._crew.worker(owner, on))]
        heapify(heads)
        return heads

    def _place(self, each: Waiting, on: int, worker: str) -> Placement | None:
        """Do a touch on a day, and release the next one; a letter too many waits until its recipient may get it."""
        _, run, nth, ready, latest = each
        touch, following = run.touches[nth], nth + 1
        if touch.recipient is not None:
            if (later := self._letter_from(touch.recipient)) > on:
                self._wait(run, nth, later)
                return None
            self._written[touch.recipient].append(self._horizon.day(on).toordinal())
        if following < len(run.touches):
            self._release(run, following, self._horizon.later(on, run.touches[following].waits))
        return Placement(run.key, touch.step_no, touch.on, ready, latest, on, worker, run.tier)
