"""Who was ever named in which role, and what was said about it to others?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from services.sequencer.domain.contacts import Holding, Sighting, chain_key, holdings, name_key
from services.sequencer.domain.identity import contact_id
from shared.storage.database import Tx, rows

Held = dict[tuple[str, str], Holding]


@dataclass(frozen=True, slots=True)
class State:
    """What others were told about a role of a facility."""

    facility_id: str
    role: str
    version: int
    changed_on: date | None
    has_direct_phone: bool
    has_email: bool


async def record(tx: Tx, sightings: Iterable[Sighting]) -> int:
    """Add what is new; returns how many sightings were new or corrected."""
    by_id = {_id_of(sighting): sighting for sighting in sightings}
    return await tx.run(
        "INSERT INTO contacts SELECT * FROM json_populate_recordset(NULL::contacts, %(rows)s::json)"
        " ON CONFLICT (contact_id) DO UPDATE SET name = excluded.name, direct_phone = excluded.direct_phone,"
        " email = excluded.email WHERE (contacts.name, contacts.direct_phone, contacts.email)"
        " IS DISTINCT FROM (excluded.name, excluded.direct_phone, excluded.email)",
        rows=rows(asdict(sighting) | {"contact_id": key} for key, sighting in by_id.items()),
    )


def _id_of(sighting: Sighting) -> str:
    who, day = name_key(sighting.name), sighting.source_date.isoformat()
    return str(contact_id(sighting.subject, sighting.role, who, sighting.source, day))


async def named(tx: Tx, address: str) -> list[str]:
    """The names that go with an address, the latest first."""
    found = await tx.dicts("SELECT name FROM contacts WHERE email = %(email)s ORDER BY source_date DESC", email=address)
    return [row["name"] for row in found]


async def sightings(tx: Tx, facility_id: str) -> list[Sighting]:
    """Whoever was ever named at a facility."""
    return await tx.all(
        Sighting,
        "SELECT role, name, source, source_date, facility_id, chain, direct_phone, email FROM contacts WHERE"
        " facility_id = %(facility_id)s",
        facility_id=facility_id,
    )


async def held(tx: Tx, facility_ids: Iterable[str], chains: Iterable[str | None] = ()) -> Held:
    """Who holds which role at these facilities and chains."""
    found = await tx.all(
        Sighting,
        "SELECT role, name, source, source_date, facility_id, chain, direct_phone, email FROM contacts"
        " WHERE facility_id = ANY(%(facility_ids)s) OR chain = ANY(%(chains)s)",
        facility_ids=sorted(set(facility_ids)),
        chains=sorted({key for chain in chains if (key := chain_key(chain))}),
    )
    return holdings(found)


async def restate(tx: Tx, held: Held) -> list[State]:
    """Bring what was said about roles of facilities up to date; returns what changed, with its next version."""
    told = {(state.facility_id, state.role): state for state in await _told(tx, held)}
    changed = [
        new
        for new in _states(held)
        if (new.facility_id, new.role) not in told or _news(told[new.facility_id, new.role], new)
    ]
    found = await tx.all(
        State,
        "INSERT INTO contact_states SELECT * FROM json_populate_recordset(NULL::contact_states, %(rows)s::json)"
        " ON CONFLICT (facility_id, role) DO UPDATE SET version = contact_states.version + 1,"
        " changed_on = excluded.changed_on, has_direct_phone = excluded.has_direct_phone,"
        " has_email = excluded.has_email RETURNING *",
        rows=rows(changed),
    )
    return sorted(found, key=lambda state: (state.facility_id, state.role))


async def _told(tx: Tx, held: Mapping[tuple[str, str], Holding]) -> list[State]:
    return await tx.all(
        State,
        "SELECT * FROM contact_states WHERE facility_id = ANY(%(facility_ids)s)",
        facility_ids=[subject.removeprefix("facility:") for subject, _ in held],
    )


def _states(held: Held) -> list[State]:
    return [
        State(
            subject.removeprefix("facility:"),
            role,
            1,
            holding.changed_on,
            bool(holding.contact.direct_phone),
            bool(holding.contact.email),
        )
        for (subject, role), holding in held.items()
        if subject.startswith("facility:")
    ]


def _news(old: State, new: State) -> bool:
    return (old.changed_on, old.has_direct_phone, old.has_email) != (
        new.changed_on,
        new.has_direct_phone,
        new.has_email,
    )


async def show(tx: Tx, facility_id: str) -> list[dict[str, Any]]:
    """Everybody named for a facility or its chain, newest first."""
    return await tx.dicts(
        "SELECT contacts.facility_id, contacts.chain, role, contacts.name, direct_phone, email, source, source_date"
        " FROM contacts LEFT JOIN accounts ON accounts.facility_id = %(facility_id)s"
        " WHERE contacts.facility_id = %(facility_id)s"
        r" OR contacts.chain = upper(regexp_replace(trim(accounts.chain), '\s+', ' ', 'g'))"
        " ORDER BY role, source_date DESC, contacts.name",
        facility_id=facility_id,
    )
