"""Which automatic matches are to be judged, and how precise were those that were?"""

from __future__ import annotations

from dataclasses import asdict

from services.matcher.domain.resampling import shown
from services.matcher.settings import policy, verdicts
from services.matcher.store import resampling as store
from services.matcher.usecases.directory import directory_of
from shared.contracts.matcher import MatchesToJudge, Precision
from shared.contracts.matcher_replies import MatchToJudge, MeasuredPrecision
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def matches_to_judge(request: MatchesToJudge, tx: Tx) -> list[MatchToJudge]:
    """The matches chosen to be judged, each with a few facilities; the matched one is not revealed."""
    directory = await directory_of(tx)
    chosen = await store.to_be_judged(tx, policy().resample_share)
    page = chosen[request.offset : request.offset + request.limit]
    return [MatchToJudge.model_validate(shown(match, directory.facilities.values(), directory.trade)) for match in page]


@router.question
async def precision(request: Precision, tx: Tx) -> MeasuredPrecision:
    """The precision of the judged matches, with Wilson's 95 % interval."""
    share = policy().resample_share
    waiting = len(await store.to_be_judged(tx, share))
    final = [name for name, verdict in verdicts().items() if verdict.is_final]
    return MeasuredPrecision(**asdict(await store.precision(tx, final)), share=share, waiting=waiting)
