"""How are the events of other services recorded? Most decisions follow when the clock ticks."""

from __future__ import annotations

from services.sequencer import store
from services.sequencer.store import accounts, signals
from services.sequencer.usecases.deciding import change_hands
from shared.contracts.events import FacilityDelisted, FacilityListed, FacilityMatched, ScoreChanged, SignalExpired
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.events(FacilityListed)
async def record_listings(events: list[FacilityListed], tx: Tx) -> None:
    """A facility with another chain is contacted through its old one no more, from now on."""
    sold = await accounts.changing_chains(tx, events)
    if sold:
        await store.lock(tx)
    await accounts.record_listings(tx, events)
    if sold:
        await change_hands(tx, sold)


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
