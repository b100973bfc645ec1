"""Which prospects are enrolled together?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from services.sequencer.domain.accounts import Account, rank
from services.sequencer.domain.contacts import chain_key
from services.sequencer.domain.enrollments import Enrollment


@dataclass(frozen=True, slots=True)
class Subject:
    """The facilities of one enrollment: a single one, or the members of a chain, best first (R44)."""

    members: tuple[Account, ...]
    chain: str | None = None

    @property
    def best(self) -> Account:
        return self.members[0]

    @property
    def covers(self) -> list[str]:
        return [member.facility_id for member in self.members]

    @property
    def key(self) -> str:
        return f"chain:{chain_key(self.chain)}" if self.chain else self.best.facility_id


def subjects(prospects: Iterable[Account]) -> list[Subject]:
    """Group prospects: two or more members of a chain are one subject. Best first."""
    by_chain: dict[str, list[Account]] = defaultdict(list)
    for prospect in sorted(prospects, key=rank):
        by_chain[chain_key(prospect.chain) or f"facility:{prospect.facility_id}"].append(prospect)
    grouped = [Subject(tuple(group), group[0].chain if len(group) > 1 else None) for group in by_chain.values()]
    return sorted(grouped, key=lambda subject: rank(subject.best))


def joining(prospects: Iterable[Account], enrollments: Iterable[Enrollment]) -> dict[UUID, list[str]]:
    """The members that join the open enrollment of their chain, by enrollment, so that a chain is enrolled once (R44).

    A member of a better tier than the enrollment competes for its own instead.
    """
    # Of two enrollments of one chain, all members join the one of the better tier.
    of_chains = {chain_key(each.chain): each for each in sorted(enrollments, key=lambda e: -e.tier) if each.chain}
    joined: dict[UUID, list[str]] = defaultdict(list)
    for prospect in sorted(prospects, key=rank):
        enrollment = of_chains.get(chain_key(prospect.chain))
        if enrollment and prospect.tier >= enrollment.tier:
            joined[enrollment.enrollment_id].append(prospect.facility_id)
    return dict(joined)
