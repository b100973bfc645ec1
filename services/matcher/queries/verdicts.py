"""For which reasons can a group be rejected?"""

from __future__ import annotations

from dataclasses import asdict

from services.matcher import settings
from shared.contracts.matcher import Verdicts
from shared.contracts.matcher_replies import Verdict
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def verdicts(request: Verdicts, tx: Tx) -> list[Verdict]:
    return [Verdict(**asdict(verdict)) for verdict in settings.policy().verdicts]
