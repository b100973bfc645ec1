"""How are the facilities of a chunk of a registry file listed?"""

from __future__ import annotations

from datetime import date

from engines.datasets.listing import Listing
from engines.datasets.registry import Chunk, Reject
from services.ingest.domain.facilities import Facility, is_late, is_missing_later, listed
from services.ingest.store import facilities as store
from services.ingest.store.imports import complete_as_of
from shared.contracts.events import FacilityListed, OtherName
from shared.storage.database import Tx


async def list_facilities(chunk: Chunk, import_no: int, tx: Tx) -> tuple[int, list[Reject]]:
    """Returns the number of changed listings, and warnings about rows that newer files lack."""
    stored = await store.facilities(tx, [one.facility_id for one in chunk.listings])
    complete, newest = await complete_as_of(tx), await store.newest_by_state(tx)
    missing = {one.facility_id for one in chunk.listings if is_missing_later(one, stored, complete)}
    current = [one for one in chunk.listings if one.facility_id not in missing]
    after = [listed(stored.get(one.facility_id), one, import_no) for one in current]
    await store.save(tx, [facility for facility in after if facility != stored.get(facility.facility_id)])
    versions = {facility_id: facility.version for facility_id, facility in stored.items()}
    changed = [facility for facility in after if facility.version != versions.get(facility.facility_id)]
    tx.emit(*(facility_listed(facility) for facility in changed))
    new = [one for one in current if one.facility_id not in stored]
    return len(changed), [
        *(_missing(one) for one in chunk.listings if one.facility_id in missing),
        *(_late(one, newest[one.identity.state]) for one in new if is_late(one, newest)),
    ]


def _missing(one: Listing) -> Reject:
    return Reject(one.line, f"{one.facility_id} is not in a newer, complete file: not listed", one.facility_id)


def _late(one: Listing, newest: date) -> Reject:
    """A newer file that was not declared complete does not prove that a facility closed, but a person may know."""
    state = one.identity.state
    reason = (
        f"{one.facility_id} is listed as of {one.as_of}, but the newer data of {state}, as of {newest}, lacks it; if it"
        f" has closed, import the newer file again with --complete {state}"
    )
    return Reject(one.line, reason, one.facility_id)


def facility_listed(facility: Facility) -> FacilityListed:
    """The last listing; the version after it is that of the delisting, if the facility is delisted."""
    identity = facility.identity
    return FacilityListed(
        facility_id=facility.facility_id,
        version=facility.version - facility.delisted,
        listed_as_of=facility.listed_as_of,
        name=identity.name,
        other_names=tuple(OtherName(name=other.name, kind=other.kind) for other in identity.other_names),
        address=identity.address,
        city=identity.city,
        state=identity.state,
        zip=identity.zip,
        county=identity.county,
        phone=identity.phone,
        chain=identity.chain,
    )
