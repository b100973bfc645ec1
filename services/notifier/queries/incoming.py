"""Which messages came back?"""

from __future__ import annotations

from services.notifier.store import incoming as store
from shared.contracts.notifier_mail import Incoming, IncomingMail
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def incoming(request: Incoming, tx: Tx) -> list[IncomingMail]:
    return await store.listed(tx, request.state, request.kind, request.limit, request.offset)
