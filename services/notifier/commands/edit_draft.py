"""How does a person change the text of a draft?"""

from __future__ import annotations

from services.notifier.store import messages
from services.notifier.usecases.deciding import shown, undecided
from shared.contracts.notifier import Draft
from shared.contracts.notifier_sending import EditDraft
from shared.contracts.refusals import Refused
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def edit_draft(request: EditDraft, tx: Tx) -> Draft:
    draft = await undecided(tx, request.draft_id, "edited")
    if draft.revision != request.seen:
        raise Refused(
            f"It has changed since revision {request.seen} that you edited; read revision {draft.revision}.", 409
        )
    body = request.body and request.body.replace("\r\n", "\n").strip()
    if request.subject is None and not body:
        raise Refused("Give a subject or a text.", 400)
    await messages.edit(tx, request.draft_id, request.subject, body or None, tx.actor)
    return await shown(tx, request.draft_id)
