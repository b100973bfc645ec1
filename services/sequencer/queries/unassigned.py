"""Which accounts wait for a person to assign them?"""

from __future__ import annotations

from services.sequencer.settings import playbook
from services.sequencer.store import accounts
from shared.contracts.sequencer_accounts import Unassigned, UnassignedAccount
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def unassigned(request: Unassigned, tx: Tx) -> list[UnassignedAccount]:
    return await accounts.unassigned(tx, playbook().tiers)
