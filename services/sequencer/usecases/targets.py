"""Which person, facility or chain is a target, and what are its marks?"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from uuid import UUID

from engines.datasets import emails
from engines.suppression.marks import address_marks
from engines.suppression.statements import CHANNELS, Scope, Statement
from services.sequencer.domain.contacts import Sighting, chain_key, people_for
from services.sequencer.domain.marks import chain_marks, person_marks, person_of, place_marks, task_marks, with_aliases
from services.sequencer.domain.reach import Contact
from services.sequencer.settings import person_in_role, roles, usual_person
from services.sequencer.store import accounts, contacts, suppressions
from shared.contracts.refusals import Refused
from shared.contracts.sequencer import Instruction, Target
from shared.storage.database import Tx

OWN_SCOPES = ("person", "facility", "chain")
"""Whose suppressions this service owns."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A person, facility or chain: its key, its label and its marks."""

    scope: Scope
    target: str
    label: str
    marks: list[str]


async def resolve(target: Target, tx: Tx) -> Resolved:
    """Raises `Refused` for an unknown person or suppression, and an invalid target."""
    if target.suppression_id:
        return await _recorded(target.suppression_id, tx)
    if target.facility:
        facility_id = target.facility
        label = await accounts.facility_label(tx, facility_id)
        return Resolved("facility", facility_id, label, place_marks(facility_id, None))
    if key := chain_key(target.chain):
        return Resolved("chain", key, f"chain {key}", chain_marks(key))
    if target.email:
        return await address_of(target.email, tx)
    return await _person(target.facility_id or "", target.role or roles().first, target.name, tx)


async def statement_of(instruction: Instruction, actor: str, tx: Tx) -> Statement:
    """The statement of an instruction. Raises `Refused` for an unknown target."""
    target = await resolve(instruction, tx)
    return Statement(
        target.scope,
        target.target,
        target.label,
        target.marks,
        [*instruction.channels],
        instruction.reason,
        instruction.source,
        actor,
        tx.today,
    )


async def all_marks(target: Resolved | Statement, tx: Tx) -> list[str]:
    """All marks that may suppress a target, with those of a person's places or of a facility's people."""
    if target.scope == "chain":
        return target.marks
    if target.scope == "facility":
        own = place_marks(target.target, (await accounts.chains(tx, [target.target])).get(target.target))
        people = await contacts.sightings(tx, target.target)
    else:
        # Phone numbers are left out, because they stop no task and two people may share one.
        marks = await suppressions.identified(tx, roles(), target.marks)
        marks = with_aliases(roles(), marks, await contacts.corrections(tx))
        own = [mark for mark in marks if not mark.startswith("phone:")]
        people = await suppressions.people_with(tx, roles(), own)
    return sorted({*own, *await _around(people, tx)})


async def note_on(statement: Statement, tx: Tx) -> str | None:
    """A note about a facility or chain that does not exist yet, which may be a mistake; the statement counts anyway."""
    if statement.scope == "facility" and not await accounts.show(tx, statement.target):
        return f"There is no facility {statement.target} yet; it will not be contacted if it is listed."
    if statement.scope != "chain":
        return None
    chains = await accounts.all_chains(tx)
    if statement.target in chains:
        return None
    similar = get_close_matches(statement.target, chains, 3)
    advice = (
        f" Similar chains: {', '.join(similar)}. If you meant one of them, suppress it and allow this one again."
        if similar
        else ""
    )
    return f"No facility of a chain {statement.target} is listed.{advice}"


async def address_of(text: str, tx: Tx) -> Resolved:
    """The person with an address; raises `Refused` for a text that is none."""
    address = emails.address_of(text)
    if address is None:
        raise Refused(f"{text!r} is not an e-mail address; write it like ada@example.com.")
    marks = await suppressions.identified(tx, roles(), address_marks(address))
    names = await contacts.names_of(tx, address)
    return Resolved("person", address, f"{usual_person(names[0])} ({address})" if names else address, marks)


async def _person(facility_id: str, role: str, name: str | None, tx: Tx) -> Resolved:
    if role not in roles().names:
        names = ", ".join(roles().names)
        raise Refused(f"{role!r} is not a role; roles are {names}.", fields={"role": f"is not one of {names}"})
    if name and roles().placeholder(name):
        raise Refused(f"{name!r} is not a person's name.", fields={"name": "is a placeholder"})
    chain = (await accounts.chains(tx, [facility_id])).get(facility_id)
    people = people_for(roles(), await contacts.load(tx, roles(), [facility_id], [chain]), facility_id, chain)
    found = Contact(role, name) if name else people.get(role)
    if found is None:
        raise Refused(
            f"There is no {roles().label(role)} of {facility_id}."
            f" To stop contacting everyone there, use --facility {facility_id}.",
            code=404,
        )
    subject = f"chain:{chain_key(chain)}" if roles().is_of_chain(role) else f"facility:{facility_id}"
    return Resolved(
        "person",
        person_of(roles(), subject, found.name),
        person_in_role(found.name, role, facility_id),
        person_marks(roles(), subject, found.name, found.email),
    )


async def _recorded(suppression_id: UUID, tx: Tx) -> Resolved:
    """The target of a suppression of this service; it may be lifted."""
    found = (await suppressions.with_ids(tx, [suppression_id])).get(suppression_id)
    if found is None or found.scope not in OWN_SCOPES:
        raise Refused("There is no such suppression of a person, a facility or a chain.", 404)
    return Resolved(found.scope, found.target, found.label, found.marks)


async def _around(people: list[Sighting], tx: Tx) -> set[str]:
    """The marks of the tasks of these people."""
    chains = await accounts.chains(tx, [each.facility_id for each in people if each.facility_id])
    return {
        mark
        for each in people
        for place in [each.facility_id or ""]
        for channel in CHANNELS
        for mark in task_marks(roles(), place, each.chain or chains.get(place), each.contact, channel)
    } - {"facility:"}
