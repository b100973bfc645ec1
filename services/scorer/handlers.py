"""How do events change scores?

A handler records its events by version and recomputes the scores of their facilities in the same transaction. Outcomes
of leads change no score; they measure how good the scores were. A score is a function of all recorded inputs and of
the day, so order and repetition do not matter.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.scorer.store import inputs, outcomes, scores
from services.scorer.usecases.rescoring import rescore
from shared.contracts.events import (
    ContactChanged,
    FacilityAssessed,
    FacilityDelisted,
    FacilityListed,
    FacilityMatched,
    LeadLost,
    LeadMet,
    LeadOutcomeUndone,
    LeadWon,
    SignalExpired,
)
from shared.service import Locks, Router
from shared.storage.database import Tx

router = Router()

OfFacility = ContactChanged | FacilityAssessed | FacilityDelisted | FacilityListed | FacilityMatched | SignalExpired


def _locks(events: list[OfFacility]) -> Locks:
    return Locks("facility", {event.facility_id for event in events}, [scores.CUTS])


@router.events(FacilityListed, locks=_locks)
async def record_listings(events: list[FacilityListed], tx: Tx) -> None:
    await inputs.record_listings(tx, events)
    await _rescore(tx, events)


@router.events(FacilityDelisted, locks=_locks)
async def record_delistings(events: list[FacilityDelisted], tx: Tx) -> None:
    await inputs.record_delistings(tx, events)


@router.events(FacilityAssessed, locks=_locks)
async def record_facts(events: list[FacilityAssessed], tx: Tx) -> None:
    await inputs.record_facts(tx, events)
    await _rescore(tx, events)


@router.events(FacilityMatched, locks=_locks)
async def record_signals(events: list[FacilityMatched], tx: Tx) -> None:
    await inputs.record_signals(tx, events)
    await _rescore(tx, events)


@router.events(SignalExpired, locks=_locks)
async def record_expiries(events: list[SignalExpired], tx: Tx) -> None:
    await inputs.record_signals(tx, events)
    await _rescore(tx, events)


@router.events(ContactChanged, locks=_locks)
async def record_contact_changes(events: list[ContactChanged], tx: Tx) -> None:
    await inputs.record_contact_changes(tx, events)
    await _rescore(tx, events)


@router.events(LeadMet)
async def record_meetings(events: list[LeadMet], tx: Tx) -> None:
    await outcomes.record(tx, "meeting", events)


@router.events(LeadWon)
async def record_wins(events: list[LeadWon], tx: Tx) -> None:
    await outcomes.record(tx, "won", events)


@router.events(LeadLost)
async def record_losses(events: list[LeadLost], tx: Tx) -> None:
    await outcomes.record(tx, "lost", events)


@router.events(LeadOutcomeUndone)
async def record_undone(events: list[LeadOutcomeUndone], tx: Tx) -> None:
    await outcomes.record_undone(tx, events)


async def _rescore(tx: Tx, events: Sequence[OfFacility]) -> None:
    latest = {event.facility_id: event for event in events}
    await rescore(tx, sorted(latest), events[0].SUBJECT, latest)
