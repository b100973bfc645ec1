"""What waits for a person?"""

from __future__ import annotations

from services.matcher.domain.inbox import InboxEntry, in_order
from services.matcher.store.inbox import queued
from shared.contracts.matcher import Inbox
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.ask("inbox")
async def inbox(request: Inbox, tx: Tx) -> list[InboxEntry]:
    entries = in_order(await queued(tx, request.dismissed))
    return entries[request.offset : request.offset + request.limit]
