"""Which people were named for a facility?"""

from __future__ import annotations

from services.sequencer.store import contacts as store
from shared.contracts.sequencer import Contacts
from shared.contracts.sequencer_replies import ContactRow
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def contacts(request: Contacts, tx: Tx) -> list[ContactRow]:
    return await store.show(tx, request.facility_id)
