"""Which programs may report engagement over HTTP?"""

from __future__ import annotations

from shared.contracts.sequencer_engagement import AddReporter, RemoveReporter
from shared.service import Router
from shared.storage import keys
from shared.storage.database import Tx

router = Router()


@router.command
async def add_reporter(request: AddReporter, tx: Tx) -> None:
    await keys.put(tx, request.name, request.key_hash)


@router.command
async def remove_reporter(request: RemoveReporter, tx: Tx) -> None:
    await keys.revoke(tx, request.name)
