"""What changes because time passes: scores that age, and the cuts between the tiers?"""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from scoring import tiers
from scoring.policies import FixedPolicy
from scoring.tiers import Calibration, Record, calibration_due, tier_of
from services.scorer import settings
from services.scorer.rescoring import rescore
from services.scorer.store import calibrations, scores
from shared.database import Tx
from shared.events import Crossing, TiersCalibrated
from shared.handling import daily
from shared.packs import pack_hash

CALIBRATIONS = uuid5(NAMESPACE_URL, "facility-pipeline:calibrations")


@daily(at="00:15")
async def rescore_aged(tx: Tx) -> None:
    """Signals expire, citations and changes of people grow old, facts dated ahead begin to count."""
    await scores.hold_everything(tx)
    await rescore(tx, await scores.to_recheck(tx), "time")


@daily(at="23:30")
async def calibrate(tx: Tx) -> None:
    """Set the cuts anew after the first full run, then weekly (R32); a full run has somebody above zero."""
    await scores.hold_everything(tx)
    policy, previous = settings.policy(), await calibrations.latest(tx)
    if isinstance(policy, FixedPolicy):
        return
    cohort = await calibrations.cohort(tx)
    due = calibration_due(tx.today, previous.calibrated_on if previous else None, policy.calibrate)
    if not due or not any(one.score for one in cohort):
        return
    made = tiers.calibrate(cohort, previous, policy, tx.today)
    await _publish(tx, made)
    await _move(tx, made.record, policy.lowest)


async def _publish(tx: Tx, made: Calibration) -> None:
    calibration_id, pack = uuid5(CALIBRATIONS, tx.today.isoformat()), pack_hash()
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
                Crossing(ccn=one.ccn, score=one.score, from_tier=one.from_tier, to_tier=one.to_tier)
                for one in made.crossings
            ),
            pack=pack,
        )
    )


async def _move(tx: Tx, record: Record, lowest: int) -> None:
    """Everybody whose tier the new cuts change, listed or not: a tier follows from score and record."""
    stood = await calibrations.tiers(tx)
    moved = [ccn for ccn, score, tier in stood if tier_of(ccn, score, record, lowest) != tier]
    await rescore(tx, moved, "calibrate")
