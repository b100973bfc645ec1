"""Which people were named for a facility, and who has which role now?"""

from __future__ import annotations

from services.sequencer.domain.contacts import name_key
from services.sequencer.settings import roles
from services.sequencer.store import accounts
from services.sequencer.store import contacts as store
from shared.contracts.sequencer import Contacts
from shared.contracts.sequencer_replies import ContactRow
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def contacts(request: Contacts, tx: Tx) -> list[ContactRow]:
    facility_id = request.facility_id
    chain = (await accounts.chains(tx, [facility_id])).get(facility_id)
    known = await store.load(tx, roles(), [facility_id], [chain])
    current = {(role, each.person) for (_, role), each in known.items() if each.person}
    same = (await store.corrections(tx)).same
    named = await store.show(tx, facility_id)
    return [each.model_copy(update={"current": (each.role, same(_person(each))) in current}) for each in named]


def _person(row: ContactRow) -> tuple[str, str]:
    subject = f"chain:{row.chain}" if row.chain else f"facility:{row.facility_id}"
    return subject, name_key(row.name)
