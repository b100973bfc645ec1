"""Is a day as full as the rules allow, in teams of the usual size?"""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from engines.cadence.planner import Plan
from engines.cadence.touches import Candidate, Limits, Run
from tests.unit.cadence.building import MONDAY, NINE, NURTURE, a_candidate, a_run, crew, horizon, planned

MOST = 15
LIMITS = {1: Limits(8, 2, None), 2: Limits(None, None, 3)}
OWN_RULES = {"seat", "week", "day"}
"""What an account waits for although the day has room: its tier has no seat or no quota left."""


class Team:
    """Two reps with twenty to eighty running enrollments, and up to 25 accounts that may start."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self.runs = [self._run(f"r{n}") for n in range(self._random.randrange(20, 80))]
        self.waiting = [self._candidate(f"c{n}") for n in range(self._random.randrange(25))]

    def _run(self, key: str) -> Run:
        nine, owner = self._random.random() < 0.3, self._random.choice(("ann", "bob"))
        day_one = MONDAY - timedelta(days=self._random.randrange(21 if nine else 30))
        if nine:
            return a_run(key, day_one, NINE, 3, owner, 1)
        return a_run(key, day_one, NURTURE, 5, owner, 2)

    def _candidate(self, key: str) -> Candidate:
        nine, owner = self._random.random() < 0.3, self._random.choice(("ann", "bob"))
        return a_candidate(key, NINE if nine else NURTURE, owner, 1 if nine else 2)

    def plan(self) -> Plan:
        return planned(self.runs, self.waiting, crew(team=MOST), LIMITS)

    def harmless(self, found: Plan) -> list[Candidate]:
        """The accounts that wait for room, and whose start today instead would make no touch late."""
        waiting = [each for each in self.waiting if found.waits.get(each.key) == "full"]
        return [each for each in waiting if self._late(found, each) <= self._late(found)]

    def _late(self, found: Plan, today: Candidate | None = None) -> set[tuple[str, int]]:
        """The late touches of a plan, or of the plan with one account that starts today."""
        by_key = {each.key: each for each in self.waiting}
        starts = {**found.starts, **({today.key: 0} if today else {})}
        started = [by_key[key].started(on, horizon()) for key, on in starts.items()]
        return {(each.key, each.step_no) for each in planned([*self.runs, *started], [], crew(team=MOST)).late}


@pytest.mark.parametrize("seed", range(20))
def test_a_day_has_nine_tenths_of_what_could_be_placed(seed: int) -> None:
    team = Team(seed)
    found = team.plan()
    today = sum(each.on == 0 for each in found.placements)
    late = [each for each in team.waiting if found.starts.get(each.key) != 0]

    assert today <= MOST
    if today < MOST:
        assert {found.waits[each.key] for each in late} <= OWN_RULES | {"full"}
        harmless = team.harmless(found)
        assert [each.key for each in harmless if each.tier == 1] == []
        assert today >= 0.9 * min(MOST, today + len(harmless))
