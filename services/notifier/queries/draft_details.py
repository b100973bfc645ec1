"""What are the text and the status of one draft?"""

from __future__ import annotations

from services.notifier import store
from shared.contracts.notifier import Draft, DraftDetails
from shared.contracts.refusals import Refused
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def draft_details(request: DraftDetails, tx: Tx) -> Draft:
    found = await store.draft(tx, request.draft_id, request.task_id)
    if found is None:
        name = f"draft {request.draft_id}" if request.draft_id else f"draft of task {request.task_id}"
        raise Refused(f"There is no {name}; research and calls without a script have none.", code=404)
    return found
