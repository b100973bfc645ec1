"""How are the events of other services recorded?

Most decisions follow when the clock ticks; what comes back for an e-mail, and a suppression, take effect at once.
"""

from __future__ import annotations

from services.sequencer import store
from services.sequencer.store import accounts, signals
from services.sequencer.usecases import crm, mail, suppressing
from services.sequencer.usecases.deciding import change_hands
from shared.contracts.events import (
    AddressSuppressionChanged,
    CrmChanged,
    EmailAutoReplied,
    EmailBounced,
    EmailComplained,
    EmailReplied,
    EmailSent,
    EmailUnsubscribed,
    FacilityDelisted,
    FacilityListed,
    FacilityMatched,
    ScoreChanged,
    SignalExpired,
)
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


@router.events(EmailSent)
async def complete_letters(events: list[EmailSent], tx: Tx) -> None:
    for event in await mail.in_order(events, tx):
        await mail.record_sent(event, tx)


@router.events(EmailReplied)
async def follow_replies(events: list[EmailReplied], tx: Tx) -> None:
    for event in await mail.in_order(events, tx):
        await mail.record_reply(event, tx)


@router.events(EmailBounced)
async def follow_bounces(events: list[EmailBounced], tx: Tx) -> None:
    for event in await mail.in_order(events, tx):
        await mail.record_bounce(event, tx)


@router.events(EmailComplained)
async def stop_after_complaints(events: list[EmailComplained], tx: Tx) -> None:
    for event in await mail.in_order(events, tx):
        await mail.record_complaint(event, tx)


@router.events(EmailUnsubscribed)
async def stop_letters(events: list[EmailUnsubscribed], tx: Tx) -> None:
    for event in await mail.in_order(events, tx):
        await mail.record_unsubscription(event, tx)


@router.events(EmailAutoReplied)
async def wait_for_returns(events: list[EmailAutoReplied], tx: Tx) -> None:
    for event in await mail.in_order(events, tx):
        await mail.record_auto_reply(event, tx)


@router.events(AddressSuppressionChanged)
async def follow_suppressed_addresses(events: list[AddressSuppressionChanged], tx: Tx) -> None:
    """The notifier suppresses addresses and domains; their tasks end at once."""
    await store.lock(tx)
    await suppressing.follow_addresses(tx, events)


@router.events(CrmChanged)
async def follow_crm(events: list[CrmChanged], tx: Tx) -> None:
    """What people change in a CRM counts as if a rep had done it here."""
    await store.lock(tx)
    await accounts.lock_all(tx)
    for event in events:
        await crm.follow(event, tx)
