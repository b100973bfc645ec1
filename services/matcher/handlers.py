"""How do postings and listings change matches?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from services.matcher.domain.directory import Employer, group_of
from services.matcher.domain.inbox import key_of_group
from services.matcher.domain.postings import Posting
from services.matcher.settings import NOWHERE, trade
from services.matcher.store import directory as directory_store
from services.matcher.store import postings as posting_store
from services.matcher.store.directory import FacilityRow, NameRow
from services.matcher.usecases.directory import directory_of
from services.matcher.usecases.outcomes import decide_affected, decide_postings
from shared.contracts.events import FacilityDelisted, FacilityListed, PostingClosed, PostingSeen, PostingState
from shared.service import Locks, Router
from shared.storage.database import Tx

router = Router()


def _locks_of_postings(events: list[PostingState]) -> Locks:
    return Locks("state", {key for event in events for key in _depends_on(event)})


def _locks_of_listings(events: list[FacilityListed]) -> Locks:
    return Locks("state", {NOWHERE, *(event.state for event in events)})


@router.events(PostingSeen, locks=_locks_of_postings)
async def match_postings(events: list[PostingSeen], tx: Tx) -> None:
    await _record(events, tx)


@router.events(PostingClosed, locks=_locks_of_postings)
async def close_postings(events: list[PostingClosed], tx: Tx) -> None:
    await _record(events, tx)


@router.events(FacilityListed, locks=_locks_of_listings)
async def list_facilities(events: list[FacilityListed], tx: Tx) -> None:
    committed = await directory_of(tx)
    change = await directory_store.raise_version(tx)
    newest = {event.facility_id: event for event in sorted(events, key=lambda event: event.version)}
    facility_ids = await directory_store.list_facilities(
        tx, [_facility_row(event, change) for event in newest.values()], _name_rows(events)
    )
    await directory_store.mark_changed(tx, facility_ids, change)
    await decide_affected(tx, committed, facility_ids)


@router.events(FacilityDelisted)
async def delist_facilities(events: list[FacilityDelisted], tx: Tx) -> None:
    known = (await directory_of(tx)).facilities
    states = {known[event.facility_id].state for event in events if event.facility_id in known}
    await tx.lock("state", {NOWHERE, *states})
    committed = await directory_of(tx)
    change = await directory_store.raise_version(tx)
    versions = {event.facility_id: event.version for event in sorted(events, key=lambda event: event.version)}
    facility_ids = await directory_store.delist_facilities(tx, versions, change)
    await decide_affected(tx, committed, facility_ids)


async def _record(events: Sequence[PostingState], tx: Tx) -> None:
    """Store the complete state of postings. The highest version wins, whichever event contains it."""
    newest = {event.posting_id: event for event in sorted(events, key=lambda event: event.version)}
    stored, directory_version = await posting_store.postings_by_id(tx, newest)
    versions = {posting.posting_id: posting.version for posting in stored}
    causes: dict[UUID, PostingState] = {i: e for i, e in newest.items() if e.version > versions.get(i, -1)}
    reported = [_posting(event) for event in causes.values()]
    if reported:
        await decide_postings(tx, await directory_of(tx, directory_version), reported, stored, causes)


def _depends_on(event: PostingState) -> set[str]:
    state = {event.state} if event.state else set()
    return state if state and not event.facility_id else {*state, NOWHERE}


def _posting(event: PostingState) -> Posting:
    group = group_of(Employer(event.employer_name, event.city, event.state), trade())
    return Posting(
        posting_id=event.posting_id,
        version=event.version,
        source=event.source,
        source_posting_id=event.source_posting_id,
        title=event.title,
        employer_name=event.employer_name,
        city=event.city,
        state=event.state,
        zip=event.zip,
        address=event.address,
        phone=event.phone,
        stated_facility_id=event.facility_id,
        role_family=event.role_family,
        urgency=event.urgency,
        first_seen_on=event.first_seen_on,
        last_seen_on=event.last_seen_on,
        closed_on=event.closed_on,
        event_id=event.event_id,
        employer_key=group.employer,
        city_key=group.city,
        state_key=group.state,
        group_key=key_of_group(group),
    )


def _facility_row(event: FacilityListed, change: int) -> FacilityRow:
    return FacilityRow(
        facility_id=event.facility_id,
        version=event.version,
        listed_as_of=event.listed_as_of,
        name=event.name,
        address=event.address,
        city=event.city,
        state=event.state,
        zip=event.zip,
        phone=event.phone,
        chain=event.chain,
        changed=change,
    )


def _name_rows(events: Iterable[FacilityListed]) -> list[NameRow]:
    """Each name of each facility once, with the latest version that has it and its first kind there."""
    names: dict[tuple[str, str], NameRow] = {}
    for event in sorted(events, key=lambda event: event.version):
        own = [("name", event.name), *((other.kind, other.name) for other in event.other_names)]
        for kind, name in reversed(own):
            names[event.facility_id, name] = NameRow(event.facility_id, name, kind, event.version)
    return list(names.values())
