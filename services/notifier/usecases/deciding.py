"""What do a person's decisions about one draft have in common?"""

from __future__ import annotations

from uuid import UUID

from services.notifier import store
from services.notifier.store import messages
from services.notifier.store.messages import DraftToSend
from shared.contracts.notifier import Draft
from shared.contracts.refusals import Refused
from shared.storage.database import Tx


async def undecided(tx: Tx, draft_id: UUID, doing: str) -> DraftToSend:
    """A draft that still can be changed or discarded, locked; refuses any other."""
    draft = (await messages.lock_drafts(tx, [draft_id])).get(draft_id)
    if draft is None:
        raise Refused(f"There is no draft {draft_id}; `pipeline draft list` shows them.", 404)
    if draft.status not in ("draft", "failed") or not draft.body:
        raise Refused(f"This draft is {draft.status}, so it cannot be {doing}.", 409)
    return draft


async def shown(tx: Tx, draft_id: UUID) -> Draft:
    """The draft as it is now."""
    draft = await store.draft(tx, draft_id, None)
    if draft is None:
        raise Refused(f"There is no draft {draft_id}; `pipeline draft list` shows them.", 404)
    return draft
