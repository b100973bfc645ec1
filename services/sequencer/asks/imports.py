"""What do people tell us about contacts and clients, and what of it can be used?"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from engines.datasets.values import text_of
from engines.naming.nobody import nobody
from services.sequencer import store
from services.sequencer.asks.requests import Strict
from services.sequencer.domain.contacts import Sighting, chain_key
from services.sequencer.domain.lists import Reject, channels_of, client_of, contact_of
from services.sequencer.domain.marks import person_of, sighting_marks
from services.sequencer.domain.suppression import Statement
from services.sequencer.settings import roles, usual_person
from services.sequencer.store import accounts, contacts
from services.sequencer.usecases import suppressing
from services.sequencer.usecases.announcing import contact_changed
from services.sequencer.usecases.deciding import follow
from shared.clock import latest_day
from shared.contracts.limits import Count
from shared.packs import account_key
from shared.service import Router
from shared.storage.database import Tx

router = Router()


class Rejected(BaseModel):
    """A row that was left out, and why."""

    line: int
    reason: str


class Imported(BaseModel):
    """What became of the rows."""

    imported: int
    unchanged: int
    rejects: list[Rejected]


class Row(BaseModel):
    """A row as it stands in a file; it is checked by itself, so that a bad one holds up no other.

    Columns that we do not ask for are neither a mistake nor kept.
    """

    model_config = ConfigDict(extra="ignore")

    line: Count


def _text(value: object) -> object:
    try:
        return value if value is None else text_of(value)
    except ValueError:
        return str(value)


Cell = Annotated[str | None, BeforeValidator(_text)]
"""Whatever it is, it is the row's: a number must not hold up the rows around it."""


class ContactRow(Row):
    facility_id: Cell = None
    chain: Cell = None
    role: Cell = None
    name: Cell = None
    direct_phone: Cell = None
    email: Cell = None
    source: Cell = None
    source_date: Cell = None
    do_not_contact: Cell = None


class ImportContacts(Strict):
    rows: list[ContactRow] = Field(max_length=10_000)


@router.ask("import_contacts")
async def import_contacts(request: ImportContacts, tx: Tx) -> Imported:
    """Add contacts to the set that is known; a facility need not be on the registry yet."""
    await store.lock(tx)
    read_rows, stops, rejects = _read(request.rows, latest_day(tx.today))
    imported = await contacts.record(tx, read_rows)
    learned = await suppressing.follow_people(tx, read_rows)
    for said in stops:
        await suppressing.stop_by_file(tx, said)
    known = await contacts.load(tx, [sighting.facility_id for sighting in read_rows if sighting.facility_id])
    tx.emit(*map(contact_changed, await contacts.update_states(tx, known)))
    if stops or learned:
        await follow(tx)
    elif imported:
        facility_ids, chains = {each.facility_id for each in read_rows}, {each.chain for each in read_rows} - {None}
        await follow(tx, lambda each: each.facility_id in facility_ids or chain_key(each.chain) in chains)
    return Imported(imported=imported, unchanged=len(read_rows) - imported, rejects=rejects)


def _read(rows: Iterable[ContactRow], latest: date) -> tuple[list[Sighting], list[Statement], list[Rejected]]:
    sightings: list[Sighting] = []
    stops: list[Statement] = []
    rejects: list[Rejected] = []
    for row in rows:
        try:
            sighting = contact_of(row.model_dump(exclude={"line"}), account_key(), roles(), latest)
            channels = channels_of(row.do_not_contact)
        except Reject as reject:
            rejects.append(Rejected(line=row.line, reason=str(reject)))
            stops += _no_all_the_same(row, latest)
            continue
        sightings.append(sighting)
        stops += [_no(sighting, channels)] if channels and not nobody(sighting.name) else []
    return sightings, stops, rejects


def _no_all_the_same(row: ContactRow, latest: date) -> list[Statement]:
    """A no is heard even where the number or the address beside it cannot be read."""
    with suppress(Reject):
        channels = channels_of(row.do_not_contact)
        sighting = contact_of(row.model_dump(exclude={"line", "direct_phone", "email"}), account_key(), roles(), latest)
        return [_no(sighting, channels)] if channels and not nobody(sighting.name) else []
    return []


def _no(sighting: Sighting, channels: list[str]) -> Statement:
    """A contact list says of a person that they are not to be contacted."""
    role, place = roles().label(sighting.role), sighting.chain or sighting.facility_id
    return Statement(
        scope="person",
        target=person_of(sighting.subject, sighting.name),
        label=f"{usual_person(sighting.name)} ({role}, {place})",
        marks=sighting_marks(sighting),
        channels=channels,
        reason="marked as not to be contacted",
        source=f"contact list: {sighting.source}",
        said_by="import",
        said_on=sighting.source_date,
    )


class ClientRow(Row):
    facility_id: Cell = None
    owner: Cell = None


class ImportClients(Strict):
    rows: list[ClientRow] = Field(max_length=10_000)


@router.ask("import_clients")
async def import_clients(request: ImportClients, tx: Tx) -> Imported:
    """Make facilities active clients, each with the person who looks after it (R45)."""
    await store.lock(tx)
    owners: dict[str, str] = {}
    rejects: list[Rejected] = []
    for row in request.rows:
        try:
            facility_id, owner = client_of(row.facility_id, row.owner, account_key())
            owners[facility_id] = owner
        except Reject as reject:
            rejects.append(Rejected(line=row.line, reason=str(reject)))
    changed = await accounts.make_clients(tx, owners)
    unchanged = len(request.rows) - len(rejects) - changed
    return Imported(imported=changed, unchanged=unchanged, rejects=rejects)
