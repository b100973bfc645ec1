"""Which questions about waiting accounts does the sequencer answer?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from shared.contracts.limits import ShortText
from shared.contracts.requests import Question, Reply

SlaStatus = Literal["breached", "at_risk", "on_track"]


class SlaRow(Reply):
    """An account with its clock: how long it has waited, and what its owner should do."""

    facility_id: str
    facility: str | None
    city: str | None
    tier: int
    score: Decimal
    owner: str | None
    status: SlaStatus
    label: str
    """The status, as the pack calls it for the tier."""
    started_on: date
    hours: int
    days_since_touch: int | None
    """None without a touch."""
    stopped: str | None = None
    """Why the clock does not run now."""
    action: str | None = None
    """What its owner should do."""


class OwnerLoad(Reply):
    """How many accounts of an owner have which status (R96)."""

    owner: str | None
    accounts: int
    breached: int
    at_risk: int
    on_track: int


class SlaReport(Reply):
    """The most urgent clocks, in order, and how many there are of each status."""

    rows: list[SlaRow]
    owners: list[OwnerLoad]
    breached_by_tier: dict[int, int]
    monitored: int
    """The prospects of tiers without a clock."""
    monitor: str
    """What these are called."""


class SlaClocks(Question[SlaReport]):
    """How long have accounts waited for a touch? Of one rep, or of all; refused for an unknown rep."""

    rep: ShortText | None = None
