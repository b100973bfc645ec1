"""What may others submit and ask about postings?"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from services.ingest import intake
from services.ingest.domain.postings import Posting, posting_id
from services.ingest.settings import MOST_POSTINGS
from services.ingest.store import postings as store
from services.ingest.submissions import SourceId
from shared.contracts.limits import ShortText
from shared.contracts.refusals import Refused
from shared.contracts.requests import Nothing, Request
from shared.service import Router
from shared.storage.database import Tx

router = Router()


class Submit(Request):
    """Postings of one source; without `source` each posting names its own."""

    source: ShortText | None = None
    postings: list[Any] = Field(min_length=1, max_length=MOST_POSTINGS)


class WhichPosting(Request):
    """A posting by its id, or by what its source calls it."""

    posting_id: UUID | None = None
    source: ShortText | None = None
    source_posting_id: SourceId | None = None

    @property
    def wanted(self) -> UUID:
        if self.posting_id:
            return self.posting_id
        if self.source and self.source_posting_id:
            return posting_id(self.source, self.source_posting_id)
        raise Refused("Name a posting by posting_id, or by source and source_posting_id.", 400)


class Close(WhichPosting):
    """The source's report that a posting is gone; today, if no day is said."""

    closed_on: date | None = None


class Page(Request):
    """A page of an export: what follows the id that the page before ended with."""

    after: UUID | None = None
    limit: int = Field(1_000, ge=1, le=5_000)


@router.ask(subject="ingest.submit")
async def submit(request: Submit, tx: Tx) -> dict[str, Any]:
    """Answered per posting: one that is wrong never hinders the rest."""
    return {"results": await intake.take_in(request.source, request.postings, tx)}


@router.ask("close")
async def close(request: Close, tx: Tx) -> dict[str, Any]:
    """Asked again, it changes nothing. A report older than the last sighting is kept, but the posting stays open."""
    await store.lock(tx, [request.wanted])
    held = await _held(request.wanted, tx)
    closed_on = request.closed_on or tx.today
    if closed_on > tx.today:
        raise Refused(
            f"{closed_on} has not come yet; a posting is closed by then or today.",
            422,
            {"closed_on": "lies in the future"},
        )
    return state(await intake.close_posting(held, closed_on, tx))


@router.ask("posting")
async def posting(request: WhichPosting, tx: Tx) -> dict[str, Any]:
    """A posting as ingest knows it; what became of it is the matcher's to say."""
    return state(await _held(request.wanted, tx))


async def _held(wanted: UUID, tx: Tx) -> Posting:
    held = (await store.find(tx, [wanted])).get(wanted)
    if held is None:
        raise Refused(f"No posting {wanted} was ever submitted.", 404)
    return held


def state(held: Posting) -> dict[str, Any]:
    """What people and sources may see of a posting."""
    inner = ("content_seen_at", "content_raw_no")
    return {name: getattr(held, name) for name in Posting.__dataclass_fields__ if name not in inner}


@router.ask("export_postings")
async def export_postings(request: Page, tx: Tx) -> list[store.ExportedPosting]:
    """By id; an empty page is the end."""
    return await store.page(tx, request.after, request.limit)


@router.ask("counts")
async def counts(request: Nothing, tx: Tx) -> dict[str, Any]:
    return await store.counts(tx)
