"""How do a submission and a report that a posting is gone change what is known of postings?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.ingest.domain import repairs
from services.ingest.domain.postings import Posting, Submission, close, fold, posting_id
from services.ingest.store import postings as store
from services.ingest.usecases import submissions
from shared.contracts import ingest as contract
from shared.contracts.events import PostingClosed, PostingSeen
from shared.contracts.ingest import SubmittedPosting
from shared.contracts.refusals import Refused
from shared.contracts.requests import refuse_outdated
from shared.storage.database import Tx

CREATED, KNOWN, INVALID = 201, 200, 422


async def take_in(source: str | None, raws: Sequence[object], tx: Tx) -> list[SubmittedPosting]:
    """Record what is valid of a submission, whatever is wrong with the rest of it."""
    readings = [submissions.read(raw, source, tx.now) for raw in raws]
    known = await _record([reading.submission for reading in readings if reading.submission], tx)
    return [_result(index, reading, known) for index, reading in enumerate(readings)]


async def _record(said: Sequence[Submission], tx: Tx) -> set[UUID]:
    """Returns the ids that were known before."""
    if not said:
        return set()
    ids = sorted({submission.posting_id for submission in said})
    await store.lock(tx, ids)
    held = await store.find(tx, ids)
    # Known content, too: that it was seen again, later that day, may make it the current one.
    of_posting: dict[UUID, list[Submission]] = defaultdict(list)
    for submission in await store.record(tx, said):
        of_posting[submission.posting_id].append(submission)
    await _save(tx, [(held.get(posting_id), fold(held.get(posting_id), s)) for posting_id, s in of_posting.items()])
    return set(held)


def _result(index: int, reading: submissions.Reading, known: set[UUID]) -> SubmittedPosting:
    posting_id = reading.submission.posting_id if reading.submission else None
    status = INVALID if posting_id is None else KNOWN if posting_id in known else CREATED
    if posting_id:
        known.add(posting_id)
    return SubmittedPosting(
        index=index,
        posting_id=posting_id,
        status=status,
        errors=reading.errors,
        ignored_fields=reading.ignored_fields,
        warnings=reading.warnings,
    )


def identified(request: contract.NamedPosting) -> UUID:
    """The posting that a request names; refuses one that names none."""
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


async def submitted(wanted: UUID, tx: Tx) -> Posting:
    """A posting that was submitted; refuses the id of any other."""
    known = (await store.find(tx, [wanted])).get(wanted)
    if known is None:
        raise Refused(f"No posting {wanted} was ever submitted.", 404)
    return known


def visible(posting: Posting) -> contract.Posting:
    """What people and sources may see of a posting."""
    return contract.Posting.model_validate(posting)


async def close_reported(
    wanted: UUID, closed_on: date | None, tx: Tx, command: contract.ClosePosting | None = None
) -> Posting:
    """Record a source's report that a posting is gone, today if it gives no day; refuses a day to come."""
    await store.lock(tx, [wanted])
    before = await submitted(wanted, tx)
    if command:
        refuse_outdated(command, before.version, f"It was last seen on {before.last_seen_on}.")
    day = closed_on or tx.today
    if day > tx.today:
        raise Refused(
            f"{day} has not come yet; a posting is closed by then or today.",
            422,
            {"closed_on": "lies in the future"},
        )
    after = close(before, day)
    await _save(tx, [(before, after)])
    return after


async def _save(tx: Tx, changes: Sequence[tuple[Posting | None, Posting]]) -> None:
    await store.save(tx, [after for before, after in changes if after != before])
    for before, after in changes:
        newly_closed = after.closed_on is not None and (before is None or before.closed_on != after.closed_on)
        if before is None or (after.version > before.version and not newly_closed):
            tx.emit(PostingSeen(**_state(after)))
        if newly_closed:
            tx.emit(PostingClosed(**_state(after)))


def _state(posting: Posting) -> dict[str, Any]:
    return {name: getattr(posting, name) for name in _STATE}


_STATE = tuple(PostingSeen.model_fields)
