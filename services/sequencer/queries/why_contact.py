"""May a person, facility, chain or domain be contacted, and if not, why?"""

from __future__ import annotations

from services.sequencer.domain.contacts import Sighting
from services.sequencer.settings import roles
from services.sequencer.store import suppressions as store
from services.sequencer.usecases.targets import Resolved, all_marks, resolve
from shared.contracts.sequencer import WhyContact
from shared.contracts.sequencer_replies import ContactPermission, ContactRow
from shared.contracts.suppressions import SuppressionRow
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def why_contact(request: WhyContact, tx: Tx) -> ContactPermission:
    target = await resolve(request, tx)
    marks = await all_marks(target, tx)
    ever = await store.with_marks(tx, marks, lifted=True)
    return ContactPermission(
        in_force=[SuppressionRow.model_validate(each) for each in ever if not each.lifted],
        statements=await store.statements(tx, [each.suppression_id for each in ever]),
        contacts=[ContactRow.model_validate(each) for each in await _named(target, tx)],
    )


async def _named(target: Resolved, tx: Tx) -> list[Sighting]:
    """Where a person was named; nothing for a facility, a chain or a domain."""
    if target.scope != "person":
        return []
    return await store.people_with(tx, roles(), await store.identified(tx, roles(), target.marks))
