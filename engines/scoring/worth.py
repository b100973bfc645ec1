"""What does a factor say of a facility, and how does it say that something is known or unknown?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from engines.scoring.inputs import Fact, Signal

ASSESSED, MATCHED, CONTACT = "facility.assessed", "facility.matched", "contact.changed"


class Worth(NamedTuple):
    """What one factor says: a value from 0 to 1, and the evidence as a person would put it.

    A tuple, like `formula.Line`: a country makes a hundred thousand, and a frozen dataclass takes three times as long.
    """

    value: Decimal
    evidence: str
    known: bool = True
    as_of: date | None = None
    event_id: UUID | None = None
    source: str | None = None
    """The subject of the event that brought the evidence."""
    signal: Signal | None = None
    changes_on: tuple[date, ...] = ()
    """Days on which this may differ although nothing was reported."""


def stated(value: Decimal, said: str, fact: Fact, ahead: tuple[date, ...]) -> Worth:
    return Worth(
        value=value,
        evidence=f"{said} as of {fact.as_of}",
        as_of=fact.as_of,
        event_id=fact.event_id,
        source=ASSESSED,
        changes_on=ahead,
    )


def unknown(why: str, value: Decimal, fact: Fact | None, ahead: tuple[date, ...]) -> Worth:
    if fact is None:
        return Worth(value, f"unknown: {why}", known=False, changes_on=ahead)
    return Worth(
        value=value,
        evidence=f"unknown: {why} as of {fact.as_of}",
        known=False,
        as_of=fact.as_of,
        event_id=fact.event_id,
        source=ASSESSED,
        changes_on=ahead,
    )
