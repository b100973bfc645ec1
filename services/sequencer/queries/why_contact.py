"""May a person, facility, chain or domain be contacted, and if not, why?"""

from __future__ import annotations

from services.sequencer.store import suppressions as store
from services.sequencer.usecases.targets import all_marks, resolve
from shared.contracts.sequencer import WhyContact
from shared.contracts.sequencer_replies import ContactPermission, SuppressionRow
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def why_contact(request: WhyContact, tx: Tx) -> ContactPermission:
    marks = await all_marks(await resolve(request, tx), tx)
    ever = await store.with_marks(tx, marks, lifted=True)
    return ContactPermission(
        in_force=[SuppressionRow.model_validate(each) for each in ever if not each.lifted],
        statements=await store.statements(tx, [each.suppression_id for each in ever]),
    )
