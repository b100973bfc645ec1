"""How are the events of other services recorded? Decisions follow when the clock ticks."""

from __future__ import annotations

from services.sequencer.store import accounts, signals
from shared.contracts.events import FacilityDelisted, FacilityListed, FacilityMatched, ScoreChanged, SignalExpired
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.events(FacilityListed)
async def record_listings(events: list[FacilityListed], tx: Tx) -> None:
    await accounts.record_listings(tx, events)


@router.events(FacilityDelisted)
async def record_delistings(events: list[FacilityDelisted], tx: Tx) -> None:
    await accounts.record_delistings(tx, events)


@router.events(ScoreChanged)
async def record_scores(events: list[ScoreChanged], tx: Tx) -> None:
    await accounts.record_scores(tx, events)


@router.events(FacilityMatched)
async def record_matches(events: list[FacilityMatched], tx: Tx) -> None:
    await signals.record(tx, events)


@router.events(SignalExpired)
async def record_expiries(events: list[SignalExpired], tx: Tx) -> None:
    await signals.record(tx, events)
