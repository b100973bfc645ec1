"""How are the tier cuts recomputed and published?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from engines.scoring import tiers
from engines.scoring.tiers import Calibration, Record, tier_of
from services.scorer.store import calibrations, models
from services.scorer.usecases.rescoring import rescore
from shared.contracts.events import TiersCalibrated
from shared.storage.database import Tx

CALIBRATIONS = uuid5(NAMESPACE_URL, "facility-pipeline:calibrations")


async def set_cuts(tx: Tx) -> bool:
    """Calibrate the listed cohort, which the caller has locked. Returns False if no score is above 0 yet."""
    scheme, cohort = await models.in_force(tx), await calibrations.cohort(tx)
    if not any(one.score for one in cohort):
        return False
    calibration = tiers.calibrate(cohort, await calibrations.latest(tx), scheme.policy, tx.today)
    await _publish(tx, calibration, scheme.pack)
    await _rescore(tx, calibration.record, scheme.policy.lowest)
    return True


async def _publish(tx: Tx, calibration: Calibration, pack: str) -> None:
    calibration_id = uuid5(CALIBRATIONS, tx.today.isoformat())
    tx.emit(tiers_calibrated(await calibrations.record(tx, calibration_id, calibration, pack)))


def tiers_calibrated(calibration: Mapping[str, Any]) -> TiersCalibrated:
    """The event about a stored calibration."""
    return TiersCalibrated.model_validate(calibration)


async def _rescore(tx: Tx, record: Record, lowest: int) -> None:
    """Rescore every facility whose tier the new cuts change, listed or not."""
    scored = await calibrations.tiers(tx)
    changed = [key for key, score, tier in scored if tier_of(key, score, record, lowest) != tier]
    await rescore(tx, changed, "calibrate")
