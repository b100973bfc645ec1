"""What happens when someone of the team reports that two people are the same one, or are not?"""

from __future__ import annotations

from services.sequencer import store
from services.sequencer.usecases import merging
from shared.contracts.sequencer_contacts import MergeContacts, MergedContacts
from shared.contracts.sequencer_replies import ContactRow, TaskDetails
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def merge_contacts(request: MergeContacts, tx: Tx) -> MergedContacts:
    await store.lock(tx)
    keep, drop = [await merging.named(each, tx) for each in (request.keep, request.drop)]
    changed = await (merging.take_back if request.undo else merging.merge)(keep, drop, tx)
    return MergedContacts(
        kept=ContactRow.model_validate(keep),
        dropped=ContactRow.model_validate(drop),
        changed=changed is not None,
        tasks=[TaskDetails.model_validate(task) for task in changed or ()],
    )
