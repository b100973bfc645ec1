"""Which open signal is behind a task, and what is its reason in a sentence?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

STRONGEST = 3
"""The number of factors that a reason cites."""


@dataclass(frozen=True, slots=True)
class Signal:
    """A hiring need of a facility."""

    facility_id: str
    signal_id: str
    role_family: str
    title: str
    first_seen_on: date
    last_seen_on: date
    expires_on: date
    urgency: int
    chronic: bool
    reposted_on: date | None = None
    closed: bool = False
    """All of its postings were taken down; it expires on that day."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A factor of a score with its evidence; without points, it is what is known of an account and weighs nothing."""

    factor: str
    points: Decimal
    evidence: str


def is_open(signal: Signal, today: date) -> bool:
    """A signal is open through the day on which it expires."""
    return signal.expires_on >= today


def best(signals: Iterable[Signal], urgency: int | None, last_seen_on: date | None) -> Signal | None:
    """The signal behind the score, with its urgency and last sighting; otherwise the most urgent, latest one."""
    return min(
        signals,
        key=lambda s: (
            (s.urgency, s.last_seen_on) != (urgency, last_seen_on),
            -s.urgency,
            -s.last_seen_on.toordinal(),
            s.role_family,
            s.signal_id,
        ),
        default=None,
    )


def last_closed(signals: Iterable[Signal]) -> Signal | None:
    """The signal whose postings were taken down last."""
    closed = (each for each in signals if each.closed)
    return max(closed, key=lambda each: (each.expires_on, each.role_family, each.signal_id), default=None)


def strongest(factors: Iterable[Evidence], signal_factor: str) -> list[Evidence]:
    """The factors that a reason cites: the posting first, because it makes the task timely (R3), then by points."""
    counted = [factor for factor in factors if factor.points > 0]
    return sorted(counted, key=lambda f: (f.factor != signal_factor, -f.points, f.factor))[:STRONGEST]


def sentence(factors: Sequence[Evidence], signal_factor: str, tier: int, score: Decimal, covers: int = 1) -> str:
    """Why an account is on the worklist, in one line."""
    cited = "; ".join(factor.evidence for factor in strongest(factors, signal_factor))
    why = cited or f"Tier {tier} with a score of {score}"
    return f"{why} (covers {covers} of its chain)" if covers > 1 else why
