"""What does a factor contribute to a score, from a known or unknown fact?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from engines.scoring.inputs import Fact, Signal

ASSESSED, MATCHED, CONTACT = "facility.assessed", "facility.matched", "contact.changed"


class Contribution(NamedTuple):
    """The contribution of one factor: its value, and the evidence as text for people.

    A tuple, like `formula.Line`: a country has 100,000, and creating a frozen dataclass takes three times as long.
    """

    value: Decimal
    evidence: str
    known: bool = True
    as_of: date | None = None
    event_id: UUID | None = None
    source: str | None = None
    """The subject of the event with the evidence."""
    signal: Signal | None = None
    changes_on: tuple[date, ...] = ()
    """Days on which this can change without a new report."""


def stated(value: Decimal, evidence: str, fact: Fact, ahead: tuple[date, ...]) -> Contribution:
    return Contribution(
        value=value,
        evidence=f"{evidence} as of {fact.as_of}",
        as_of=fact.as_of,
        event_id=fact.event_id,
        source=ASSESSED,
        changes_on=ahead,
    )


def unknown(why: str, value: Decimal, fact: Fact | None, ahead: tuple[date, ...]) -> Contribution:
    if fact is None:
        return Contribution(value, f"unknown: {why}", known=False, changes_on=ahead)
    return Contribution(
        value=value,
        evidence=f"unknown: {why} as of {fact.as_of}",
        known=False,
        as_of=fact.as_of,
        event_id=fact.event_id,
        source=ASSESSED,
        changes_on=ahead,
    )
