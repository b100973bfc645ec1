"""What happens when someone of the team finds out who has a role?"""

from __future__ import annotations

from dataclasses import replace

from engines.packs import account_key
from services.sequencer import store
from services.sequencer.domain.contacts import Sighting
from services.sequencer.domain.lists import Reject, contact_of
from services.sequencer.settings import roles
from services.sequencer.store import accounts
from services.sequencer.usecases import listing
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_contacts import AddContact, AddedContact
from shared.contracts.sequencer_replies import ContactRow
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def add_contact(request: AddContact, tx: Tx) -> AddedContact:
    await store.lock(tx)
    sighting = await _sighting(request, tx)
    rows = listing.Rows(sightings=[sighting])
    found = await listing.changes(tx, rows)
    await listing.store(tx, rows, found)
    return AddedContact(contact=ContactRow.model_validate(sighting), changed=bool(found))


async def _sighting(request: AddContact, tx: Tx) -> Sighting:
    given = request.model_dump(exclude={"command_id", "actor"}) | {"source_date": tx.today.isoformat()}
    if request.facility_id and not request.chain:
        given["chain"] = (await accounts.chains(tx, [request.facility_id])).get(request.facility_id)
    try:
        return replace(contact_of(given, account_key(), roles(), tx.today), stated_by=tx.actor)
    except Reject as reject:
        raise Refused(f"{request.facility_id or request.chain}: {reject}.", code=422) from reject
