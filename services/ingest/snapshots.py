"""What is the current state of postings and facilities, page by page?"""

from __future__ import annotations

from engines.datasets.facts import Statement
from services.ingest.store import facilities, facts, postings
from services.ingest.usecases.delisting import facility_delisted
from services.ingest.usecases.imports import facility_assessed
from services.ingest.usecases.listing import facility_listed
from services.ingest.usecases.postings import posting_seen
from shared.contracts.events import FacilityAssessed, FacilityDelisted, FacilityListed, PostingSeen
from shared.service import Router
from shared.storage.database import Tx
from shared.storage.paging import Row

router = Router()


@router.snapshot(PostingSeen)
async def postings_seen(after: str | None, limit: int, tx: Tx) -> list[tuple[str, PostingSeen]]:
    """All postings, open and closed."""
    return [(key, posting_seen(each)) for key, each in await postings.states(tx, after, limit)]


@router.snapshot(FacilityListed)
async def facilities_listed(after: str | None, limit: int, tx: Tx) -> list[tuple[str, FacilityListed]]:
    """The last listing of every facility, including delisted ones."""
    return [(key, facility_listed(each)) for key, each in await facilities.page(tx, after, limit)]


@router.snapshot(FacilityDelisted)
async def facilities_delisted(after: str | None, limit: int, tx: Tx) -> list[tuple[str, FacilityDelisted]]:
    """The facilities that are delisted now."""
    return [(key, facility_delisted(each)) for key, each in await facilities.page(tx, after, limit, "delisted")]


@router.snapshot(FacilityAssessed)
async def facilities_assessed(after: str | None, limit: int, tx: Tx) -> list[tuple[str, FacilityAssessed]]:
    """An event for each fact: a field of a facility at a date."""
    return [(key, _assessed(fact)) for key, fact in await facts.page(tx, after, limit)]


def _assessed(row: Row) -> FacilityAssessed:
    fact = Statement(row["facility_id"], row["field"], row["value"], row["as_of"])
    return facility_assessed(fact.facility_id, [fact], row["import_no"], row["dataset"], row["received_at"])
