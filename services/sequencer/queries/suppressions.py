"""Who must not be contacted?"""

from __future__ import annotations

from services.sequencer.store import suppressions as store
from shared.contracts.sequencer import Suppressions
from shared.contracts.suppressions import SuppressionRow
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def suppressions(request: Suppressions, tx: Tx) -> list[SuppressionRow]:
    return [SuppressionRow.model_validate(each) for each in await store.in_force(tx)]
