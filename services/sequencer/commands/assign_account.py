"""What happens when a person gives an account to a rep?"""

from __future__ import annotations

from services.sequencer.usecases import assigning
from shared.contracts.sequencer_accounts import AssignAccount, GivenAccounts
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def assign_account(request: AssignAccount, tx: Tx) -> GivenAccounts:
    return await assigning.assign_account(request, tx)
