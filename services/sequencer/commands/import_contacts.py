"""What does a list of contacts change, and which of its rows are rejected?"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from engines.packs import account_key
from services.sequencer import store
from services.sequencer.domain.contacts import Sighting, chain_key
from services.sequencer.domain.lists import Reject, channels_of, contact_of
from services.sequencer.domain.marks import person_of, sighting_marks
from services.sequencer.domain.suppression import Statement
from services.sequencer.settings import roles, usual_person
from services.sequencer.store import contacts
from services.sequencer.usecases import suppressing
from services.sequencer.usecases.announcing import contact_changed
from services.sequencer.usecases.deciding import follow
from shared.clock import latest_day
from shared.contracts.imports import ImportedRows, RejectedLine
from shared.contracts.sequencer import ContactCells, ImportContacts
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a list: who has which role, who must not be contacted, and what was rejected."""

    sightings: list[Sighting] = field(default_factory=list)
    stops: list[Statement] = field(default_factory=list)
    rejects: list[RejectedLine] = field(default_factory=list)


@router.command
async def import_contacts(request: ImportContacts, tx: Tx) -> ImportedRows:
    await store.lock(tx)
    rows = _read(request.rows, latest_day(tx.today))
    imported = await contacts.record(tx, rows.sightings)
    extended = await suppressing.follow_people(tx, rows.sightings)
    for statement in rows.stops:
        await suppressing.stop_by_file(tx, statement)
    facility_ids = {each.facility_id for each in rows.sightings if each.facility_id}
    known = await contacts.load(tx, roles(), facility_ids)
    tx.emit(*map(contact_changed, await contacts.update_states(tx, known)))
    if rows.stops or extended:
        await follow(tx)
    elif imported:
        chains = {each.chain for each in rows.sightings if each.chain}
        await follow(tx, lambda each: each.facility_id in facility_ids or chain_key(each.chain) in chains)
    return ImportedRows(imported=imported, unchanged=len(rows.sightings) - imported, rejects=rows.rejects)


def _read(cells: Iterable[ContactCells], latest: date) -> Rows:
    rows = Rows()
    for row in cells:
        try:
            sighting = contact_of(row.model_dump(exclude={"line"}), account_key(), roles(), latest)
            channels = channels_of(row.do_not_contact)
        except Reject as reject:
            rows.rejects.append(RejectedLine(line=row.line, reason=str(reject)))
            rows.stops.extend(_stops_of_rejected(row, latest))
            continue
        rows.sightings.append(sighting)
        rows.stops.extend(_stops(sighting, channels))
    return rows


def _stops_of_rejected(row: ContactCells, latest: date) -> list[Statement]:
    """The suppression in a row counts even if the phone number or the e-mail address is invalid."""
    with suppress(Reject):
        sighting = contact_of(row.model_dump(exclude={"line", "direct_phone", "email"}), account_key(), roles(), latest)
        return _stops(sighting, channels_of(row.do_not_contact))
    return []


def _stops(sighting: Sighting, channels: list[str]) -> list[Statement]:
    """The suppression of a person in a contact list; a placeholder cannot be suppressed."""
    if not channels or roles().placeholder(sighting.name):
        return []
    role, place = roles().label(sighting.role), sighting.chain or sighting.facility_id
    return [
        Statement(
            scope="person",
            target=person_of(roles(), sighting.subject, sighting.name),
            label=f"{usual_person(sighting.name)} ({role}, {place})",
            marks=sighting_marks(roles(), sighting),
            channels=channels,
            reason="marked as not to be contacted",
            source=f"contact list: {sighting.source}",
            stated_by="import",
            stated_on=sighting.source_date,
        )
    ]
