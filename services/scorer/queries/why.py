"""Why is a facility's score what it is?"""

from __future__ import annotations

from services.scorer.store import scores
from services.scorer.usecases import explaining
from shared.contracts.refusals import Refused
from shared.contracts.scorer import Why
from shared.contracts.scorer_replies import ScoreReasons
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def why(request: Why, tx: Tx) -> ScoreReasons:
    """The breakdown of a score, with the evidence and the event of each factor (R33)."""
    if request.on is not None and request.on > tx.today:
        raise Refused(f"{request.on} is in the future; today is {tx.today}.")
    found = await scores.facility(tx, request.facility_id)
    if found is None:
        raise Refused(
            f"There is no facility {request.facility_id}; find its id on the worklist or in the registry.", code=404
        )
    if request.on is not None and request.on < tx.today:
        return await explaining.why_on(tx, found, request.on)
    return await explaining.why_now(tx, found)
