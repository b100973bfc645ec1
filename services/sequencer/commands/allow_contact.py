"""What happens when a person, facility, chain or domain may be contacted again?"""

from __future__ import annotations

from services.sequencer import store
from services.sequencer.store import suppressions
from services.sequencer.usecases import suppressing
from services.sequencer.usecases.targets import all_marks, statement_of
from shared.contracts.sequencer import AllowContact
from shared.contracts.sequencer_replies import AllowedContact
from shared.contracts.suppressions import SuppressionRow
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def allow_contact(request: AllowContact, tx: Tx) -> AllowedContact:
    await store.lock(tx)
    statement = await statement_of(request, tx.actor, tx)
    await suppressing.refuse_outdated(request, statement, tx)
    changed = await suppressing.allow(tx, statement)
    still = await suppressions.with_marks(tx, await all_marks(statement, tx))
    return AllowedContact(
        changed=[SuppressionRow.model_validate(each) for each in changed],
        still=[SuppressionRow.model_validate(each) for each in still],
    )
