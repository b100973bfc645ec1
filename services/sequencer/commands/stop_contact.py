"""What happens when a person, facility, chain or domain must not be contacted?"""

from __future__ import annotations

from services.sequencer import store
from services.sequencer.usecases import suppressing
from services.sequencer.usecases.deciding import follow
from services.sequencer.usecases.targets import note_on, statement_of
from shared.contracts.sequencer import StopContact
from shared.contracts.sequencer_enrollments import EnrollmentRow
from shared.contracts.sequencer_replies import StoppedContact, TaskDetails
from shared.contracts.suppressions import SuppressionRow
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def stop_contact(request: StopContact, tx: Tx) -> StoppedContact:
    await store.lock(tx)
    statement = await statement_of(request, tx.actor, tx)
    await suppressing.refuse_outdated(request, statement, tx)
    suppression, changed = await suppressing.stop(tx, statement)
    effects = await follow(tx, await suppressing.places(tx, suppression))
    return StoppedContact(
        suppression=SuppressionRow.model_validate(suppression),
        changed=changed,
        tasks=[TaskDetails.model_validate(task) for task in effects.tasks],
        enrollments=[EnrollmentRow.model_validate(each) for each in effects.enrollments],
        note=await note_on(statement, tx),
    )
