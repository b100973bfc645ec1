"""What do the users of a CRM see and do in a demo?

A fake of HubSpot has the accounts from the beginning. On a few days its users log a touch, move a lead, give an account
to another rep, and state a stage that there is not. All of it comes back before the day goes on, so that every run with
the same seed is the same; what is sent besides delays no day.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from cli.client.connection import pages, persistently
from cli.demo.invented.chance import draw
from cli.demo.sources import Fakes
from engines import packs
from engines.crm.mapping import crm_of
from engines.crm.records import text_of
from shared.contracts.courier_crm import CompareCrm, CrmComparison, CrmDrift, CrmStatus, SetUpCrm
from shared.contracts.sequencer import Worklist
from shared.contracts.sequencer_leads import Leads, ShowLead
from shared.contracts.sequencer_reps import Team

if TYPE_CHECKING:
    from shared.messaging.broker import Broker


class OfPlace(Protocol):
    @property
    def facility_id(self) -> str: ...


P = TypeVar("P", bound=OfPlace)
ACTOR: Final = "demo"
FIRST, EVERY = 3, 10
"""The business days on which its users change something: the third one, and each tenth after it."""
NO_STAGE: Final = "on hold"
FIRST_OWNER: Final = 71
PAUSE_SECONDS: Final = 0.2
PER_STOP: Final = 100_000
"""Requests that the fake allows in ten seconds: its clock stands still while a simulated hour is exchanged."""


@dataclass
class CrmUsers:
    """Those who work in the CRM."""

    broker: Broker
    fakes: Fakes
    seed: int
    names: Mapping[str, str]
    """The property of each of our fields."""
    owners: Mapping[str, str]
    """The id there of each rep."""
    days: int = 0
    """The business days until now."""

    def works(self) -> bool:
        """Whether they change something on this business day, which is counted."""
        self.days += 1
        return self.days >= FIRST and (self.days - FIRST) % EVERY == 0

    async def set_time(self, now: datetime) -> None:
        await self.fakes.control("PUT", "hubspot/settings", {"now": now.timestamp()})

    async def change(self, day: date, now: datetime) -> None:
        """Change some accounts, each another one."""
        await self.set_time(now)
        there = await self.fakes.control("GET", "hubspot/objects?kind=companies")
        known = {each[self.names["facility_id"]] for each in there}
        for facility_id, values in (await self._changes(day, now, known)).items():
            place = {"kind": "companies", "property": self.names["facility_id"], "value": facility_id}
            properties = {self.names[name]: value for name, value in values.items()}
            await self.fakes.control("POST", "hubspot/changes", {**place, "properties": properties})

    async def _changes(self, day: date, now: datetime, known: set[str]) -> dict[str, dict[str, str]]:
        """By facility: a call that is due was made, a lead goes on, another rep takes over, and a mistake."""
        found = dict[str, dict[str, str]]()
        calls = [each for each in await persistently(self.broker, Worklist()) if each.channel == "call"]
        if call := self._one(calls, day, known):
            best = next((each for each in call.outcomes if each.then == "interested"), call.outcomes[0])
            found[call.facility_id] = {"outcome": best.id, "contacted_at": text_of(now)}
        leads = [each async for page in pages(self.broker, Leads(open=True), ("lead_id",)) for each in page]
        if lead := self._one([each for each in leads if each.phase == "new"], day, known - {*found}):
            stages = (await persistently(self.broker, ShowLead(facility_id=lead.facility_id))).stages
            found[lead.facility_id] = {"status": next(each.stage for each in stages if each.phase == "contacted")}
        if lead := self._one([each for each in leads if each.owner in self.owners], day, known - {*found}):
            others = sorted({*self.owners} - {lead.owner})
            found |= {lead.facility_id: {"owner": self.owners[others[0]]}} if others else {}
        if lead := self._one(leads, day, known - {*found}):
            found[lead.facility_id] = {"status": NO_STAGE}
        return found

    def _one(self, given: Iterable[P], day: date, known: set[str]) -> P | None:
        """One of these, by chance, of the accounts that are known there."""
        there = [each for each in given if each.facility_id in known]
        return min(there, key=lambda each: draw(self.seed, "crm", each.facility_id, day), default=None)


async def begin(broker: Broker, fakes: Fakes, seed: int, now: datetime) -> CrmUsers | None:
    """Exchange the accounts with the fake from now on; None if the pack exchanges nothing with a CRM."""
    crm = crm_of(packs.pack_folder())
    if crm is None:
        return None
    team = await persistently(broker, Team())
    ids = {each.rep: str(FIRST_OWNER + at) for at, each in enumerate(team) if each.email}
    owners = {each.email: ids[each.rep] for each in team if each.email}
    names = {each.field: each.name for each in crm.properties("hubspot", "companies")}
    users = CrmUsers(broker, fakes, seed, names, ids)
    settings = {"owners": owners, "now": now.timestamp(), "per_ten_seconds": PER_STOP}
    await fakes.control("PUT", "hubspot/settings", settings)
    await persistently(broker, SetUpCrm(actor=ACTOR))
    return users


async def compared(broker: Broker) -> dict[str, int]:
    """How many accounts both sides have, what its users changed, and what differs between the two sides now."""
    lanes = await broker.ask(CrmStatus())
    if not lanes:
        return {"crm_accounts": 0, "crm_drift": 0}
    await persistently(broker, CompareCrm(actor=ACTOR))
    found: Sequence[CrmComparison] = await broker.ask(CrmDrift())
    while not all(each.compared_at for each in found):
        await asyncio.sleep(PAUSE_SECONDS)
        found = await broker.ask(CrmDrift())
    drift = sum(len(each.differences) + bool(each.error) for each in found)
    accounts = sum(each.linked for each in lanes if each.kind == "companies")
    return {"crm_accounts": accounts, "crm_drift": drift}


def sentence(summary: Mapping[str, Any]) -> str:
    """Whether both sides agree."""
    found = summary["courier"]
    if not found["crm_accounts"]:
        return "No account was exchanged with a CRM."
    agree = "both sides agree" if not found["crm_drift"] else f"{found['crm_drift']:,} values differ"
    return f"A CRM has {found['crm_accounts']:,} accounts, some of which its users changed; {agree}."


def complaint(summary: Mapping[str, Any]) -> str | None:
    """What is wrong if the two sides do not agree."""
    drift = summary["courier"]["crm_drift"]
    return f"The CRM differs in {drift:,} values; `pipeline crm drift` lists each one." if drift else None
