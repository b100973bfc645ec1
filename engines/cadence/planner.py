"""The plan of the next business days: which enrollments start when, and on which day is each touch done?

One pure function of the state of a day. Running enrollments come first: their touches are spread by their deadlines.
Candidates follow in the order of tier and rank. A candidate starts on the first day on which it has a seat and a quota
(R40 to R42) and on which there is room for all its touches, so that no start makes a later day impossible (R43).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from engines.cadence.horizon import Horizon, Wait
from engines.cadence.leveling import Leveling, Placement, Waiting
from engines.cadence.room import Room, Window
from engines.cadence.touches import Candidate, Crew, Letters, Limits, Run, StartDays

Scarce = Literal["seat", "week", "day", "full", "away", "start_day", "later"]
"""Why a candidate does not start.

It has no seat, no quota of the week or of the day, no room, no person at work, or waits for a weekday of its sequence,
or it may not start within the plan.
"""

AT_ONCE = Wait()


@dataclass(frozen=True, slots=True)
class Late:
    """A touch that finds no day before its deadline, so that the plan is impossible as it stands."""

    key: str
    step_no: int
    designed: int
    latest: int
    on: int | None
    """None if it is after the plan."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done on which day, which candidates start when, and what the others lack on their first possible day."""

    placements: Sequence[Placement]
    starts: Mapping[str, int]
    waits: Mapping[str, Scarce]
    late: Sequence[Late]

    def load(self, booked: Mapping[tuple[str, int], int]) -> Counter[tuple[str, int]]:
        """The touches by worker and day, with those that are on a worklist already."""
        return Counter(booked) + Counter((each.worker, each.on) for each in self.placements)


@dataclass(frozen=True, slots=True)
class Started:
    """The starts so far, by tier and owner: in the week of this Monday, and today by tier."""

    this_week: Mapping[tuple[int, str], int]
    today: Mapping[int, int]


def plan(
    horizon: Horizon,
    crew: Crew,
    runs: Sequence[Run],
    candidates: Iterable[Candidate],
    limits: Mapping[int, Limits],
    started: Started,
    letters: Letters,
) -> Plan:
    """The plan of the days of the horizon.

    `runs` are the running enrollments, `candidates` the accounts that may start, `limits` those of each tier.
    """
    before, unplaced = Leveling(horizon, crew, letters).spread(runs)
    late_anyway = {(each.key, each.step_no) for each in _late(before, unplaced, horizon)}
    admission = _Admission(horizon, crew, runs, before, limits, started)
    # Of a tier, those that may start now come before those that may start later, so that no seat is kept for them.
    for each in sorted(candidates, key=lambda each: (each.tier, max(each.earliest, 0), each.rank, each.key)):
        admission.admit(each)
    while True:
        placements, left = before, unplaced
        if admission.runs:
            placements, left = Leveling(horizon, crew, letters).spread([*runs, *admission.runs])
        late = _late(placements, left, horizon)
        worse = [each for each in late if (each.key, each.step_no) not in late_anyway]
        if not worse:
            return Plan(placements, admission.starts, admission.waits, late)
        # Room is counted by windows, but a touch that slips moves the windows of the next ones (decision 0021).
        admission.take_back(worse)


def _late(placements: Iterable[Placement], left: Iterable[Waiting], horizon: Horizon) -> list[Late]:
    """The touches that are placed too late, or that find no place although their last day is within the plan."""
    late = [Late(each.key, each.step_no, each.designed, each.latest, each.on) for each in placements if each.is_late]
    late += [
        Late(each.run.key, each.touch.step_no, each.touch.on, each.latest, None)
        for each in left
        if each.latest < horizon.count
    ]
    return late


class _Admission:
    """The seats, quotas and places that are left while candidates are admitted one by one."""

    def __init__(
        self,
        horizon: Horizon,
        crew: Crew,
        runs: Sequence[Run],
        placed: Sequence[Placement],
        limits: Mapping[int, Limits],
        started: Started,
    ) -> None:
        self._horizon, self._crew, self._limits, self._running = horizon, crew, limits, runs
        self._seats: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0] * horizon.count)
        self._weekdays = [day.weekday() for day in horizon.days]
        self._weeks = [day.toordinal() - day.weekday() for day in horizon.days]
        self._by_week: Counter[tuple[int, str, int]] = Counter()
        self._by_day: Counter[tuple[int, int]] = Counter()
        self._count_started(started)
        self._take_seats(runs, placed)
        self._taken = Counter((self._whose(each.worker), each.on) for each in placed)
        for (worker, on), count in crew.booked.items():
            self._taken[self._whose(worker), on] += count
        self._rooms = _rooms(horizon, crew, runs)
        self.runs: list[Run] = []
        self.starts: dict[str, int] = {}
        self.waits: dict[str, Scarce] = {}

    def admit(self, candidate: Candidate) -> None:
        """Start a candidate on the first day that has everything, or note what it lacked on the first possible day."""
        scarce: Scarce = "later"
        for on in range(max(candidate.earliest, 0), self._horizon.count):
            lacking = self._lacking(candidate, on)
            if lacking is None:
                break
            scarce = lacking if scarce == "later" else scarce
        if scarce != "later" or candidate.key not in self.starts:
            self.waits[candidate.key] = scarce

    def take_back(self, late: Iterable[Late]) -> None:
        """Let the last starts that can be why these touches are late wait: one for each owner of a late touch."""
        owners = {run.key: run.owner for run in (*self._running, *self.runs)}
        for owner in sorted({owners[each.key] for each in late}):
            ends = max(each.latest for each in late if owners[each.key] == owner)
            self._take_back(owner, ends)

    def _take_back(self, owner: str, ends: int) -> None:
        """Later days first, as they are planned anew; of a day the candidate that was admitted last."""
        near = [run for run in self.runs if self.starts[run.key] <= ends and self._works_with(run.owner, owner)]
        near = near or self.runs
        if near:
            nth = max(range(len(near)), key=lambda n: (self.starts[near[n].key], n))
            run = near[nth]
            self.runs = [each for each in self.runs if each.key != run.key]
            del self.starts[run.key]
            self.waits[run.key] = "full"

    def _lacking(self, candidate: Candidate, on: int) -> Scarce | None:
        """What a start on a day lacks; None if it starts."""
        owner, tier = candidate.owner, candidate.tier
        worker = self._crew.worker(owner, on)
        room = self._rooms.get(self._whose(worker))
        if worker is None:
            return "away"
        if room and candidate.steps[0].at == AT_ONCE and not room.has_place(on):
            return "full"
        if quota := self._over_quota(tier, owner, on):
            return quota
        if self._is_wrong_day(candidate.start_days, owner, on):
            return "start_day"
        run = candidate.started(on, self._horizon)
        windows = _windows(run, self._crew, self._horizon)
        if not self._has_seat(tier, owner, on, windows[-1][0]):
            return "seat"
        if room and room.take_if_free(windows):
            return "full"
        self._start(candidate, run, on, windows[-1][0])
        return None

    def _is_wrong_day(self, days: StartDays, owner: str, on: int) -> bool:
        """Whether a start waits for another weekday.

        For one that the sequence prefers it waits only within the week, whose quota is the same, and only if other
        touches fill its own day: a preference leaves no place empty.
        """
        if days.only:
            return self._weekdays[on] not in days.only
        if self._weekdays[on] in days.prefer or not self._is_full(owner, on):
            return False
        this_week = (later for later in range(on + 1, self._horizon.count) if self._weeks[later] == self._weeks[on])
        return any(self._weekdays[later] in days.prefer for later in this_week)

    def _is_full(self, owner: str, on: int) -> bool:
        most = self._crew.rep_max if self._crew.team_max is None else self._crew.team_max
        return most is not None and self._taken[self._whose(self._crew.worker(owner, on)), on] >= most

    def _whose(self, worker: str | None) -> str:
        """Whose room a worker's touches take: that of the team, whose key is empty, or the worker's own."""
        return (worker or "") if self._crew.team_max is None else ""

    def _works_with(self, owner: str, other: str) -> bool:
        """Whether the touches of two owners can take each other's places."""
        if owner == other or self._crew.team_max is not None:
            return True
        return not self._crew.doers(owner).isdisjoint(self._crew.doers(other))

    def _over_quota(self, tier: int, owner: str, on: int) -> Scarce | None:
        limits = self._limits[tier]
        if not _under(self._by_week[tier, owner, self._weeks[on]], limits.new_per_rep_and_week):
            return "week"
        return None if _under(self._by_day[tier, on], limits.new_per_day) else "day"

    def _has_seat(self, tier: int, owner: str, first: int, last: int) -> bool:
        """Whether a seat is free on every day of an enrollment."""
        seats = self._seats[tier, owner][first : last + 1]
        return _under(max(seats, default=0), self._limits[tier].per_rep)

    def _start(self, candidate: Candidate, run: Run, on: int, last: int) -> None:
        tier, owner = candidate.tier, candidate.owner
        self._sit(tier, owner, on, last)
        self._by_week[tier, owner, self._weeks[on]] += 1
        self._by_day[tier, on] += 1
        if run.touches[0].on == on:
            self._taken[self._whose(self._crew.worker(owner, on)), on] += 1
        self.runs.append(run)
        self.starts[candidate.key] = on

    def _sit(self, tier: int, owner: str, first: int, last: int) -> None:
        seats = self._seats[tier, owner]
        for on in range(max(first, 0), min(last + 1, self._horizon.count)):
            seats[on] += 1

    def _count_started(self, started: Started) -> None:
        week = self._weeks[0]
        for (tier, owner), count in started.this_week.items():
            self._by_week[tier, owner, week] = count
        for tier, count in started.today.items():
            self._by_day[tier, 0] = count

    def _take_seats(self, runs: Iterable[Run], placed: Iterable[Placement]) -> None:
        """A running enrollment has its seat until its last touch."""
        last = {each.key: each.on for each in placed}
        unplaced = {each.key for each in runs if each.touches and each.touches[-1].on >= self._horizon.count}
        for run in (each for each in runs if each.seated):
            ends = self._horizon.count - 1 if run.key in unplaced else last.get(run.key, run.earliest)
            self._sit(run.tier, run.owner, 0, ends)


def _under(count: int, limit: int | None) -> bool:
    return limit is None or count < limit


def _windows(run: Run, crew: Crew, horizon: Horizon) -> list[Window]:
    """The days within which each touch of a run is done."""
    found: list[Window] = []
    for touch in run.touches:
        ready = max(touch.on, horizon.later(found[-1][0], touch.waits) if found else run.earliest)
        found.append((ready, crew.latest(run.owner, ready, touch.slip)))
    return found


def _rooms(horizon: Horizon, crew: Crew, runs: Iterable[Run]) -> dict[str, Room]:
    """The room of the team (its key is empty), or that of each rep; none without caps."""
    if crew.team_max is not None:
        booked = [sum(n for (_, day), n in crew.booked.items() if day == on) for on in range(horizon.count)]
        places = [max(crew.team_max - count, 0) for count in booked]
        return {"": Room(places, (window for run in runs for window in _windows(run, crew, horizon)))}
    if crew.rep_max is None:
        return {}
    taken: dict[str, list[Window]] = defaultdict(list)
    for run in runs:
        taken[run.owner] += _windows(run, crew, horizon)
    return {owner: Room(_places_of(owner, horizon, crew), taken[owner]) for owner in crew.workers}


def _places_of(owner: str, horizon: Horizon, crew: Crew) -> list[int]:
    most = crew.rep_max or 0
    days = range(horizon.count)
    return [max(most - crew.booked.get((owner, on), 0), 0) if crew.worker(owner, on) == owner else 0 for on in days]
