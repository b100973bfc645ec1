"""What is the current state of scores, tier cuts and models, page by page?"""

from __future__ import annotations

from services.scorer.store import calibrations, models, scores
from services.scorer.usecases.calibrating import tiers_calibrated
from services.scorer.usecases.publishing import pack_published
from services.scorer.usecases.rescoring import score_changed
from shared.contracts.events import PackPublished, ScoreChanged, TiersCalibrated
from shared.service import Router
from shared.storage.database import Tx

router = Router()

CAUSE = "snapshot"


@router.snapshot(ScoreChanged)
async def scores_changed(after: str | None, limit: int, tx: Tx) -> list[tuple[str, ScoreChanged]]:
    """The score of every facility; without the previous score and tier, which describe a change."""
    return [(key, score_changed(each, CAUSE)) for key, each in await scores.states(tx, after, limit)]


@router.snapshot(TiersCalibrated)
async def calibrated(after: str | None, limit: int, tx: Tx) -> list[tuple[str, TiersCalibrated]]:
    """All calibrations; the latest one is in force."""
    return [(key, tiers_calibrated(each)) for key, each in await calibrations.page(tx, after, limit)]


@router.snapshot(PackPublished)
async def packs_published(after: str | None, limit: int, tx: Tx) -> list[tuple[str, PackPublished]]:
    """All publications, in order; the last one is in force."""
    return [(key, pack_published(each)) for key, each in await models.page_of_publications(tx, after, limit)]
