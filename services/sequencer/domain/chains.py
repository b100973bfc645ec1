"""Which prospects are worked as one?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from services.sequencer.domain.rank import Prospect, rank
from services.sequencer.domain.runs import Run


@dataclass(frozen=True, slots=True)
class Unit:
    """What one enrolment would stand for: a facility, or at Regional level the members of a chain, best first (R44)."""

    members: tuple[Prospect, ...]
    chain: str | None = None

    @property
    def best(self) -> Prospect:
        return self.members[0]

    @property
    def covers(self) -> list[str]:
        return [member.facility_id for member in self.members]

    @property
    def subject(self) -> str:
        return f"chain:{self.chain}" if self.chain else self.best.facility_id


def units(prospects: Iterable[Prospect]) -> list[Unit]:
    """Group what may be enrolled: two or more members of a chain are one. Best first."""
    by_chain: dict[str, list[Prospect]] = defaultdict(list)
    for prospect in sorted(prospects, key=rank):
        by_chain[prospect.chain or f"facility:{prospect.facility_id}"].append(prospect)
    grouped = [Unit(tuple(members), members[0].chain if len(members) > 1 else None) for members in by_chain.values()]
    return sorted(grouped, key=lambda unit: rank(unit.best))


def joining(prospects: Iterable[Prospect], running: Iterable[Run]) -> dict[UUID, list[str]]:
    """Members that qualify later join the open run of their chain, so that a chain is approached once (R44).

    Only a member of a better tier than the run competes for a run of its own. Returns CCNs by enrolment.
    """
    # Of two runs of one chain, the one of the better tier takes every member.
    open_runs = {run.chain: run for run in sorted(running, key=lambda run: -run.tier) if run.chain}
    joined: dict[UUID, list[str]] = defaultdict(list)
    for prospect in sorted(prospects, key=rank):
        run = open_runs.get(prospect.chain or "")
        if run and prospect.tier >= run.tier:
            joined[run.enrollment_id].append(prospect.facility_id)
    return dict(joined)
