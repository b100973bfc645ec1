"""How long does the plan of the next days take, and does it keep more deadlines than a plain greedy one?

The greedy peer does what a script would: every touch on its day, or on the next one with a place, first come, first
served; an enrollment starts as soon as its first touch has a place.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from statistics import median
from time import process_time

from engines.cadence.horizon import Horizon, Wait
from engines.cadence.planner import Started, plan
from engines.cadence.touches import Candidate, Crew, Letters, Limits, Run, Step, designed

Figures = dict[str, float]

SIZES = (1_000, 3_000, 10_000)
ACCOUNTS_PER_REP = 40
A_DAY = 14
"""The touches of one rep on one day, at most; about as many as the accounts need."""
DAYS = 21
TODAY = date(2026, 7, 6)
NINE, NURTURE = (1, 2, 4, 7, 9, 11, 14, 16, 21), (1, 15, 30)
SLIP = {1: 3, 2: 5}


async def planning(repeats: int, peers: str) -> dict[str, Figures]:
    """Figures by number of running enrollments; as many accounts wait for a start."""
    return {f"planning_{size:,}": _middle([_compared(size, seed) for seed in range(repeats)]) for size in SIZES}


def _middle(runs: list[Figures]) -> Figures:
    return {name: round(median(run[name] for run in runs), 2) for name in runs[0]}


def _compared(size: int, seed: int) -> Figures:
    horizon = Horizon(TODAY, DAYS, lambda day: day.weekday() < 5)
    runs, waiting, owners = _team(size, horizon, random.Random(seed))
    crew = Crew({owner: [owner] * DAYS for owner in owners}, rep_max=A_DAY)
    limits = {1: Limits(8, 2, None), 2: Limits(None, None, 3 * len(owners))}
    began = process_time()
    planned = plan(horizon, crew, runs, waiting, limits, Started({}, {}), Letters())
    seconds = process_time() - began
    began = process_time()
    started, late = _greedy(runs, waiting, horizon)
    return {
        "cpu_seconds": seconds,
        "greedy_cpu_seconds": process_time() - began,
        "starts": len(planned.starts),
        "late": len(planned.late),
        "greedy_starts": started,
        "greedy_late": late,
    }


def _team(size: int, horizon: Horizon, chance: random.Random) -> tuple[list[Run], list[Candidate], list[str]]:
    owners = [f"rep-{n}" for n in range(size // ACCOUNTS_PER_REP)]
    runs, waiting = [], []
    for n in range(size):
        tier, owner = 1 if n % 5 == 0 else 2, owners[n % len(owners)]
        days = NINE if tier == 1 else NURTURE
        steps = tuple(Step(number, Wait(day - 1)) for number, day in enumerate(days, 1))
        started = TODAY - timedelta(days=chance.randrange(days[-1]))
        left = [each for each in steps if started + timedelta(days=each.at.days) >= TODAY]
        runs.append(Run(f"r{n}", owner, tier, n, designed(left, started, horizon, SLIP[tier])))
        waiting.append(Candidate(f"c{n}", owner, tier, n, steps, SLIP[tier]))
    return runs, waiting, owners


def _greedy(runs: Sequence[Run], waiting: Sequence[Candidate], horizon: Horizon) -> tuple[int, int]:
    """The enrollments that a greedy plan starts today, and the touches that it does after their last day."""
    taken: Counter[tuple[str, int]] = Counter()
    late = sum(_place(run, taken) for run in runs)
    started = 0
    for each in waiting:
        if taken[each.owner, 0] < A_DAY:
            started += 1
            late += _place(each.started(0, horizon), taken)
    return started, late


def _place(run: Run, taken: Counter[tuple[str, int]]) -> int:
    late, before = 0, -1
    for touch in run.touches:
        on = max(touch.on, before + 1)
        while taken[run.owner, on] >= A_DAY:
            on += 1
        taken[run.owner, on] += 1
        late += on > touch.on + touch.slip and on < DAYS
        before = on
    return late
