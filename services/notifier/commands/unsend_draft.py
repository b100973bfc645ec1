"""How does a person take back a letter before it leaves?"""

from __future__ import annotations

from services.notifier.store import messages
from services.notifier.usecases.deciding import shown
from services.notifier.usecases.sending import KIND, key_of
from shared.contracts.notifier import Draft
from shared.contracts.notifier_sending import UnsendDraft
from shared.contracts.refusals import Refused
from shared.service import Router
from shared.storage import work
from shared.storage.database import Tx

router = Router()


@router.command
async def unsend_draft(request: UnsendDraft, tx: Tx) -> Draft:
    draft = await shown(tx, request.draft_id)
    # Its work is locked first, as in the transaction that claims it.
    letter = await messages.of_draft(tx, request.draft_id, for_update=False) if draft.status == "approved" else None
    if letter is None:
        raise Refused(f"This draft is {draft.status}: there is no letter that could be taken back.", 409)
    if not await work.withdraw(tx, KIND, [key_of(letter.message_id)]):
        raise Refused("It is too late: the letter is with the mail server.", 409)
    await messages.delete(tx, letter.message_id)
    return await shown(tx, request.draft_id)
