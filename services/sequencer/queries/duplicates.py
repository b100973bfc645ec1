"""Which people may be the same one, named in two ways?"""

from __future__ import annotations

from services.sequencer.domain.contacts import Sighting
from services.sequencer.domain.duplicates import duplicates as found
from services.sequencer.settings import roles
from services.sequencer.store import contacts
from shared.contracts.sequencer_contacts import DuplicateRow, Duplicates
from shared.contracts.sequencer_replies import ContactRow
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def duplicates(request: Duplicates, tx: Tx) -> list[DuplicateRow]:
    named = await contacts.comparable(tx, request.facility_id)
    pairs = found(roles(), named, await contacts.corrections(tx))
    return [DuplicateRow(keep=_row(each.kept), drop=_row(each.dropped), common=each.common) for each in pairs]


def _row(sighting: Sighting) -> ContactRow:
    return ContactRow.model_validate(sighting).model_copy(update={"contact_id": contacts.id_of(sighting)})
