"""Which facilities does a complete registry file delist by leaving them out?"""

from __future__ import annotations

from collections import Counter
from datetime import date

from services.ingest import settings
from services.ingest.domain.delisting import Delisting, against
from services.ingest.domain.facilities import Facility
from services.ingest.store import facilities, imports
from shared.contracts.events import FacilityDelisted
from shared.contracts.ingest import ImportFacilities
from shared.storage.database import Tx


async def delist_missing(
    file: ImportFacilities, begun: imports.Import, undated_as_of: date, tx: Tx
) -> tuple[int, list[Facility], str | None]:
    """How many were delisted, whom the file lacks, and why they stay. An import that has ended delists nothing more."""
    if begun.delisted:  # the answer to this chunk was lost, and it came again
        return begun.delisted, [], None
    place = None if file.complete == "US" else file.complete
    as_of = await imports.as_of(tx, begun.import_no) or undated_as_of
    gone = await facilities.lacking(tx, begun.import_no, place)
    said = Delisting(
        complete=file.complete or "",
        as_of=as_of,
        held_as_of=await facilities.held_as_of(tx, place),
        listed=await imports.listed_of(tx, begun.import_no, place),
        held=await facilities.count_listed(tx, place),
        gone=Counter(one.identity.state for one in gone),
        rejected=await imports.rejected_lines(tx, begun.import_no),
        cut=file.cut,
        told=file.delist,
        most_share=settings.headings().most_delisted_share,
    )
    if note := against(said):
        return 0, gone, note
    if begun.ended:
        return begun.delisted, [], None
    gone = await facilities.delist(tx, [one.facility_id for one in gone], as_of)
    tx.emit(*(FacilityDelisted(facility_id=one.facility_id, version=one.version, delisted_as_of=as_of) for one in gone))
    await imports.completed(tx, begun.import_no, as_of, len(gone))
    return len(gone), gone, None
