"""Why is a facility's score what it is?"""

from __future__ import annotations

from services.scorer.store import scores
from services.scorer.usecases import explaining
from shared.contracts.refusals import Refused
from shared.contracts.scorer import ScoreReasons, Why
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def why(request: Why, tx: Tx) -> ScoreReasons:
    """The score of a facility taken apart, with the evidence and the event behind each factor (R33)."""
    if request.on is not None and request.on > tx.today:
        raise Refused(f"{request.on} is still to come; today is {tx.today}.")
    found = await scores.facility(tx, request.facility_id)
    if found is None:
        raise Refused(f"There is no facility {request.facility_id}; the worklist and the registry have ids.", code=404)
    if request.on is not None and request.on < tx.today:
        return await explaining.why_on(tx, found, request.on)
    return await explaining.why_now(tx, found)
