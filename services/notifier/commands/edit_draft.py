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
    if body:
        _check_postal(await shown(tx, request.draft_id), body)
    await messages.edit(tx, request.draft_id, request.subject, body or None, tx.actor)
    return await shown(tx, request.draft_id)


def _check_postal(draft: Draft, body: str) -> None:
    """Refuses a text that lost the postal address, which each letter must have."""
    postal, before, after = (
        " ".join(str(text or "").split()) for text in (draft.facts.get("postal"), draft.body, body)
    )
    if postal in before and postal not in after:
        raise Refused(f"The text lacks the postal address, which each letter must have: {postal}", 400)
