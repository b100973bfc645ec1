"""Which facilities have high scores without an open posting?"""

from __future__ import annotations

from decimal import Decimal

from services.scorer.store import scores
from shared.contracts.scorer import Discovery
from shared.contracts.scorer_replies import DiscoveredFacility
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def discovery(request: Discovery, tx: Tx) -> list[DiscoveredFacility]:
    """The best facilities without an open posting, each with the evidence in its favor (R48)."""
    return [
        DiscoveredFacility(
            **row, because=[line["evidence"] for line in row["breakdown"] if Decimal(line["points"]) > 0]
        )
        for row in await scores.without_signal(tx, request.limit)
    ]
