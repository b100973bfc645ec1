"""What changes because time passes? Signals expire, and undecided postings are dismissed."""

from __future__ import annotations

from datetime import timedelta

from services.matcher.settings import NOWHERE, policy
from services.matcher.store import postings as store
from shared.contracts.events import PostingResolved, Signal, SignalDismissed, SignalExpired
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.daily(at="00:05")
async def expire(tx: Tx) -> None:
    facility_ids = await store.facilities_expiring(tx)
    await tx.lock("facility", facility_ids)
    for row in await store.announce_expired(tx, facility_ids):
        tx.emit(
            SignalExpired(
                facility_id=row.facility_id,
                role_family=row.role_family,
                version=row.version,
                signals=tuple(Signal.model_validate(signal) for signal in row.signals),
                signal_id=row.signal_id,
                expired_on=row.expired_on,
            )
        )


@router.daily(at="00:10")
async def dismiss(tx: Tx) -> None:
    """Dismiss postings that have waited too long; they wait again when they are seen again (R21, K9)."""
    latest = tx.today - timedelta(policy().dismiss_after_days)
    states = await store.states_waiting(tx, latest)
    await tx.lock("state", [state or NOWHERE for state in states])
    for group in await store.dismiss(tx, latest, states):
        versions = group.pop("versions")
        tx.emit(SignalDismissed(dismissed_on=tx.today, **group))
        for posting_id, version in zip(group["posting_ids"], versions, strict=True):
            tx.emit(
                PostingResolved(
                    posting_id=posting_id, version=version, outcome="dismissed", facility_id=None, decided_by=None
                )
            )
