"""Whom do people mean by a target, and by what may they be stopped?"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from engines.datasets.emails import address_of, domain_of
from services.sequencer.domain.contacts import Sighting, chain_key, people_for
from services.sequencer.domain.marks import chain_marks, person_marks, person_of, place_marks, task_marks
from services.sequencer.domain.reach import Contact
from services.sequencer.domain.suppression import CHANNELS, Scope, Statement
from services.sequencer.settings import roles, usual_person
from services.sequencer.store import accounts, contacts, suppressions
from shared.contracts.refusals import Refused
from shared.contracts.sequencer import Instruction, Target
from shared.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Resolved:
    """A person, facility, chain or domain: its key, what to call it, and its marks."""

    scope: Scope
    target: str
    label: str
    marks: list[str]


async def resolve(target: Target, tx: Tx) -> Resolved:
    """Raises `Refused` where that is nobody."""
    if target.facility:
        facility_id = target.facility
        label = await accounts.facility_label(tx, facility_id)
        return Resolved("facility", facility_id, label, place_marks(facility_id, None))
    if key := chain_key(target.chain):
        return Resolved("chain", key, f"chain {key}", chain_marks(key))
    if target.domain:
        return _domain(target.domain)
    if target.email:
        return await _address(target.email, tx)
    return await _person(target.facility_id or "", target.role or roles().first, target.name, tx)


async def statement_of(said: Instruction, actor: str, tx: Tx) -> Statement:
    """What a person said, of whom; raises `Refused` where that is nobody."""
    meant = await resolve(said, tx)
    return Statement(
        meant.scope, meant.target, meant.label, meant.marks, [*said.channels], said.reason, said.source, actor, tx.today
    )


async def all_marks(meant: Resolved | Statement, tx: Tx) -> list[str]:
    """By what they may be stopped: a person by facility, chain and domain, too; a facility in its people."""
    if meant.scope in ("chain", "domain"):
        return meant.marks
    if meant.scope == "facility":
        own = place_marks(meant.target, (await accounts.chains(tx, [meant.target])).get(meant.target))
        people = await contacts.sightings(tx, meant.target)
    else:
        # A number stops no task, and two people may share it: it does not say of the one what the other said.
        known = await suppressions.identified(tx, roles(), meant.marks)
        own = [mark for mark in known if not mark.startswith("phone:")]
        people = await suppressions.people_with(tx, roles(), own)
    return sorted({*own, *await _around(people, tx)})


async def doubt(said: Statement, tx: Tx) -> str | None:
    """What may be a slip: a name that nothing has yet. It counts all the same, for when something does."""
    if said.scope == "facility" and not await accounts.show(tx, said.target):
        return f"No facility {said.target} is known yet; it will not be contacted once it is."
    if said.scope != "chain":
        return None
    known = await accounts.all_chains(tx)
    if said.target in known:
        return None
    near = get_close_matches(said.target, known, 3)
    meant = f" There is {', '.join(near)}; if one of these was meant, stop it, and allow the other." if near else ""
    return f"No facility of a chain {said.target} is known.{meant}"


def _domain(text: str) -> Resolved:
    domain = domain_of(text)
    if domain is None:
        raise Refused(f"{text!r} is no domain; write it like example.com.")
    return Resolved("domain", domain, f"everybody at {domain}", [f"domain:{domain}"])


async def _address(text: str, tx: Tx) -> Resolved:
    address = address_of(text)
    if address is None:
        raise Refused(f"{text!r} is no e-mail address; write it like ada@example.com.")
    marks = await suppressions.identified(tx, roles(), [f"address:{address}"])
    names = await contacts.names_of(tx, address)
    return Resolved("person", address, f"{usual_person(names[0])} ({address})" if names else address, marks)


async def _person(facility_id: str, role: str, name: str | None, tx: Tx) -> Resolved:
    if role not in roles().names:
        names = ", ".join(roles().names)
        raise Refused(f"Nobody is ever a {role!r}; roles are {names}.", fields={"role": f"is none of {names}"})
    if name and roles().nobody(name):
        raise Refused(f"{name!r} is no person's name.", fields={"name": "names nobody"})
    chain = (await accounts.chains(tx, [facility_id])).get(facility_id)
    known = people_for(roles(), await contacts.load(tx, roles(), [facility_id], [chain]), facility_id, chain)
    found = Contact(role, name) if name else known.get(role)
    if found is None:
        raise Refused(
            f"Nobody is known as {roles().label(role)} of {facility_id}."
            f" For everybody there, stop the facility: --facility {facility_id}.",
            code=404,
        )
    subject = f"chain:{chain_key(chain)}" if roles().is_of_chain(role) else f"facility:{facility_id}"
    return Resolved(
        "person",
        person_of(roles(), subject, found.name),
        f"{usual_person(found.name)} ({roles().label(role)}, {facility_id})",
        person_marks(roles(), subject, found.name, found.email),
    )


async def _around(people: list[Sighting], tx: Tx) -> set[str]:
    """The marks of tasks for these people."""
    chains = await accounts.chains(tx, [each.facility_id for each in people if each.facility_id])
    return {
        mark
        for each in people
        for place in [each.facility_id or ""]
        for channel in CHANNELS
        for mark in task_marks(roles(), place, each.chain or chains.get(place), each.contact, channel)
    } - {"facility:"}
