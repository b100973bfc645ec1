"""In which order do accounts get attention?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Rank = tuple[int, Decimal, int, int, Decimal, str]


@dataclass(frozen=True, slots=True)
class Prospect:
    """A listed facility that is no client, as far as its place in the queue depends on it."""

    facility_id: str
    tier: int
    score: Decimal
    owner: str | None = None
    chain: str | None = None
    urgency: int | None = None
    last_seen_on: date | None = None
    measure: Decimal | None = None


def rank(prospect: Prospect) -> Rank:
    """Sort key, best first: tier, score, then the tie-break of R32 (urgency, last seen, the measure, facility id)."""
    return (
        prospect.tier,
        -prospect.score,
        -1 if prospect.urgency is None else -prospect.urgency - 2,
        -prospect.last_seen_on.toordinal() if prospect.last_seen_on else 0,
        Decimal(1) if prospect.measure is None else -prospect.measure,
        prospect.facility_id,
    )
