"""Which rule allowed each posting, and does the ledger account for all of them?"""

from __future__ import annotations

from datetime import date, datetime, time

from services.ingest import settings
from services.ingest.store import ledger as store
from services.ingest.store import pages
from services.ingest.usecases.postings import named
from shared.clock import end_of, instant_at
from shared.contracts.ingest_sources import (
    Ledger,
    LedgerRow,
    LedgerSum,
    LedgerSums,
    LedgerTotals,
    PostingAccount,
    PostingLedger,
    Sighting,
)
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def ledger(request: Ledger, tx: Tx) -> list[LedgerRow]:
    day = _day(request.day) if request.day else None
    rows = await store.page(tx, request.source, day, request.rule, request.before, limit=request.limit)
    return [LedgerRow(**row) for row in rows]


def _day(day: date) -> tuple[datetime, datetime]:
    return instant_at(day, time.min, settings.timezone()), end_of(day, settings.timezone())


@router.question
async def ledger_totals(request: LedgerTotals, tx: Tx) -> LedgerSums:
    postings, missing = await store.accounted(tx, request.source)
    sums = [LedgerSum(**row) for row in await store.totals(tx, request.source)]
    return LedgerSums(postings=postings, missing=missing, sums=sums)


@router.question
async def posting_ledger(request: PostingLedger, tx: Tx) -> PostingAccount:
    posting = await named(request, tx)
    rows = await store.sightings(tx, posting.source, posting.source_posting_id)
    listing = await pages.listing_of(tx, posting.posting_id)
    last = await store.entry(tx, listing["fetch_no"]) if listing else None
    return PostingAccount(
        posting_id=posting.posting_id,
        source=posting.source,
        source_posting_id=posting.source_posting_id,
        title=posting.title,
        employer_name=posting.employer_name,
        first_seen_on=posting.first_seen_on,
        last_seen_on=posting.last_seen_on,
        closed_on=posting.closed_on,
        sightings=[Sighting(**row, row=LedgerRow(**row["entry"]) if row["entry"] else None) for row in rows],
        times_listed=listing["times"] if listing else 0,
        last_listed=LedgerRow(**last) if last else None,
    )
