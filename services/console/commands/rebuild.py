"""What does `pipeline console rebuild` begin?"""

from __future__ import annotations

from services.console.usecases import rebuilding
from shared.contracts.console_rebuilding import Rebuild, RebuildProgress
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def rebuild(request: Rebuild, tx: Tx) -> RebuildProgress:
    """Begin a rebuild; while one is under way, return how far it is."""
    return await rebuilding.rebuild(tx)
