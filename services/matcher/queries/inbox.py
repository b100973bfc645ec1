"""Which groups wait for a person?"""

from __future__ import annotations

from services.matcher.domain.inbox import in_order
from services.matcher.store.inbox import queued
from shared.contracts.matcher import Inbox, InboxGroup
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def inbox(request: Inbox, tx: Tx) -> list[InboxGroup]:
    entries = in_order(await queued(tx, request.dismissed))
    page = entries[request.offset : request.offset + request.limit]
    return [InboxGroup.model_validate(entry) for entry in page]
