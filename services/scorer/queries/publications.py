"""Which schemes came into force, and when?"""

from __future__ import annotations

from services.scorer.store import models
from shared.contracts.scorer import Publications
from shared.contracts.scorer_replies import Publication
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def publications(request: Publications, tx: Tx) -> list[Publication]:
    return await models.publications(tx, request.limit)
