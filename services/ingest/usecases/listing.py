"""What becomes of the facilities that a chunk of a registry file lists?"""

from __future__ import annotations

from datetime import date

from engines.datasets.listing import Listing
from engines.datasets.registry import Chunk, Reject
from services.ingest.domain.facilities import Facility, is_late, known_gone, listed
from services.ingest.store import facilities as store
from services.ingest.store.imports import complete_as_of
from shared.contracts.events import FacilityListed, OtherName
from shared.storage.database import Tx


async def list_facilities(chunk: Chunk, import_no: int, tx: Tx) -> tuple[int, list[Reject]]:
    """How many listings were news, and what a person should know of rows that newer files know nothing of."""
    held = await store.facilities(tx, [one.facility_id for one in chunk.listings])
    complete, newest = await complete_as_of(tx), await store.newest_by_state(tx)
    gone = [one for one in chunk.listings if known_gone(one, held, complete)]
    lost = {one.facility_id for one in gone}
    after = [listed(held.get(one.facility_id), one, import_no) for one in chunk.listings if one.facility_id not in lost]
    await store.save(tx, [facility for facility in after if facility != held.get(facility.facility_id)])
    versions = {facility_id: facility.version for facility_id, facility in held.items()}
    news = [facility for facility in after if facility.version != versions.get(facility.facility_id)]
    tx.emit(*(_listed(facility) for facility in news))
    unknown = [one for one in chunk.listings if one.facility_id not in held and one.facility_id not in lost]
    return len(news), [
        *(
            Reject(one.line, f"{one.facility_id} is not in a newer, complete file: not listed", one.facility_id)
            for one in gone
        ),
        *(_late(one, newest[one.identity.state]) for one in unknown if is_late(one, newest)),
    ]


def _gone(one: Listing) -> Reject:
    return Reject(one.line, f"{one.facility_id} is not in a newer, complete file: not listed", one.facility_id)


def _late(one: Listing, newest: date) -> Reject:
    """A newer file that nobody called complete does not say who is gone; a person may know."""
    state = one.identity.state
    reason = (
        f"{one.facility_id} is listed as of {one.as_of}, though {state} is held as of {newest} without it; if it has"
        f" closed, import the newer file again with --complete {state}"
    )
    return Reject(one.line, reason, one.facility_id)


def _listed(facility: Facility) -> FacilityListed:
    said = facility.identity
    return FacilityListed(
        facility_id=facility.facility_id,
        version=facility.version,
        listed_as_of=facility.listed_as_of,
        name=said.name,
        other_names=tuple(OtherName(name=other.name, kind=other.kind) for other in said.other_names),
        address=said.address,
        city=said.city,
        state=said.state,
        zip=said.zip,
        county=said.county,
        phone=said.phone,
        chain=said.chain,
    )
