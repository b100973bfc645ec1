"""How many touches a day do two reps have, by the caps of tiers and the cycle of Tier 2?

    python -m tests.benchmarks.load_table [DAYS]

A year (or DAYS) of a team of two in memory, by the sequencer's own decisions and the shipped sequences: so many
Tier-2 accounts whose nurture repeats, always an account that waits for a Tier-1 start, every person reachable, every
touch done on its day, no replies. For orientation beside the figures of the requirements, computed without a planner.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from statistics import mean

from services.sequencer.domain.pack import Playbook, TouchCap
from services.sequencer.domain.reps import team_of
from services.sequencer.settings import playbook
from tests.support.acts_of_reps import Work
from tests.support.following import an_account
from tests.support.histories import a_sighting

FIRST = date(2026, 1, 5)
WAITING = 12
WARM_UP = timedelta(days=60)
"""The days until enrollments are spread as they stay; they are lived through and not counted."""


def a_pack(new_per_week: int, cycle: int, cap: int) -> Playbook:
    """The shipped pack, with Tier 1 limited by its starts only."""
    pack = playbook()
    tiers = {
        1: replace(pack.rule(1), new_per_rep_and_week=new_per_week, per_rep=None),
        2: replace(pack.rule(2), new_per_day=None),
    }
    sequences = {**pack.sequences}
    nurture = pack.sequence(2)
    sequences[nurture.name] = replace(nurture, again_from_day=cycle + 1, gap_days=min(nurture.gap_days, cycle - 29))
    capacity = replace(pack.capacity, tiers=tiers, touches_per_day=TouchCap("team", cap), letters_per_person=None)
    return replace(pack, capacity=capacity, sequences=sequences)


class Year(Work):
    """A team of two whose accounts are all reachable."""

    def __init__(self, book: Playbook, nurtured: int) -> None:
        super().__init__(book)
        self.today, self.team = FIRST, team_of(("ann", "bob"))
        self.accounts, self.sightings = {}, []
        self.count = 0
        self.add_accounts(nurtured, 2)

    def add_accounts(self, count: int, tier: int) -> None:
        for _ in range(count):
            self.count += 1
            key = f"{self.count:06}"
            self.accounts[key] = an_account(key, tier, "50")
            roles = ("administrator", "don")
            self.sightings += [a_sighting(key, role, FIRST, email=f"{role}@{key}.example") for role in roles]

    def live(self, days: int) -> Iterator[int]:
        """The touches of each business day after the warm-up."""
        last = FIRST + WARM_UP + timedelta(days=days)
        while self.today < last:
            self.refill()
            self.plan()
            done = self.worklist
            self.work(len(done), 0)
            if self.is_business_day and self.today >= FIRST + WARM_UP:
                yield len(done)
            self.today += timedelta(days=1)

    def refill(self) -> None:
        """Forget accounts that finished Tier 1, and let others wait."""
        finished = {e.facility_id for e in self.enrollments.values() if e.tier == 1 and not e.is_open}
        self.accounts = {key: each for key, each in self.accounts.items() if key not in finished}
        self.sightings = [each for each in self.sightings if each.facility_id not in finished]
        self.leads = {key: each for key, each in self.leads.items() if each.facility_id not in finished}
        old = self.today - timedelta(days=45)
        self.tasks = {key: each for key, each in self.tasks.items() if each.is_open or (each.done_on or old) > old}
        enrolled = {each.facility_id for each in self.open}
        waiting = sum(each.tier == 1 and each.facility_id not in enrolled for each in self.accounts.values())
        self.add_accounts(WAITING - waiting, 1)

    def starts(self, tier: int) -> int:
        """The enrollments that started after the warm-up."""
        counted = FIRST + WARM_UP
        return sum(e.tier == tier and (e.started_on or FIRST) >= counted for e in self.enrollments.values())


def line(new: int, nurtured: int, cycle: int, cap: int, days: int) -> str:
    year = Year(a_pack(new, cycle, cap), nurtured)
    loads = list(year.live(days))
    every = nurtured * days / max(year.starts(2), 1)
    return (
        f"{new:3} {nurtured:6} {cycle:5} {cap:5} {mean(loads):6.1f} {max(loads):5}"
        f" {year.starts(1) * 7 / days:7.1f} {every:8.0f}"
    )


def main(days: int) -> None:
    print("new  tier2 cycle   cap   mean  peak  starts  nurture", flush=True)
    for new, nurtured, cycle, cap in product((2, 3), (52, 55, 60), (30, 36), (15, 18, 1_000)):
        print(line(new, nurtured, cycle, cap, days), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 364)
