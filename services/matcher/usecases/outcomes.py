"""What follows once employers are resolved: outcomes, signals, and the events that tell of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from services.matcher.domain.directory import Directory
from services.matcher.domain.policy import Policy
from services.matcher.domain.postings import ROLE, Posting, is_decided_anew, is_relevant, settled, touched_pairs
from services.matcher.domain.resolve import Decision, resolve
from services.matcher.domain.signals import signals_of
from services.matcher.settings import model, policy
from services.matcher.store import directory as directory_store
from services.matcher.store import postings as store
from services.matcher.store.postings import HeldPair
from services.matcher.usecases.directory import overlay_of
from shared.contracts.events import Candidate, Event, FacilityMatched, PostingUnmatched, Signal
from shared.storage.database import Tx

Causes = Mapping[UUID, Event]


async def settle(
    tx: Tx, directory: Directory, reported: Sequence[Posting], held: Iterable[Posting], causes: Causes | None = None
) -> list[Posting]:
    """Decide on postings, keep what changed, derive the signals anew and tell; returns what changed."""
    rules = policy()
    before = {posting.posting_id: posting for posting in held}
    after = [
        settled(before.get(posting.posting_id), posting, _decision(posting, directory, rules), tx.today)
        for posting in reported
    ]
    changed = [posting for posting in after if posting != before.get(posting.posting_id)]
    if not changed:
        return []
    earlier = [before[posting.posting_id] for posting in changed if posting.posting_id in before]
    pairs = touched_pairs(earlier, changed)
    await store.save_postings(tx, changed, hold={facility_id for facility_id, _ in pairs})
    _tell_unmatched(tx, changed, before, causes or {})
    await _derive_signals(tx, rules, pairs, _last_causes(changed, causes or {}))
    return changed


async def settle_anew(tx: Tx, committed: Directory, facility_ids: Sequence[str]) -> list[Posting]:
    """Decide again on every posting that these facilities, as this transaction leaves them, may be meant by."""
    if not facility_ids:
        return []
    states = committed.states_affected(await directory_store.facilities_after(tx, committed.version))
    # Mostly held already; another state is affected only by a name that turned out to be shared.
    await tx.lock("state", states)
    held = await store.postings_resolved_by(tx, states, facility_ids)
    return await settle(tx, await overlay_of(tx, committed), held, held) if held else []


def _decision(posting: Posting, directory: Directory, rules: Policy) -> Decision:
    if not is_relevant(posting, rules):
        return ROLE
    return resolve(posting.employer, directory, model(), rules.fitted.accept_at)


def _tell_unmatched(tx: Tx, changed: Iterable[Posting], before: Mapping[UUID, Posting], causes: Causes) -> None:
    for posting in changed:
        if posting.waits and is_decided_anew(before.get(posting.posting_id), posting):
            tx.emit(_unmatched(posting), cause=causes.get(posting.posting_id))


async def _derive_signals(tx: Tx, rules: Policy, pairs: Sequence[tuple[str, str]], causes: Mapping[str, Event]) -> None:
    if not pairs:
        return
    found = [_said_anew(pair, rules) for pair in await store.pairs_held(tx, pairs)]
    changed = [event for event in found if event]
    if changed:
        await store.save_signals(tx, changed)
    for event in changed:
        tx.emit(event, cause=causes.get(event.facility_id))


def _said_anew(held: HeldPair, rules: Policy) -> FacilityMatched | None:
    """The pair's signals, if they are others than those last said."""
    derived = signals_of(held.facility_id, held.role_family, held.sightings, rules.signals)
    signals = _signals(derived)
    if signals == _signals(held.signals):
        return None
    return FacilityMatched(
        facility_id=held.facility_id, role_family=held.role_family, version=held.version + 1, signals=signals
    )


def _last_causes(changed: Iterable[Posting], causes: Causes) -> dict[str, Event]:
    """By facility, the event of the last of its postings."""
    return {
        posting.facility_id: causes[posting.posting_id]
        for posting in changed
        if posting.facility_id and posting.posting_id in causes
    }


def _signals(said: Iterable[object]) -> tuple[Signal, ...]:
    return tuple(Signal.model_validate(signal, from_attributes=True) for signal in said)


def _unmatched(posting: Posting) -> PostingUnmatched:
    return PostingUnmatched(
        posting_id=posting.posting_id,
        version=posting.decision_no,
        employer_name=posting.employer_name,
        city=posting.city,
        state=posting.state,
        role_family=posting.role_family,
        reason=posting.reason,
        candidates=tuple(Candidate.model_validate(candidate) for candidate in posting.candidates),
    )
