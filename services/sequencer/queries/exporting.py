"""What do files of contacts and touches contain? Of suppressed people, nothing but that they are."""

from __future__ import annotations

from services.sequencer.domain.contacts import Sighting
from services.sequencer.domain.suppression import marks_of_sighting, stops_of_sighting
from services.sequencer.settings import roles
from services.sequencer.store import contacts, suppressions, tasks
from shared.contracts.sequencer_contacts import ExportContacts, ExportedContact
from shared.contracts.sequencer_touches import ExportedTouch, ExportTouches
from shared.service import Router
from shared.storage.database import Tx

router = Router()

PRIVATE = dict.fromkeys(("name", "direct_phone", "email", "source", "source_date", "source_url"))


@router.question
async def export_contacts(request: ExportContacts, tx: Tx) -> list[ExportedContact]:
    found, known = await contacts.page(tx, request.after, request.limit), await contacts.corrections(tx)
    people = [(each, Sighting(**each.sighting)) for each in found]
    marks = {mark for each, person in people for mark in marks_of_sighting(roles(), person, each.account_chain, known)}
    in_force = await suppressions.load(tx, marks)
    rows = []
    for each, person in people:
        stops = stops_of_sighting(roles(), person, each.account_chain, known, in_force)
        values = {"contact_id": each.contact_id, **each.sighting, **(PRIVATE if stops else {}), "suppressed": stops}
        rows.append(ExportedContact.model_validate(values))
    return rows


@router.question
async def export_touches(request: ExportTouches, tx: Tx) -> list[ExportedTouch]:
    return await tasks.page_of_touches(tx, request.after, request.limit)
