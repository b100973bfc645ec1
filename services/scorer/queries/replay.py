"""Are the scores of a past day those that follow from what was recorded by its end?"""

from __future__ import annotations

from services.scorer.store import scores
from services.scorer.usecases import replaying
from shared.contracts.refusals import Refused
from shared.contracts.scorer import DifferingScore, Replay, ReplayedScores
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def replay(request: Replay, tx: Tx) -> ReplayedScores:
    if request.to > tx.today:
        raise Refused(f"{request.to} is still to come; today is {tx.today}.")
    facility_ids = [each for each in await scores.everyone(tx) if each > (request.after or "")][: request.limit]
    then = await replaying.past(tx, request.to)
    compared = await replaying.compared(tx, facility_ids, then)
    return ReplayedScores(
        to=request.to,
        aged_on=then.aged_on,
        pack=then.scheme.pack,
        facilities=compared.scored,
        last=facility_ids[-1] if facility_ids else None,
        differing=[DifferingScore.model_validate(each) for each in compared.differing],
    )
