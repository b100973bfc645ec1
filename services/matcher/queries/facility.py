"""What are the names and signals of a facility?"""

from __future__ import annotations

from services.matcher.store import directory as store
from services.matcher.store.postings import signals_at
from shared.contracts.matcher import Facility, FacilityDetails
from shared.contracts.refusals import Refused
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def facility_details(request: FacilityDetails, tx: Tx) -> Facility:
    found = await store.facility(tx, request.facility_id)
    if not found:
        raise Refused(f"No facility {request.facility_id} was ever listed.", code=404)
    names = await store.names_of(tx, request.facility_id)
    return Facility(**found, names=names, signals=await signals_at(tx, request.facility_id))
