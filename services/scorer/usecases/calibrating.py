"""How are the cuts between the tiers set, and who hears of it?"""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from engines.scoring import tiers
from engines.scoring.tiers import Calibration, Record, tier_of
from services.scorer.store import calibrations, models
from services.scorer.usecases.rescoring import rescore
from shared.contracts.events import Crossing, TiersCalibrated
from shared.storage.database import Tx

CALIBRATIONS = uuid5(NAMESPACE_URL, "facility-pipeline:calibrations")


async def set_cuts(tx: Tx) -> bool:
    """Calibrate the listed cohort, whose scores the caller holds. A full run has somebody above zero: False without."""
    scheme, cohort = await models.in_force(tx), await calibrations.cohort(tx)
    if not any(one.score for one in cohort):
        return False
    made = tiers.calibrate(cohort, await calibrations.latest(tx), scheme.policy, tx.today)
    await _publish(tx, made, scheme.pack)
    await _move(tx, made.record, scheme.policy.lowest)
    return True


async def _publish(tx: Tx, made: Calibration, pack: str) -> None:
    calibration_id = uuid5(CALIBRATIONS, tx.today.isoformat())
    await calibrations.record(tx, calibration_id, made, pack)
    tx.emit(
        TiersCalibrated(
            calibration_id=calibration_id,
            calibrated_on=tx.today,
            cohort=made.cohort,
            cuts=dict(made.record.cuts),
            sizes=dict(made.sizes),
            ties=dict(made.ties),
            crossings=tuple(
                Crossing(facility_id=one.facility_id, score=one.score, from_tier=one.from_tier, to_tier=one.to_tier)
                for one in made.crossings
            ),
            pack=pack,
        )
    )


async def _move(tx: Tx, record: Record, lowest: int) -> None:
    """Everybody whose tier the new cuts change, listed or not: a tier follows from score and record."""
    stood = await calibrations.tiers(tx)
    moved = [facility_id for facility_id, score, tier in stood if tier_of(facility_id, score, record, lowest) != tier]
    await rescore(tx, moved, "calibrate")
