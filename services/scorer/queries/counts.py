"""How many listed facilities are in each tier?"""

from __future__ import annotations

from services.scorer.store import calibrations, models, scores
from shared.contracts.scorer import Counts
from shared.contracts.scorer_replies import ScorerCounts
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def counts(request: Counts, tx: Tx) -> ScorerCounts:
    sizes, lowest = await scores.tier_sizes(tx), (await models.in_force(tx)).policy.lowest
    latest = next(iter(await calibrations.newest(tx, limit=1)), None)
    return ScorerCounts(
        tiers={tier: sizes.get(tier, 0) for tier in range(1, lowest + 1)},
        cuts=latest.cuts if latest else {},
        calibrated_on=latest.calibrated_on if latest else None,
        cohort=latest.cohort if latest else 0,
        listed=sum(sizes.values()),
    )
