"""May an address or a domain be written to and, if not, why? Which letters were not sent because of it?"""

from __future__ import annotations

from engines.datasets.emails import address_of
from services.notifier.domain.suppressing import OWN_SCOPES
from services.notifier.store import suppressions as store
from services.notifier.usecases import stating
from shared.contracts.notifier_suppressions import AddressPermission, WhySuppressed
from shared.contracts.suppressions import SuppressionRow
from shared.service import Router
from shared.storage.database import Tx

router = Router()

MOST_REFUSED = 1_000
"""The maximum number of refused sends in a reply, the latest ones."""


@router.question
async def why_suppressed(request: WhySuppressed, tx: Tx) -> AddressPermission:
    request = await stating.named(request, tx)
    found = await stating.matching(request, tx)
    own = [each.suppression_id for each in found if each.scope in OWN_SCOPES]
    # A domain refuses letters to many addresses; for an address, only those to itself are shown.
    exact = own if request.email is None else [each.suppression_id for each in found if each.scope == "address"]
    return AddressPermission(
        in_force=[SuppressionRow.model_validate(each) for each in found if not each.lifted],
        statements=await store.statements(tx, own),
        refused=await store.refused_sends(tx, address_of(request.email), exact, MOST_REFUSED),
    )
