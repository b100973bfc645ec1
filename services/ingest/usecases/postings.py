"""How do submissions, and reports that a posting is closed, change the stored postings?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from services.ingest.domain import repairs
from services.ingest.domain.postings import Posting, Submission, close, fold, posting_id
from services.ingest.store import postings as store
from services.ingest.usecases import submissions
from services.ingest.usecases.accounting import Origin, account
from shared.contracts import ingest as contract
from shared.contracts.events import PostingClosed, PostingSeen
from shared.contracts.ingest import SubmittedPosting
from shared.contracts.refusals import Refused
from shared.contracts.requests import refuse_outdated
from shared.storage.database import Tx

CREATED, EXISTING, INVALID = 201, 200, 422


async def accept(source: str | None, raws: Sequence[object], tx: Tx, origin: Origin) -> list[SubmittedPosting]:
    """Record the valid postings of a submission, and account for them. Returns a result for each posting."""
    readings = [submissions.read(raw, source, tx.now) for raw in raws]
    submitted = [reading.submission for reading in readings if reading.submission]
    stored = await lock(submitted, tx)
    known = set(stored)
    numbers = await account(origin, source, readings, known, tx)
    await record([each._replace(fetch_no=numbers[each.source]) for each in submitted], stored, tx)
    return [_result(index, reading, known) for index, reading in enumerate(readings)]


async def lock(submitted: Iterable[Submission], tx: Tx, others: Iterable[UUID] = ()) -> dict[UUID, Posting]:
    """Lock the postings of submissions, and others; returns those that exist."""
    ids = {*(submission.posting_id for submission in submitted), *others}
    if not ids:
        return {}
    await store.lock(tx, ids)
    return await store.find(tx, ids)


async def record(submitted: Sequence[Submission], stored: Mapping[UUID, Posting], tx: Tx) -> dict[UUID, Posting]:
    """Record submissions of postings, which the caller has locked; returns their states."""
    if not submitted:
        return {}
    # Repeated content is included, because a later sighting on the same day may make it the current content.
    of_posting: dict[UUID, list[Submission]] = defaultdict(list)
    for submission in await store.record(tx, submitted, stored):
        of_posting[submission.posting_id].append(submission)
    states = {posting_id: fold(stored.get(posting_id), each) for posting_id, each in of_posting.items()}
    await _save(tx, [(stored.get(posting_id), state) for posting_id, state in states.items()])
    return states


async def see_again(posting_ids: Sequence[UUID], tx: Tx) -> None:
    """Open postings, which the caller has locked, are listed today and have not changed."""
    if posting_ids:
        tx.emit(*(posting_seen(each) for each in await store.see_again(tx, posting_ids)))


async def close_all(closed: Mapping[UUID, date], stored: Mapping[UUID, Posting], tx: Tx) -> set[UUID]:
    """Close postings, which the caller has locked, as of a day each; returns those that were open."""
    changes = [(stored[each], close(stored[each], day)) for each, day in closed.items() if each in stored]
    await _save(tx, changes)
    return {after.posting_id for before, after in changes if before.closed_on is None and after.closed_on is not None}


async def close_open(posting_ids: Sequence[UUID], tx: Tx) -> int:
    """Close postings as of today, those that are still open when they are locked; returns how many were."""
    stored = await lock((), tx, posting_ids)
    return len(
        await close_all({each: tx.today for each, posting in stored.items() if not posting.closed_on}, stored, tx)
    )


def _result(index: int, reading: submissions.Reading, existing: set[UUID]) -> SubmittedPosting:
    posting_id = reading.submission.posting_id if reading.submission else None
    status = INVALID if posting_id is None else EXISTING if posting_id in existing else CREATED
    if posting_id:
        existing.add(posting_id)
    return SubmittedPosting(
        index=index,
        posting_id=posting_id,
        status=status,
        errors=reading.errors,
        ignored_fields=reading.ignored_fields,
        warnings=reading.warnings,
    )


def identified(request: contract.NamedPosting) -> UUID:
    """The id of the posting that a request names; refuses a request that names none."""
    if request.posting_id:
        return request.posting_id
    if request.source and request.source_posting_id:
        return posting_id(request.source, _source_posting_id(request.source_posting_id))
    raise Refused("Name a posting by posting_id, or by source and source_posting_id.", 400)


def _source_posting_id(given: str) -> str:
    try:
        return repairs.id_of(given)
    except ValueError as error:
        raise Refused(f"source_posting_id {error}.", 422, {"source_posting_id": str(error)}) from error


async def named(request: contract.NamedPosting, tx: Tx) -> Posting:
    """The posting that a request names; refuses an unknown one in the words of the request."""
    stated = str(request.posting_id or f"{request.source}/{request.source_posting_id}")
    return await submitted(identified(request), tx, stated)


async def submitted(wanted: UUID, tx: Tx, stated: str = "") -> Posting:
    """A posting by its id; refuses an unknown id."""
    posting = (await store.find(tx, [wanted])).get(wanted)
    if posting is None:
        raise Refused(f"No posting {stated or wanted} was ever submitted.", 404)
    return posting


def visible(posting: Posting) -> contract.Posting:
    """The part of a posting that people and sources may see."""
    return contract.Posting.model_validate(posting)


async def close_reported(
    wanted: UUID, closed_on: date | None, tx: Tx, command: contract.ClosePosting | None = None
) -> Posting:
    """Record a source's report that a posting is closed, today if it gives no date; refuses a date in the future."""
    await store.lock(tx, [wanted])
    before = await submitted(wanted, tx)
    if command:
        refuse_outdated(command, before.version, f"It was last seen on {before.last_seen_on}.")
    day = closed_on or tx.today
    if day > tx.today:
        raise Refused(
            f"{day} is in the future; a posting is closed today or earlier.",
            422,
            {"closed_on": "is in the future"},
        )
    after = close(before, day)
    await _save(tx, [(before, after)])
    return after


async def _save(tx: Tx, changes: Sequence[tuple[Posting | None, Posting]]) -> None:
    await store.save(tx, [after for before, after in changes if after != before])
    for before, after in changes:
        newly_closed = after.closed_on is not None and (before is None or before.closed_on != after.closed_on)
        if before is None or (after.version > before.version and not newly_closed):
            tx.emit(posting_seen(after))
        if newly_closed:
            tx.emit(PostingClosed.model_validate(after, from_attributes=True))


def posting_seen(posting: Posting) -> PostingSeen:
    return PostingSeen.model_validate(posting, from_attributes=True)
