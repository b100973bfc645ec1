"""Which facilities are worth a look without any posting?"""

from __future__ import annotations

from decimal import Decimal

from services.scorer.store import scores
from shared.contracts.scorer import DiscoveredFacility, Discovery
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def discovery(request: Discovery, tx: Tx) -> list[DiscoveredFacility]:
    """The best that have no open posting, with the evidence that speaks for each (R48)."""
    return [
        DiscoveredFacility(
            **row, because=[line["evidence"] for line in row["breakdown"] if Decimal(line["points"]) > 0]
        )
        for row in await scores.without_signal(tx, request.limit)
    ]
