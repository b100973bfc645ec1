"""What changes because time passes? Scores age, and the tiers are recalibrated."""

from __future__ import annotations

from engines.scoring.policies import FixedPolicy
from engines.scoring.tiers import calibration_due
from services.scorer.store import calibrations, models, scores
from services.scorer.usecases.calibrating import set_cuts
from services.scorer.usecases.rescoring import rescore
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.daily(at="00:15")
async def rescore_aged(tx: Tx) -> None:
    """Recompute the scores that change with time: signals expire, citations age, and future facts begin to count."""
    await scores.lock_everything(tx)
    await scores.record_aging(tx)
    await rescore(tx, await scores.to_recheck(tx), "time")


@router.daily(at="23:30")
async def calibrate(tx: Tx) -> None:
    """Recalibrate after the first scores, and then as often as the pack defines (R32)."""
    await scores.lock_everything(tx)
    policy, previous = (await models.in_force(tx)).policy, await calibrations.latest(tx)
    if isinstance(policy, FixedPolicy):
        return
    if calibration_due(tx.today, previous.calibrated_on if previous else None, policy.calibrate):
        await set_cuts(tx)
