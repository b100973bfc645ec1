"""What can the notifier be asked?"""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import Field, model_validator

from services.notifier import store
from shared.contracts.limits import Count, ShortText
from shared.contracts.refusals import Refused
from shared.contracts.requests import Nothing, Request
from shared.service import Router
from shared.storage.database import Tx

router = Router()

STATUSES = ("draft", "failed", "withdrawn", "closed")


class DraftsRequest(Request):
    """Which drafts: of a status, of a rep, a page at a time."""

    status: Literal["draft", "failed", "withdrawn", "closed"] | None = None
    rep: ShortText | None = None
    limit: int = Field(default=100, ge=1, le=5_000)
    offset: Count = 0


class DraftRequest(Request):
    """One draft, by its own id or by that of its touch."""

    draft_id: UUID | None = None
    task_id: UUID | None = None

    @model_validator(mode="after")
    def _one_id(self) -> DraftRequest:
        if (self.draft_id is None) == (self.task_id is None):
            raise ValueError("give either draft_id or task_id")
        return self


class PageRequest(Request):
    """The next page of an export: what comes after the last id of the page before."""

    after: UUID | None = None
    limit: int = Field(default=1_000, ge=1, le=5_000)


@router.ask("drafts")
async def drafts(request: DraftsRequest, tx: Tx) -> list[store.Draft]:
    return await store.drafts(tx, request.status, request.rep, request.limit, request.offset)


@router.ask("draft")
async def draft(request: DraftRequest, tx: Tx) -> store.Draft:
    found = await store.draft(tx, request.draft_id, request.task_id)
    if found is None:
        wanted = f"draft {request.draft_id}" if request.draft_id else f"draft of task {request.task_id}"
        raise Refused(f"There is no {wanted}; calls and research have none.", code=404)
    return found


@router.ask("export_drafts")
async def export_drafts(request: PageRequest, tx: Tx) -> list[store.Draft]:
    return await store.drafts_after(tx, request.after, request.limit)


@router.ask("counts")
async def counts(request: Nothing, tx: Tx) -> dict[str, Any]:
    by_status = dict.fromkeys(STATUSES, 0)
    by_channel: dict[str, int] = {}
    for channel, status, n in await store.counts(tx):
        by_status[status] += n
        by_channel[channel] = by_channel.get(channel, 0) + n
    return {"drafts": sum(by_channel.values()), "by_status": by_status, "by_channel": by_channel}
