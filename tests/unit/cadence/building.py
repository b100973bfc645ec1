"""Which enrollments and candidates does a plan get?"""

from __future__ import annotations

from datetime import date, timedelta

from engines.cadence.horizon import Horizon, Wait
from engines.cadence.planner import Plan, Started, plan
from engines.cadence.touches import Candidate, Crew, Letters, Limits, Run, Step, designed

MONDAY = date(2026, 7, 6)
NINE = (1, 2, 4, 7, 9, 11, 14, 16, 21)
NURTURE = (1, 15, 30)
FREE = Limits()


def horizon(days: int = 21, today: date = MONDAY) -> Horizon:
    return Horizon(today, days, lambda day: day.weekday() < 5)


def steps(days: tuple[int, ...], first: int = 1, recipient: str | None = None) -> tuple[Step, ...]:
    return tuple(Step(n, Wait(day - 1), recipient) for n, day in enumerate(days, 1) if n >= first)


def a_run(
    key: str, day_one: date, days: tuple[int, ...] = NINE, slip: int = 3, owner: str = "ann", tier: int = 1
) -> Run:
    """A running enrollment whose touches before today are done."""
    left = tuple(step for step in steps(days) if day_one + timedelta(days=step.at.days) >= MONDAY)
    return Run(key, owner, tier, key, designed(left, day_one, horizon(), slip))


def a_candidate(
    key: str, days: tuple[int, ...] = NINE, owner: str = "ann", tier: int = 1, earliest: int = 0
) -> Candidate:
    return Candidate(key, owner, tier, key, steps(days), 3 if tier == 1 else 5, earliest)


def crew(
    *, team: int | None = None, rep: int | None = None, away: dict[str, list[int]] | None = None, days: int = 21
) -> Crew:
    owners = ("ann", "bob", "cat")
    off = away or {}
    return Crew({o: [None if day in off.get(o, []) else o for day in range(days)] for o in owners}, team, rep)


def planned(
    runs: list[Run],
    candidates: list[Candidate],
    workers: Crew,
    limits: dict[int, Limits] | None = None,
    started: Started | None = None,
    letters: Letters | None = None,
) -> Plan:
    return plan(
        horizon(),
        workers,
        runs,
        candidates,
        limits or {1: FREE, 2: FREE},
        started or Started({}, {}),
        letters or Letters(),
    )
