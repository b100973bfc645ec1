"""What happens when a person notes something about an account?"""

from __future__ import annotations

from services.sequencer import store
from services.sequencer.store import accounts, notes
from services.sequencer.usecases.announcing import note_added
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_leads import AddNote, NoteRow
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def add_note(request: AddNote, tx: Tx) -> NoteRow:
    await store.lock(tx)
    day = request.next_follow_up_on
    if await accounts.show(tx, request.facility_id) is None:
        raise Refused(f"There is no account {request.facility_id}. Import the registry that lists it first.", code=404)
    if day and day < tx.today:
        raise Refused(f"The next follow-up {day} is in the past; check the year.", code=422)
    note = await notes.add(tx, request.command_id, request.facility_id, request.text, day)
    if day:
        await accounts.record_follow_up(tx, request.facility_id, day)
    tx.emit(note_added(note))
    return NoteRow.model_validate(note)
