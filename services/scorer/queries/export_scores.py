"""Which scores are on the next page, for a file or a read model?"""

from __future__ import annotations

from services.scorer.store import scores
from shared.contracts.scorer import ExportScores
from shared.contracts.scorer_replies import ExportedScore
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def export_scores(request: ExportScores, tx: Tx) -> list[ExportedScore]:
    return [
        ExportedScore(**row, points={line["factor"]: line["points"] for line in row["breakdown"]})
        for row in await scores.page(tx, request.after or "", request.limit)
    ]
