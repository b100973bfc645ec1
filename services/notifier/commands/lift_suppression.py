"""What happens when an address or a domain may be written to again?"""

from __future__ import annotations

from services.notifier.usecases import stating, suppressing
from shared.contracts.notifier_suppressions import LiftedAddress, LiftSuppression
from shared.contracts.suppressions import SuppressionRow
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def lift_suppression(request: LiftSuppression, tx: Tx) -> LiftedAddress:
    request = await stating.named(request, tx)
    stated = stating.stated(request, tx)
    await stating.current(request, stated, tx)
    changes = await suppressing.lift(tx, [stated])
    return LiftedAddress(
        changed=SuppressionRow.model_validate(changes[0].after) if changes else None,
        still=[SuppressionRow.model_validate(each) for each in await stating.in_force(request, tx)],
    )
