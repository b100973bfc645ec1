"""What do rows about people state, and what follows when they are stored?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date

from engines.packs import account_key
from engines.suppression.statements import Statement
from services.sequencer.domain.contacts import Sighting, places_of
from services.sequencer.domain.importing.changes import Change, RowChange, differences, of_work
from services.sequencer.domain.lists import Reject, channels_in, check_provenance, contact_of
from services.sequencer.domain.marks import person_of, sighting_marks
from services.sequencer.settings import person_in_role, roles
from services.sequencer.store import contacts
from services.sequencer.usecases import suppressing
from services.sequencer.usecases.announcing import contact_changed
from services.sequencer.usecases.deciding import follow_between
from shared.contracts.sequencer import ContactCells
from shared.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a list: who has which role, who must not be contacted, and what was rejected."""

    sightings: list[Sighting] = field(default_factory=list)
    lines: list[tuple[int, str]] = field(default_factory=list)
    """The line and the id of each sighting."""
    stops: list[Statement] = field(default_factory=list)
    rejects: list[tuple[int, str]] = field(default_factory=list)


def read(cells: Iterable[ContactCells], of_file: Mapping[str, str | None], latest: date) -> Rows:
    """Read rows of contacts; `of_file` has what the file states for rows that lack it."""
    rows = Rows()
    for row in cells:
        given = _given(row, of_file)
        try:
            sighting = contact_of(given, account_key(), roles(), latest)
            channels = _channels(row)
            check_provenance(sighting, roles())
        except Reject as reject:
            rows.rejects.append((row.line, str(reject)))
            rows.stops.extend(_stops_of_rejected(row, given, latest))
            continue
        rows.sightings.append(sighting)
        rows.lines.append((row.line, contacts.id_of(sighting)))
        rows.stops.extend(_stops(sighting, channels))
    return rows


async def changes(tx: Tx, rows: Rows) -> dict[str, Change]:
    """What rows add or correct, by the id of the sighting."""
    by_id = {contacts.id_of(each): each for each in rows.sightings}
    stored = await contacts.with_ids(tx, by_id)
    return {
        key: Change("contact", key, stored.get(key), each) for key, each in by_id.items() if stored.get(key) != each
    }


async def store(tx: Tx, rows: Rows, found: Mapping[str, Change]) -> list[Change]:
    """Store what rows add or correct, and their suppressions, and apply them. Returns everything that changed.

    Open tasks follow the people who are known by themselves, so that only what ended is listed.
    """
    await contacts.record(tx, {key: each.after for key, each in found.items()})
    extended = await suppressing.follow_people(tx, rows.sightings)
    stopped = [await suppressing.stop_by_file(tx, statement) for statement in rows.stops]
    await announce(tx, {(each.subject, each.role) for each in rows.sightings})
    work: list[Change] = []
    if rows.stops or extended:
        work = of_work(*await follow_between(tx, None))
    elif found:
        work = of_work(*await follow_between(tx, places_of(rows.sightings)))
    of_people = [Change("suppression", str(pair[1].suppression_id), *pair) for pair in stopped if pair]
    return [*found.values(), *of_people, *(each for each in work if not each.after.is_open)]


async def announce(tx: Tx, concerned: Collection[tuple[str, str]]) -> None:
    """Publish what is known now about these roles, by subject and role."""
    ids = {subject.removeprefix("facility:") for subject, _ in concerned if subject.startswith("facility:")}
    known = await contacts.load(tx, roles(), ids)
    tx.emit(*map(contact_changed, await contacts.update_states(tx, known, concerned)))


def row_changes(rows: Rows, found: Mapping[str, Change]) -> list[RowChange]:
    """What each row states that is new."""
    return [_row_change(line, found[key]) for line, key in rows.lines if key in found]


def _row_change(line: int, change: Change) -> RowChange:
    sighting: Sighting = change.after
    before = asdict(change.before) if change.before else {}
    key = f"{sighting.role} {sighting.name}, {sighting.chain or sighting.facility_id}"
    fields = {name: pair for name, pair in differences(before, asdict(sighting)).items() if any(pair)}
    return RowChange(line, key, change.before is None, fields)


def _given(row: ContactCells, of_file: Mapping[str, str | None]) -> dict[str, str | None]:
    cells = row.model_dump(exclude={"line", "do_not_contact", "do_not_call", "do_not_email"})
    return cells | {name: text for name, text in of_file.items() if text and not cells[name]}


def _stops_of_rejected(row: ContactCells, given: Mapping[str, str | None], latest: date) -> list[Statement]:
    """The suppression in a row counts even if the phone number, the e-mail address or the URL is invalid or missing."""
    kept = {**given, **dict.fromkeys(("direct_phone", "email", "source_url"))}
    with suppress(Reject):
        sighting = contact_of(kept | {"source": given["source"] or "unknown"}, account_key(), roles(), latest)
        return _stops(sighting, _channels(row))
    return []


def _channels(row: ContactCells) -> list[str]:
    return channels_in(row.do_not_contact, row.do_not_call, row.do_not_email)


def _stops(sighting: Sighting, channels: list[str]) -> list[Statement]:
    """The suppression of a person in a contact list; a placeholder cannot be suppressed."""
    if not channels or roles().placeholder(sighting.name):
        return []
    place = sighting.chain or sighting.facility_id
    return [
        Statement(
            scope="person",
            target=person_of(roles(), sighting.subject, sighting.name),
            label=person_in_role(sighting.name, sighting.role, place),
            marks=sighting_marks(roles(), sighting),
            channels=channels,
            reason="marked as not to be contacted",
            source=f"contact list: {sighting.source}",
            stated_by="import",
            stated_on=sighting.source_date,
        )
    ]
