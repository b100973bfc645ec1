"""What became of postings, and what is known of facilities and signals?"""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from pydantic import Field

from services.matcher.store import directory as directory_store
from services.matcher.store import inbox as inbox_store
from services.matcher.store import postings as posting_store
from shared.contracts.limits import FacilityId, ShortText
from shared.contracts.refusals import Refused
from shared.contracts.requests import Nothing, Request
from shared.service import Router
from shared.storage.database import Tx

router = Router()


class Outcomes(Request):
    posting_ids: list[UUID] = Field(max_length=5_000)


class OutcomePage(Request):
    after: UUID | None = None
    limit: int = Field(1_000, ge=1, le=5_000)


class SignalPage(Request):
    """`after` is the `facility_id/role_family` of the last row received."""

    after: ShortText | None = None
    limit: int = Field(1_000, ge=1, le=5_000)


class OneFacility(Request):
    facility_id: FacilityId


@router.ask("outcome")
async def outcome(request: Outcomes, tx: Tx) -> list[dict[str, Any]]:
    return await posting_store.outcomes(tx, request.posting_ids)


@router.ask("export_outcomes")
async def export_outcomes(request: OutcomePage, tx: Tx) -> list[dict[str, Any]]:
    return await posting_store.page_of_outcomes(tx, request.after, request.limit)


@router.ask("export_signals")
async def export_signals(request: SignalPage, tx: Tx) -> list[dict[str, Any]]:
    """One row per signal; all signals of a facility and role family are on one page."""
    facility_id, _, role = (request.after or "").partition("/")
    pairs = await posting_store.page_of_signals(tx, (facility_id, role), request.limit)
    return [
        {"facility_id": pair["facility_id"], "facility": pair["name"], "role_family": pair["role_family"], **signal}
        for pair in pairs
        for signal in pair["signals"]
    ]


@router.ask("counts")
async def counts(request: Nothing, tx: Tx) -> dict[str, Any]:
    found = await posting_store.counts(tx)
    waiting = await inbox_store.groups_waiting(tx)
    by_outcome: Counter[str] = Counter()
    for row in found:
        by_outcome[row["outcome"]] += row["postings"]
    return {
        "matched": by_outcome["matched"],
        "queued": by_outcome["queued"],
        "ignored": {row["reason"]: row["postings"] for row in found if row["outcome"] == "ignored"},
        "queued_reasons": {row["reason"]: row["postings"] for row in found if row["outcome"] == "queued"},
        "signals_open": await posting_store.open_signals(tx),
        "inbox_groups": waiting["groups"],
        "inbox_overdue": waiting["overdue"],
    }


@router.ask("facility")
async def facility(request: OneFacility, tx: Tx) -> dict[str, Any]:
    found = await directory_store.facility(tx, request.facility_id)
    if not found:
        raise Refused(f"No facility {request.facility_id} was ever listed.", code=404)
    names = await directory_store.names_of(tx, request.facility_id)
    return found | {"names": names, "signals": await posting_store.signals_at(tx, request.facility_id)}
