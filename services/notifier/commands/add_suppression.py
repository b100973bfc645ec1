"""What happens when an address or a domain must not be written to?"""

from __future__ import annotations

from services.notifier.store import suppressions as store
from services.notifier.usecases import stating, suppressing
from shared.contracts.notifier_suppressions import AddSuppression, SuppressedAddress
from shared.contracts.suppressions import SuppressionRow
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def add_suppression(request: AddSuppression, tx: Tx) -> SuppressedAddress:
    request = await stating.named(request, tx)
    stated = stating.stated(request, tx)
    before = await stating.current(request, stated, tx)
    changes = await suppressing.suppress(tx, [stated])
    current = changes[0].after if changes else before
    return SuppressedAddress(
        suppression=SuppressionRow.model_validate(current),
        changed=bool(changes),
        withdrawn=await store.withdrawn_by(tx, stated.statement.marks) if changes else 0,
    )
