"""What is known of the accounts on the next page of a list?"""

from __future__ import annotations

from services.scorer.store import scores
from shared.contracts.scorer import ScoredAccounts
from shared.contracts.scorer_replies import ScoredAccount
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def scored_accounts(request: ScoredAccounts, tx: Tx) -> list[ScoredAccount]:
    return [ScoredAccount.model_validate(row) for row in await scores.page(tx, request.after or "", request.limit)]
