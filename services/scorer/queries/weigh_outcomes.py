"""Do higher scores win more?"""

from __future__ import annotations

from engines.scoring.feedback import feedback
from services.scorer.store import outcomes
from shared.contracts.scorer import WeighedOutcomes, WeighOutcomes
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def weigh_outcomes(request: WeighOutcomes, tx: Tx) -> WeighedOutcomes:
    """Outcomes per score decile and factor (R63, R76, R78); nothing is ever applied by itself."""
    return WeighedOutcomes.model_validate(feedback(await outcomes.decided(tx), request.good, request.at_least))
