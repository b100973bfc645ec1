"""What are the text and the status of one draft?"""

from __future__ import annotations

from services.notifier import store
from shared.contracts.notifier import Draft, DraftDetails
from shared.contracts.refusals import Refused, the_only
from shared.service import Router
from shared.storage.database import Tx
from shared.storage.paging import ids_beginning

router = Router()


@router.question
async def draft_details(request: DraftDetails, tx: Tx) -> Draft:
    if request.task and not request.task_id:
        return await _of_task(tx, request.task)
    found = await store.draft(tx, request.draft_id, request.task_id)
    if found is None:
        name = f"draft {request.draft_id}" if request.draft_id else f"draft of task {request.task_id}"
        raise Refused(f"There is no {name}; research and calls without a script have none.", code=404)
    return found


async def _of_task(tx: Tx, first: str) -> Draft:
    """The draft of the only task whose id begins with these characters."""
    span = ids_beginning(first)
    return the_only(
        await store.drafts_of_tasks(tx, *span) if span else [],
        f"There is no draft of task {first}; research and calls without a script have none.",
        f"Several tasks begin with {first}; give more of its id.",
    )
