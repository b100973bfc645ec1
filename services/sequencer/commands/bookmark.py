"""What happens when a person marks an account?"""

from __future__ import annotations

from services.sequencer.store import accounts, bookmarks
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_touches import Bookmark, Bookmarked
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def bookmark(request: Bookmark, tx: Tx) -> Bookmarked:
    facility_id = request.facility_id
    if request.remove:
        return Bookmarked(facility_id=facility_id, changed=await bookmarks.remove(tx, facility_id))
    if await accounts.show(tx, facility_id) is None:
        raise Refused(f"There is no account {facility_id}. Import the registry that lists it first.", code=404)
    return Bookmarked(facility_id=facility_id, changed=await bookmarks.add(tx, facility_id, request.reason))
