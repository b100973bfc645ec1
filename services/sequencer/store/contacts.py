"""Which people were named in which roles, and what was published about them?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from services.sequencer.domain.contacts import Incumbent, Incumbents, Sighting, chain_key, incumbents, name_key
from services.sequencer.domain.corrections import Corrections, Departure, Merge, WrongDetail
from services.sequencer.domain.identity import contact_id
from services.sequencer.domain.reach import Contact
from services.sequencer.domain.roles import ContactRoles
from shared.contracts.sequencer_replies import ContactRow
from shared.storage import arrays
from shared.storage.database import Tx
from shared.storage.paging import ids_beginning
from shared.storage.writing import upsert

COLUMNS = "role, name, source, source_date, facility_id, chain, direct_phone, email, source_url, stated_by"
"""The columns of a sighting."""


@dataclass(frozen=True, slots=True)
class State:
    """The published state of a role of a facility."""

    facility_id: str
    role: str
    version: int
    changed_on: date | None
    has_direct_phone: bool
    has_email: bool


async def record(tx: Tx, by_id: Mapping[str, Sighting]) -> None:
    """Store sightings by their ids."""
    given = [asdict(sighting) | {"contact_id": key} for key, sighting in by_id.items()]
    await upsert(tx, "contacts", given, key=("contact_id",))


async def with_ids(tx: Tx, contact_ids: Iterable[str]) -> dict[str, Sighting]:
    found = await tx.dicts(
        f"SELECT contact_id::text, {COLUMNS} FROM contacts WHERE contact_id = ANY(%(ids)s::uuid[])",
        ids=list(contact_ids),
    )
    return {row.pop("contact_id"): Sighting(**row) for row in found}


async def beside(tx: Tx, sightings: Iterable[Sighting]) -> dict[str, Sighting]:
    """All sightings at the places of these ones, by id."""
    places = list(sightings)
    found = await tx.dicts(
        f"""
        SELECT contact_id::text, {COLUMNS} FROM contacts
        WHERE facility_id = ANY(%(ids)s) OR chain = ANY(%(chains)s)
        """,
        ids=sorted({each.facility_id for each in places if each.facility_id}),
        chains=sorted({each.chain for each in places if each.chain}),
    )
    return {row.pop("contact_id"): Sighting(**row) for row in found}


async def delete(tx: Tx, contact_ids: Iterable[str]) -> None:
    await tx.run("DELETE FROM contacts WHERE contact_id = ANY(%(ids)s::uuid[])", ids=list(contact_ids))


def id_of(sighting: Sighting) -> str:
    name, day = name_key(sighting.name), sighting.source_date.isoformat()
    return str(contact_id(sighting.subject, sighting.role, name, sighting.source, day))


async def load(
    tx: Tx, roles: ContactRoles, facility_ids: Iterable[str], chains: Iterable[str | None] = ()
) -> Incumbents:
    """The incumbents of the roles of these facilities and chains."""
    found = await tx.all(
        Sighting,
        f"SELECT {COLUMNS} FROM contacts WHERE facility_id = ANY(%(ids)s) OR chain = ANY(%(chains)s)",
        ids=arrays.texts(sorted(set(facility_ids))),
        chains=arrays.texts(sorted({key for chain in chains if (key := chain_key(chain))})),
    )
    return incumbents(roles, found, await corrections(tx))


async def corrections(tx: Tx) -> Corrections:
    """All corrections; there are few, because a person states each."""
    return Corrections(
        await tx.all(WrongDetail, "SELECT * FROM wrong_details"),
        await tx.all(Departure, "SELECT * FROM departures"),
        await tx.all(Merge, "SELECT * FROM contact_merges ORDER BY subject, person"),
    )


async def with_several_addresses(tx: Tx, known: Corrections) -> list[Sighting]:
    """The sightings with an address of people who were merged, and of names that have several addresses at a place."""
    merged = {person for group in known.names.values() for person in group}
    return await tx.all(
        Sighting,
        f"""
        SELECT {COLUMNS} FROM contacts WHERE email IS NOT NULL AND (
            COALESCE('chain:' || chain, 'facility:' || facility_id) = ANY(%(places)s)
            OR (COALESCE(chain, facility_id), lower(name)) IN (
                SELECT COALESCE(chain, facility_id), lower(name) FROM contacts WHERE email IS NOT NULL
                GROUP BY 1, 2 HAVING count(DISTINCT lower(email)) > 1
            )
        )
        """,
        places=sorted({place for place, _ in merged}),
    )


async def record_merge(tx: Tx, merge: Merge) -> None:
    await upsert(tx, "contact_merges", [merge], key=("subject", "person"))


async def take_back_merge(tx: Tx, merge: Merge) -> None:
    await tx.run(
        "DELETE FROM contact_merges WHERE subject = %(subject)s AND person = %(person)s",
        subject=merge.subject,
        person=merge.person,
    )


async def starting_with(tx: Tx, prefix: str) -> list[Sighting]:
    """The sightings whose id begins with a prefix, at most two."""
    if (span := ids_beginning(prefix)) is None:
        return []
    return await tx.all(
        Sighting,
        f"SELECT {COLUMNS} FROM contacts WHERE contact_id BETWEEN %(first)s AND %(last)s ORDER BY contact_id LIMIT 2",
        first=span[0],
        last=span[1],
    )


async def comparable(tx: Tx, facility_id: str | None) -> list[Sighting]:
    """All sightings, or those at a facility and those elsewhere with one of its addresses or numbers."""
    return await tx.all(
        Sighting,
        f"""
        WITH own AS (SELECT email, direct_phone FROM contacts WHERE facility_id = %(id)s)
        SELECT {COLUMNS} FROM contacts
        WHERE %(id)s::text IS NULL OR facility_id = %(id)s
            OR email IN (SELECT email FROM own) OR direct_phone IN (SELECT direct_phone FROM own)
        ORDER BY source_date DESC, contact_id
        """,
        id=facility_id,
    )


async def record_departure(tx: Tx, departure: Departure) -> None:
    await upsert(tx, "departures", [departure], key=("subject", "person"))


async def take_back_departure(tx: Tx, departure: Departure) -> None:
    await tx.run(
        "DELETE FROM departures WHERE subject = %(subject)s AND person = %(person)s",
        subject=departure.subject,
        person=departure.person,
    )


async def flag(tx: Tx, wrong: WrongDetail) -> None:
    await upsert(tx, "wrong_details", [wrong], key=("task_id",))


async def take_back_flag(tx: Tx, task_id: UUID) -> bool:
    """Forget what a touch flagged. Returns whether there was anything."""
    return bool(await tx.run("DELETE FROM wrong_details WHERE task_id = %(id)s", id=task_id))


async def sightings_at(tx: Tx, facility_id: str, chain: str | None) -> list[Sighting]:
    """All sightings at a facility and its chain, newest first."""
    return await tx.all(
        Sighting,
        f"SELECT {COLUMNS} FROM contacts WHERE facility_id = %(id)s OR chain = %(chain)s"
        " ORDER BY source_date DESC, contact_id",
        id=facility_id,
        chain=chain_key(chain),
    )


async def sightings(tx: Tx, facility_id: str) -> list[Sighting]:
    """All sightings at a facility."""
    return await tx.all(Sighting, f"SELECT {COLUMNS} FROM contacts WHERE facility_id = %(id)s", id=facility_id)


async def names_of(tx: Tx, address: str) -> list[str]:
    """The names with an address, latest first."""
    found = await tx.dicts("SELECT name FROM contacts WHERE email = %(email)s ORDER BY source_date DESC", email=address)
    return [row["name"] for row in found]


async def update_states(tx: Tx, incumbents: Incumbents, emptied: Iterable[tuple[str, str]] = ()) -> list[State]:
    """Update the published states of facilities' roles. Returns the changed ones, with their next versions.

    Of the roles in `emptied`, by subject and role, nothing may be known any more.
    """
    vacant = Incumbent(Contact("", ""), None, vacant=True)
    states = _states(dict.fromkeys(emptied, vacant) | dict(incumbents))
    published = {(state.facility_id, state.role): state for state in await _published(tx, states)}
    changed = [state for new in states if (state := _next(published.get((new.facility_id, new.role)), new))]
    await upsert(tx, "contact_states", changed, key=("facility_id", "role"))
    return changed


async def _published(tx: Tx, states: Iterable[State]) -> list[State]:
    return await tx.all(
        State,
        "SELECT * FROM contact_states WHERE facility_id = ANY(%(ids)s)",
        ids=sorted({state.facility_id for state in states}),
    )


def _states(incumbents: Incumbents) -> list[State]:
    """The states with version 1, by facility and role."""
    of_facilities = ((key, each) for key, each in sorted(incumbents.items()) if key[0].startswith("facility:"))
    return [
        State(
            subject.removeprefix("facility:"),
            role,
            1,
            each.changed_on,
            bool(each.contact.direct_phone),
            bool(each.contact.email),
        )
        for (subject, role), each in of_facilities
    ]


def _next(before: State | None, new: State) -> State | None:
    """The state to publish; None if it is unchanged."""
    if before is None:
        return new
    following = replace(new, version=before.version)
    return replace(following, version=before.version + 1) if following != before else None


async def show(tx: Tx, facility_id: str) -> list[ContactRow]:
    """All people named for a facility or its chain, newest first."""
    return await tx.all(
        ContactRow,
        r"""
        SELECT contact_id, contacts.facility_id, contacts.chain, role, contacts.name, direct_phone, email, source,
            source_date, source_url, stated_by
        FROM contacts LEFT JOIN accounts ON accounts.facility_id = %(id)s
        WHERE contacts.facility_id = %(id)s
            OR contacts.chain = upper(regexp_replace(trim(accounts.chain), '\s+', ' ', 'g'))
        ORDER BY role, source_date DESC, contacts.name
        """,
        id=facility_id,
    )


class Listed(NamedTuple):
    """A sighting with its id, and the chain that the account has now."""

    contact_id: UUID
    account_chain: str | None
    sighting: dict[str, Any]


async def page(tx: Tx, after: UUID | None, limit: int) -> list[Listed]:
    """A page of sightings, by id."""
    found = await tx.dicts(
        f"""
        SELECT contact_id, {COLUMNS},
            (SELECT chain FROM accounts WHERE accounts.facility_id = contacts.facility_id) AS account_chain
        FROM contacts WHERE %(after)s::uuid IS NULL OR contact_id > %(after)s::uuid
        ORDER BY contact_id LIMIT %(limit)s
        """,
        after=after,
        limit=limit,
    )
    return [Listed(row.pop("contact_id"), row.pop("account_chain"), row) for row in found]


async def facilities_of(tx: Tx, emails: Collection[str]) -> dict[str, set[str]]:
    """The facilities at which people have these addresses, by address."""
    found = await tx.dicts(
        "SELECT DISTINCT email, facility_id FROM contacts WHERE email = ANY(%(emails)s) AND facility_id IS NOT NULL",
        emails=sorted(set(emails)),
    )
    places: dict[str, set[str]] = {}
    for row in found:
        places.setdefault(row["email"], set()).add(row["facility_id"])
    return places
