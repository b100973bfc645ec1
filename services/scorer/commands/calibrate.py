"""What happens when a person recalibrates the tiers?"""

from __future__ import annotations

from engines.scoring.policies import FixedPolicy
from services.scorer.store import calibrations, models, scores
from services.scorer.usecases.calibrating import set_cuts
from shared.contracts.refusals import Refused
from shared.contracts.scorer import Calibrate
from shared.contracts.scorer_replies import Calibration
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def calibrate(request: Calibrate, tx: Tx) -> Calibration:
    """Recompute the cuts, at most once a day, because a calibration is in force from its day on."""
    await scores.lock_everything(tx)
    if isinstance((await models.in_force(tx)).policy, FixedPolicy):
        raise Refused("The pack in force has fixed cuts; there is nothing to calibrate.")
    previous = await calibrations.latest(tx)
    if previous and previous.calibrated_on == tx.today:
        raise Refused(f"The tiers were calibrated today, {tx.today}, already; try again tomorrow.", code=409)
    if not await set_cuts(tx):
        raise Refused("No listed facility has a score above 0 yet; import facilities and their facts.")
    return (await calibrations.newest(tx, limit=1))[0]
