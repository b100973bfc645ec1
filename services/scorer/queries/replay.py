"""Does a replay of a past day give the scores that were stored?"""

from __future__ import annotations

from services.scorer.store import scores
from services.scorer.usecases import replaying
from shared.contracts.refusals import Refused
from shared.contracts.scorer import Replay
from shared.contracts.scorer_replies import DifferingScore, ReplayedScores
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def replay(request: Replay, tx: Tx) -> ReplayedScores:
    if request.to > tx.today:
        raise Refused(f"{request.to} is in the future; today is {tx.today}.")
    facility_ids = [each for each in await scores.scored_facilities(tx) if each > (request.after or "")][
        : request.limit
    ]
    past = await replaying.past(tx, request.to)
    compared = await replaying.compared(tx, facility_ids, past)
    return ReplayedScores(
        to=request.to,
        aged_on=past.aged_on,
        pack=past.scheme.pack,
        facilities=compared.scored,
        last=facility_ids[-1] if facility_ids else None,
        differing=[DifferingScore.model_validate(each) for each in compared.differing],
    )
