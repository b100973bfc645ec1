"""Which facilities does a complete registry file delist?"""

from __future__ import annotations

from collections import Counter
from datetime import date

from services.ingest import settings
from services.ingest.domain.delisting import Delisting, refusal
from services.ingest.domain.facilities import Facility
from services.ingest.store import facilities, imports
from shared.contracts.events import FacilityDelisted
from shared.contracts.ingest import ImportFacilities
from shared.storage.database import Tx


async def delist_missing(
    file: ImportFacilities, current: imports.Import, undated_as_of: date, tx: Tx
) -> tuple[int, list[Facility], str | None]:
    """Returns the number of delisted facilities, the missing ones, and why they stay.

    An import that has ended delists nothing more.
    """
    if current.delisted:  # this chunk was repeated, because its reply was lost
        return current.delisted, [], None
    place = None if file.complete == "US" else file.complete
    as_of = await imports.as_of(tx, current.import_no) or undated_as_of
    missing = await facilities.lacking(tx, current.import_no, place)
    wanted = Delisting(
        complete=file.complete or "",
        as_of=as_of,
        stored_as_of=await facilities.stored_as_of(tx, place),
        listed=await imports.listed_of(tx, current.import_no, place),
        stored=await facilities.count_listed(tx, place),
        missing=Counter(one.identity.state for one in missing),
        rejected=await imports.rejected_lines(tx, current.import_no),
        cut=file.cut,
        confirmed=file.delist,
        max_share=settings.headings().most_delisted_share,
    )
    if note := refusal(wanted):
        return 0, missing, note
    if current.ended:
        return current.delisted, [], None
    gone = await facilities.delist(tx, [one.facility_id for one in missing], as_of)
    tx.emit(*map(facility_delisted, gone))
    await imports.completed(tx, current.import_no, as_of, len(gone))
    return len(gone), gone, None


def facility_delisted(facility: Facility) -> FacilityDelisted:
    return FacilityDelisted.model_validate(facility, from_attributes=True)
