"""How does a person settle whether a letter has arrived?"""

from __future__ import annotations

from services.notifier.store import messages
from services.notifier.store.messages import NewState
from services.notifier.usecases.deciding import shown
from services.notifier.usecases.sending import email_sent
from shared.contracts.notifier import Draft
from shared.contracts.notifier_sending import ResolveDraft
from shared.contracts.refusals import Refused
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def resolve_draft(request: ResolveDraft, tx: Tx) -> Draft:
    letter = await messages.of_draft(tx, request.draft_id)
    if letter is None or letter.state != "unsure":
        raise Refused("There is no letter of this draft that may have arrived.", 409)
    if request.outcome == "sent":
        await messages.change_states(tx, [NewState(letter.message_id, "sent", sent_at=letter.sent_at or tx.now)])
        tx.emit(email_sent(letter, tx))
    else:
        error = f"It has not arrived, says {tx.actor}; it can be sent again."
        await messages.change_states(tx, [NewState(letter.message_id, "failed", error)])
    return await shown(tx, request.draft_id)
