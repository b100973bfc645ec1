"""What is known of an account, and in which order do accounts get attention?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from services.sequencer.domain.signals import Evidence

Rank = tuple[int, Decimal, int, int, Decimal, str]

UNSCORED = 99
"""The tier of an account without a score: behind all that a pack names."""


@dataclass(frozen=True, slots=True)
class Account:
    """A facility as follow-up sees it: on the registry or not, prospect or client, with its score and the reasons."""

    facility_id: str
    listed: bool
    client: bool
    name: str
    city: str
    state: str
    phone: str | None
    chain: str | None
    owner: str | None
    tier: int
    score: Decimal
    urgency: int | None
    last_seen_on: date | None
    measure: Decimal | None
    evidence: list[dict[str, Any]]
    next_follow_up_on: date | None

    @property
    def factors(self) -> list[Evidence]:
        return [Evidence(e["factor"], Decimal(e["points"]), e["evidence"]) for e in self.evidence]


def rank(account: Account) -> Rank:
    """Sort key, best first: tier, score, then the tie-break of R32 (urgency, last seen, the measure, facility id)."""
    return (
        account.tier,
        -account.score,
        -1 if account.urgency is None else -account.urgency - 2,
        -account.last_seen_on.toordinal() if account.last_seen_on else 0,
        Decimal(1) if account.measure is None else -account.measure,
        account.facility_id,
    )
