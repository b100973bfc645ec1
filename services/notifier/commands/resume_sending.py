"""How does a person let letters leave again after too many have bounced?"""

from __future__ import annotations

from services.notifier.store import messages, paces
from services.notifier.usecases.sending import KIND, key_of
from shared.contracts.notifier_sending import Resumed, ResumeSending
from shared.service import Router
from shared.storage import work
from shared.storage.database import Tx

router = Router()


@router.command
async def resume_sending(request: ResumeSending, tx: Tx) -> Resumed:
    await paces.resume(tx, tx.actor)
    waiting = await messages.approved(tx)
    await work.hasten(tx, KIND, [key_of(message_id) for message_id in waiting])
    return Resumed(letters=len(waiting))
