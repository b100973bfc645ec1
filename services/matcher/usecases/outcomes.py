"""How are postings decided on, and how are outcomes and signals published?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from services.matcher.domain.directory import Directory
from services.matcher.domain.policy import Policy
from services.matcher.domain.postings import ROLE, Posting, affected_pairs, decided, is_new_outcome, is_relevant, joined
from services.matcher.domain.resolve import Decision, resolve
from services.matcher.domain.signals import signals_of
from services.matcher.settings import model, policy
from services.matcher.store import directory as directory_store
from services.matcher.store import postings as store
from services.matcher.store.postings import StoredPair
from services.matcher.usecases.directory import overlay_of
from shared.contracts.events import Candidate, Event, FacilityMatched, PostingResolved, PostingUnmatched, Signal
from shared.storage.database import Tx

Causes = Mapping[UUID, Event]


async def decide_postings(
    tx: Tx, directory: Directory, reported: Sequence[Posting], stored: Iterable[Posting], causes: Causes | None = None
) -> list[Posting]:
    """Decide on postings, store the changed ones, derive their signals and publish both. Returns the changed ones."""
    rules = policy()
    before = {posting.posting_id: posting for posting in stored}
    after = [
        decided(before.get(posting.posting_id), posting, _decision(posting, directory, rules), tx.today)
        for posting in reported
    ]
    changed = [posting for posting in after if posting != before.get(posting.posting_id)]
    if not changed:
        return []
    earlier = [before[posting.posting_id] for posting in changed if posting.posting_id in before]
    pairs = affected_pairs(earlier, changed)
    await store.save_postings(tx, changed, lock={facility_id for facility_id, _ in pairs})
    _publish_queue(tx, changed, before, causes or {})
    await _derive_signals(tx, rules, pairs, joined(before, changed), _last_causes(changed, causes or {}))
    return changed


async def decide_affected(tx: Tx, committed: Directory, facility_ids: Sequence[str]) -> list[Posting]:
    """Decide again on every posting whose outcome may depend on these changed facilities."""
    if not facility_ids:
        return []
    states = committed.states_affected(await directory_store.facilities_after(tx, committed.version))
    # Most states are locked already; others are affected only if a name turned out to be shared.
    await tx.lock("state", states)
    stored = await store.postings_resolved_by(tx, states, facility_ids)
    return await decide_postings(tx, await overlay_of(tx, committed), stored, stored) if stored else []


def _decision(posting: Posting, directory: Directory, rules: Policy) -> Decision:
    if not is_relevant(posting, rules):
        return ROLE
    return resolve(posting.employer, directory, model(), rules.accept_at)


def _publish_queue(tx: Tx, changed: Iterable[Posting], before: Mapping[UUID, Posting], causes: Causes) -> None:
    """Publish which postings wait for a person from now on, and which ones no longer do."""
    for posting in changed:
        earlier, cause = before.get(posting.posting_id), causes.get(posting.posting_id)
        if posting.waits and is_new_outcome(earlier, posting):
            tx.emit(posting_unmatched(posting), cause=cause)
        elif earlier and earlier.waits and posting.outcome != "queued":
            tx.emit(posting_resolved(posting), cause=cause)


async def _derive_signals(
    tx: Tx,
    rules: Policy,
    pairs: Sequence[tuple[str, str]],
    joined: Mapping[tuple[str, str], Sequence[UUID]],
    causes: Mapping[str, Event],
) -> None:
    if not pairs:
        return
    found = [
        _changed_signals(pair, rules, joined.get((pair.facility_id, pair.role_family), ()))
        for pair in await store.stored_pairs(tx, pairs)
    ]
    changed = [event for event in found if event]
    if changed:
        await store.save_signals(tx, changed)
    for event in changed:
        tx.emit(event, cause=causes.get(event.facility_id))


def _changed_signals(pair: StoredPair, rules: Policy, joined: Sequence[UUID]) -> FacilityMatched | None:
    """The event with the signals of a pair, if they differ from those published last, or if postings joined it."""
    derived = signals_of(pair.facility_id, pair.role_family, pair.sightings, rules.signals)
    signals = _signals(derived)
    if signals == _signals(pair.signals) and not joined:
        return None
    return facility_matched(pair.facility_id, pair.role_family, pair.version + 1, signals, joined)


def facility_matched(
    facility_id: str, role_family: str, version: int, signals: Iterable[object], joined: Sequence[UUID] = ()
) -> FacilityMatched:
    return FacilityMatched(
        facility_id=facility_id,
        role_family=role_family,
        version=version,
        signals=_signals(signals),
        posting_ids=tuple(joined),
    )


def _last_causes(changed: Iterable[Posting], causes: Causes) -> dict[str, Event]:
    """The event of the last posting of each facility."""
    return {
        posting.facility_id: causes[posting.posting_id]
        for posting in changed
        if posting.facility_id and posting.posting_id in causes
    }


def _signals(given: Iterable[object]) -> tuple[Signal, ...]:
    return tuple(Signal.model_validate(signal, from_attributes=True) for signal in given)


def posting_unmatched(posting: Posting) -> PostingUnmatched:
    return PostingUnmatched(
        posting_id=posting.posting_id,
        version=posting.decision_no,
        employer_name=posting.employer_name,
        city=posting.city,
        state=posting.state,
        role_family=posting.role_family,
        reason=posting.reason,
        candidates=tuple(Candidate.model_validate(candidate) for candidate in posting.candidates),
        group=posting.group_key,
    )


def posting_resolved(posting: Posting) -> PostingResolved:
    return PostingResolved(
        posting_id=posting.posting_id,
        version=posting.decision_no,
        outcome=posting.outcome,
        facility_id=posting.facility_id,
        decided_by=posting.decided_by,
    )
