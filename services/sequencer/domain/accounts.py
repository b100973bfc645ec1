"""What is an account, and how are accounts ranked?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from services.sequencer.domain.signals import Evidence

Rank = tuple[int, Decimal, int, int, Decimal, str]

UNSCORED = 99
"""The tier of an account without a score; it ranks after all tiers of the pack."""


@dataclass(frozen=True, slots=True)
class Account:
    """A facility with the state that follow-up needs: listed or not, prospect or client, its score and evidence."""

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
    last_contacted_on: date | None = None
    owner_version: int = 0
    """Grows with every change of the owner."""
    owner_reason: str | None = None
    """Why it has this owner, or why no rule finds one, as a sentence."""

    @property
    def factors(self) -> list[Evidence]:
        return [Evidence(e["factor"], Decimal(e["points"]), e["evidence"]) for e in self.evidence]


def rank(account: Account) -> Rank:
    """A sort key, best first: tier, score, then the tie-break of R32 (urgency, last seen, measure, facility id)."""
    return (
        account.tier,
        -account.score,
        -1 if account.urgency is None else -account.urgency - 2,
        -account.last_seen_on.toordinal() if account.last_seen_on else 0,
        Decimal(1) if account.measure is None else -account.measure,
        account.facility_id,
    )


def with_owner_version(old: Account | None, new: Account) -> Account:
    """The account after a decision; its owner has the next version if it changed, or if the account became a client."""
    moved = old is not None and (old.owner, old.client) != (new.owner, new.client)
    return replace(new, owner_version=new.owner_version + 1) if moved else new
