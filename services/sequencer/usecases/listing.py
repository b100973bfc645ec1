"""What do rows about people state, and what follows when they are stored?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from engines.packs import account_key
from services.sequencer.domain.contacts import Sighting, chain_key
from services.sequencer.domain.lists import Reject, channels_of, check_provenance, contact_of
from services.sequencer.domain.marks import person_of, sighting_marks
from services.sequencer.domain.suppression import Statement
from services.sequencer.settings import roles, usual_person
from services.sequencer.store import contacts
from services.sequencer.usecases import suppressing
from services.sequencer.usecases.announcing import contact_changed
from services.sequencer.usecases.deciding import follow
from shared.contracts.imports import RejectedLine
from shared.contracts.sequencer import ContactCells
from shared.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a list: who has which role, who must not be contacted, and what was rejected."""

    sightings: list[Sighting] = field(default_factory=list)
    stops: list[Statement] = field(default_factory=list)
    rejects: list[RejectedLine] = field(default_factory=list)


def read(cells: Iterable[ContactCells], of_file: Mapping[str, str | None], latest: date) -> Rows:
    """Read rows of contacts; `of_file` has what the file states for rows that lack it."""
    rows = Rows()
    for row in cells:
        given = _given(row, of_file)
        try:
            sighting = contact_of(given, account_key(), roles(), latest)
            channels = channels_of(row.do_not_contact)
            check_provenance(sighting, roles())
        except Reject as reject:
            rows.rejects.append(RejectedLine(line=row.line, reason=str(reject)))
            rows.stops.extend(_stops_of_rejected(row, given, latest))
            continue
        rows.sightings.append(sighting)
        rows.stops.extend(_stops(sighting, channels))
    return rows


async def store(tx: Tx, rows: Rows) -> int:
    """Store the sightings and suppressions of rows, and apply them. Returns how many were new or corrected."""
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
    return imported


def _given(row: ContactCells, of_file: Mapping[str, str | None]) -> dict[str, str | None]:
    cells = row.model_dump(exclude={"line", "do_not_contact"})
    return cells | {name: text for name, text in of_file.items() if text and not cells[name]}


def _stops_of_rejected(row: ContactCells, given: Mapping[str, str | None], latest: date) -> list[Statement]:
    """The suppression in a row counts even if the phone number, the e-mail address or the URL is invalid or missing."""
    kept = {**given, **dict.fromkeys(("direct_phone", "email", "source_url"))}
    with suppress(Reject):
        sighting = contact_of(kept | {"source": given["source"] or "unknown"}, account_key(), roles(), latest)
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
