"""How does a person discard a draft?"""

from __future__ import annotations

from services.notifier.store import messages
from services.notifier.usecases.announcing import email_discarded
from services.notifier.usecases.deciding import shown, undecided
from shared.contracts.notifier import Draft
from shared.contracts.notifier_sending import DiscardDraft
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def discard_draft(request: DiscardDraft, tx: Tx) -> Draft:
    draft = await undecided(tx, request.draft_id, "discarded")
    because = f": {request.reason}" if request.reason else "."
    await messages.discard(tx, request.draft_id, f"Discarded by {tx.actor}{because}")
    if draft.channel == "email":
        tx.emit(email_discarded(draft, tx))
    return await shown(tx, request.draft_id)
