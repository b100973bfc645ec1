"""How does a person say that somebody is not to be contacted, or may be again, and why is that so?"""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from engines.datasets.emails import address_of, domain_of
from engines.naming.nobody import nobody
from services.sequencer import store
from services.sequencer.asks.requests import Strict
from services.sequencer.domain.contacts import chain_key, people_for
from services.sequencer.domain.marks import chain_marks, person_marks, person_of, place_marks, task_marks
from services.sequencer.domain.reach import Contact
from services.sequencer.domain.suppression import CHANNELS, Statement, Suppression
from services.sequencer.settings import roles, usual_person
from services.sequencer.store import accounts, contacts, suppressions
from services.sequencer.usecases import suppressing
from services.sequencer.usecases.deciding import follow
from shared.contracts.limits import FacilityId, LongText, Name, ShortText
from shared.contracts.refusals import Refused
from shared.contracts.requests import Nothing
from shared.service import Router
from shared.storage.database import Tx

router = Router()


class Target(Strict):
    """Who is meant: who holds a role of a facility, whoever has an address, a facility, a chain or a domain.

    With a `name` it is whoever bears it there, in the role or no longer.
    """

    facility_id: FacilityId | None = None
    role: ShortText | None = None
    name: ShortText | None = None
    email: ShortText | None = None
    facility: FacilityId | None = None
    chain: ShortText | None = None
    domain: ShortText | None = None

    @model_validator(mode="after")
    def _one(self) -> Target:
        if [self.facility_id, self.email, self.facility, self.chain, self.domain].count(None) != 4:
            raise ValueError("say whom: a facility id with a role, an e-mail address, a facility, a chain, or a domain")
        if bool(self.facility_id) != bool(self.role):
            raise ValueError("a person is a facility id with a role; for everybody there, give the facility")
        if self.name and (not self.role or nobody(self.name)):
            raise ValueError("a name is that of a person, and goes with a facility id and a role")
        return self


class Said(Target):
    """Who says it, why, and for which channels; without any, for all."""

    channels: list[Literal["all", "call", "email", "linkedin"]] = Field(default=["all"], min_length=1, max_length=4)
    reason: Annotated[LongText, Field(min_length=1)]
    source: ShortText = "told to a representative"
    by: Name


class InForce(BaseModel):
    """A suppression as it stands."""

    model_config = ConfigDict(from_attributes=True)

    scope: str
    target: str
    label: str
    channels: list[str]
    reason: str
    source: str
    said_by: str
    said_on: date
    version: int


class OpenTouch(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    task_id: UUID
    facility_id: str
    step_no: int
    channel: str
    due_on: date
    outcome: str | None


class OpenRun(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    enrollment_id: UUID
    facility_id: str
    sequence: str
    reason: str | None


class Stopped(BaseModel):
    """What holds now, whether that was news, and what ended because of it."""

    suppression: InForce
    news: bool
    touches: list[OpenTouch]
    runs: list[OpenRun]
    note: str | None = None


@router.ask("stop_contact")
async def stop_contact(request: Said, tx: Tx) -> Stopped:
    """Do not contact them: from this transaction on nobody is asked to, and what was open ends."""
    await store.lock(tx)
    said = await _statement(request, tx)
    suppression, news = await suppressing.stop(tx, said)
    effects = await follow(tx)
    return Stopped(
        suppression=InForce.model_validate(suppression),
        news=news,
        touches=[OpenTouch.model_validate(touch) for touch in effects.tasks],
        runs=[OpenRun.model_validate(run) for run in effects.enrollments],
        note=await _doubt(said, tx),
    )


class Allowed(BaseModel):
    """What was lifted or narrowed, and what still stops them."""

    changed: list[InForce]
    still: list[InForce]


@router.ask("allow_contact")
async def allow_contact(request: Said, tx: Tx) -> Allowed:
    """Take back what was said of this very person, facility, chain or domain; runs begin again at the next plan."""
    await store.lock(tx)
    said = await _statement(request, tx)
    changed = await suppressing.allow(tx, said)
    still = await suppressions.with_marks(tx, await _all_marks(said, tx))
    return Allowed(changed=_shown(changed), still=_shown(still))


class Why(BaseModel):
    """What is in force for somebody, and everything that was ever said about it."""

    in_force: list[InForce]
    statements: list[dict[str, Any]]


@router.ask("why_contact")
async def why_contact(request: Target, tx: Tx) -> Why:
    said = await _statement(Said(**request.model_dump(), reason="?", by="?"), tx)
    marks = await _all_marks(said, tx)
    ever = await suppressions.with_marks(tx, marks, lifted=True)
    return Why(
        in_force=_shown([each for each in ever if not each.lifted]),
        statements=await suppressions.statements(tx, [each.suppression_id for each in ever]),
    )


@router.ask("suppressions")
async def list_suppressions(request: Nothing, tx: Tx) -> list[InForce]:
    """Everybody who is not to be contacted."""
    return _shown(await suppressions.in_force(tx))


def _shown(found: list[Suppression]) -> list[InForce]:
    return [InForce.model_validate(each) for each in found]


async def _statement(request: Said, tx: Tx) -> Statement:
    scope, target, label, marks = await _meant(request, tx)
    return Statement(
        scope, target, label, marks, [*request.channels], request.reason, request.source, request.by, tx.today
    )


Meant = tuple[Literal["person", "facility", "chain", "domain"], str, str, list[str]]


async def _meant(request: Target, tx: Tx) -> Meant:
    """Scope, key, name and marks; raises `Refused` where that is nobody."""
    if request.facility:
        facility_id = request.facility
        return "facility", facility_id, await accounts.facility_label(tx, facility_id), place_marks(facility_id, None)
    if key := chain_key(request.chain):
        return "chain", key, f"chain {key}", chain_marks(key)
    if request.domain:
        return await _domain(request.domain)
    if request.email:
        return await _address(request.email, tx)
    return await _person(request.facility_id or "", request.role or roles().first, request.name, tx)


async def _domain(text: str) -> Meant:
    domain = domain_of(text)
    if domain is None:
        raise Refused(f"{text!r} is no domain; write it like example.com.")
    return "domain", domain, f"everybody at {domain}", [f"domain:{domain}"]


async def _address(text: str, tx: Tx) -> Meant:
    address = address_of(text)
    if address is None:
        raise Refused(f"{text!r} is no e-mail address; write it like ada@example.com.")
    marks = await suppressions.identified(tx, [f"address:{address}"])
    names = await contacts.names_of(tx, address)
    return "person", address, f"{usual_person(names[0])} ({address})" if names else address, marks


async def _person(facility_id: str, role: str, name: str | None, tx: Tx) -> Meant:
    if role not in roles().names:
        known = ", ".join(roles().names)
        raise Refused(f"Nobody is ever a {role!r}; roles are {known}.", fields={"role": f"is none of {known}"})
    chain = (await accounts.chains(tx, [facility_id])).get(facility_id)
    holder = people_for(roles(), await contacts.load(tx, [facility_id], [chain]), facility_id, chain).get(role)
    found = Contact(role, name) if name else holder
    if found is None:
        raise Refused(
            f"Nobody is known as {roles().label(role)} of {facility_id}. For everybody there, stop the facility:"
            f" --facility {facility_id}.",
            code=404,
        )
    subject = f"chain:{chain_key(chain)}" if roles().is_of_chain(role) else f"facility:{facility_id}"
    return (
        "person",
        person_of(subject, found.name),
        f"{usual_person(found.name)} ({roles().label(role)}, {facility_id})",
        person_marks(subject, found.name, found.email),
    )


async def _all_marks(said: Statement, tx: Tx) -> list[str]:
    """By what they may be stopped: a person by facility, chain and domain, too; a facility in its people."""
    if said.scope in ("chain", "domain"):
        return said.marks
    if said.scope == "facility":
        own = place_marks(said.target, (await accounts.chains(tx, [said.target])).get(said.target))
        people = await contacts.sightings(tx, said.target)
    else:
        # A number stops no touch, and two people may share it: it does not say of the one what the other said.
        own = [mark for mark in await suppressions.identified(tx, said.marks) if not mark.startswith("phone:")]
        people = await suppressions.people_with(tx, own)
    chains = await accounts.chains(tx, [each.facility_id for each in people if each.facility_id])
    around = [
        mark
        for each in people
        for channel in CHANNELS
        for mark in task_marks(
            roles(), each.facility_id or "", each.chain or chains.get(each.facility_id or ""), each.contact, channel
        )
    ]
    return sorted({*own, *around} - {"facility:"})


async def _doubt(said: Statement, tx: Tx) -> str | None:
    """What may be a slip: a name that nothing bears yet. It holds all the same, for when something does."""
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
