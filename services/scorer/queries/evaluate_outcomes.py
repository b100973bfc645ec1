"""Do higher scores win more often?"""

from __future__ import annotations

from engines.scoring.feedback import Model, feedback
from services.scorer.store import models, outcomes
from shared.contracts.scorer import EvaluateOutcomes
from shared.contracts.scorer_replies import EvaluatedOutcomes
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def evaluate_outcomes(request: EvaluateOutcomes, tx: Tx) -> EvaluatedOutcomes:
    """Outcomes by score decile and factor (R63, R76, R78). The result is never applied automatically."""
    scheme = await models.in_force(tx)
    judged = Model(scheme.model.name, scheme.policy.lowest)
    found = feedback(await outcomes.decided(tx), request.good, judged, request.at_least)
    return EvaluatedOutcomes.model_validate(found)
