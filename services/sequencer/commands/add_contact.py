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
from services.sequencer.usecases.ending import complete_task
from services.sequencer.usecases.recording import named
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_contacts import AddContact, AddedContact
from shared.contracts.sequencer_replies import ContactRow
from shared.contracts.sequencer_touches import CompleteTask
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
    if request.task_id:
        await _end_research(request.task_id, request, tx)
    return AddedContact(
        contact=ContactRow.model_validate(sighting), changed=bool(found), ended=request.task_id is not None
    )


async def _end_research(task_id: str, request: AddContact, tx: Tx) -> None:
    ends = CompleteTask(task_id=task_id, outcome=request.outcome, actor=request.actor)
    task = await named(ends, tx)
    if task.channel != "research" or task.facility_id != request.facility_id:
        raise Refused(f"The task {task_id} is no research for {request.facility_id}.", code=422)
    if not (request.direct_phone or request.email):
        raise Refused("State a direct line or an e-mail address: one of the two ends the research.", code=422)
    await complete_task(ends, tx)


async def _sighting(request: AddContact, tx: Tx) -> Sighting:
    given = request.model_dump(exclude={"command_id", "actor"}) | {"source_date": tx.today.isoformat()}
    if request.facility_id and not request.chain:
        given["chain"] = (await accounts.chains(tx, [request.facility_id])).get(request.facility_id)
    try:
        return replace(contact_of(given, account_key(), roles(), tx.today), stated_by=tx.actor)
    except Reject as reject:
        raise Refused(f"{request.facility_id or request.chain}: {reject}.", code=422) from reject
