"""Which addresses and domains must not be written to?"""

from __future__ import annotations

from services.notifier.store import suppressions as store
from shared.contracts.notifier_suppressions import AddressSuppressions
from shared.contracts.suppressions import SuppressionRow
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def address_suppressions(request: AddressSuppressions, tx: Tx) -> list[SuppressionRow]:
    return [SuppressionRow.model_validate(each) for each in await store.page(tx, request.after, request.limit)]
