"""What did prospects do, and who may report it over HTTP?"""

from __future__ import annotations

from services.sequencer.store import engagements as store
from shared.contracts.keys import KeyHolder
from shared.contracts.sequencer_engagement import EngagementRow, Engagements, Reporters
from shared.service import Router
from shared.storage import keys
from shared.storage.database import Tx

router = Router()


@router.question
async def engagements(request: Engagements, tx: Tx) -> list[EngagementRow]:
    found = await store.page(tx, request.facility_id, request.after, request.limit)
    return [EngagementRow.model_validate(each) for each in found]


@router.question
async def reporters(request: Reporters, tx: Tx) -> list[KeyHolder]:
    return await keys.holders(tx)
