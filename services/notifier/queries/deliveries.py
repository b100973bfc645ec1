"""Which letters did people send off, and how is each of them?"""

from __future__ import annotations

from services.notifier import settings
from services.notifier.domain.pacing import too_many_bounced
from services.notifier.store import messages, paces
from services.notifier.usecases.sending import KIND
from shared.contracts.notifier_sending import Deliveries, FoundDeliveries
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def deliveries(request: Deliveries, tx: Tx) -> FoundDeliveries:
    rules = settings.sending()
    return FoundDeliveries(
        deliveries=await messages.deliveries(tx, KIND, request.state, request.limit, request.offset),
        by_state=await messages.counts(tx),
        stopped=too_many_bounced(*await paces.bounced(tx, rules.bounces.days), rules.bounces),
    )
