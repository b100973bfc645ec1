"""After any schedule of faults, do both sides agree within one cycle, in whichever system?"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.crm.drift import Difference, drift
from engines.crm.exchange import Answer, Failed
from engines.crm.hubspot import HubSpot
from engines.crm.mapping import Crm
from engines.crm.merging import Agreed, merge
from engines.crm.records import Record
from engines.crm.salesforce import Salesforce
from engines.crm.signing_in import token
from engines.packs import section_of
from tests.support.crm import LOST, Driven
from tests.unit.crm.test_salesforce import CREDENTIALS

CRM = section_of(Path(__file__).parents[3] / "packs" / "basic", "crm", Crm)
RULES = CRM.rules("companies")
BROKEN = (LOST, Answer(0), Answer(500), Answer(503, b"<h1>Later</h1>"), Answer(429, b'{"category": "RATE_LIMITS"}'))
NAMES = ("f1", "f2", "f3")


@dataclass
class Sides:
    """What we have, what a CRM has, and what both agreed on, with one cycle between them at a time."""

    driven: Driven
    adapter: Any
    ours: dict[str, Record]
    agreed: dict[str, dict[str, Agreed]] = field(default_factory=dict)

    def cycle(self, faults: dict[int, Answer]) -> None:
        """Read, merge, push; a record is agreed on once the push of it succeeded."""
        self.driven.clock.now += 3600
        now = datetime.fromtimestamp(self.driven.clock.now, UTC)
        try:
            read = self.driven.run(self.adapter.read("companies", list(self.ours)), faults=faults)
        except Failed:
            return
        theirs = {each.id: each for each in read}
        merged = {
            name: merge(self.agreed.get(name, {}), mine, theirs.get(name), RULES, now)
            for name, mine in self.ours.items()
        }
        push = [Record("companies", name, each.push) for name, each in merged.items() if each.push]
        later = {number - 1: each for number, each in faults.items()}
        outcomes = self.driven.run(self.adapter.upsert("companies", push), faults=later) if push else []
        failed = {each.id for each in outcomes if each.failure}
        for name in merged.keys() - failed:
            self.agreed[name] = dict(merged[name].agreed)
            values = {**self.ours[name].values, **merged[name].take}
            self.ours[name] = replace(self.ours[name], values=values)

    def differences(self) -> list[Difference]:
        found = self.driven.run(self.adapter.all("companies")).records
        return drift(self.ours.values(), found, self.agreed, RULES)

    def change_theirs(self, name: str, value: str) -> None:
        if isinstance(self.adapter, HubSpot):
            what, stated = "hubspot/changes", {"kind": "companies", "property": "fp_facility_id", "value": name,
                                               "properties": {"fp_status": value}}  # fmt: skip
        else:
            what, stated = "salesforce/changes", {"object": "Account", "field": "FP_Facility_Id__c", "value": name,
                                                  "values": {"Name": "Birch", "FP_Facility_Id__c": name,
                                                             "FP_Status__c": value}}  # fmt: skip
        self.driven.control("POST", what, stated)


def sides(system: str) -> Sides:
    ours = {name: Record("companies", name, {"facility_id": name, "name": "Birch", "tier": "1", "status": "open",
                                             "suppressed": "false"}) for name in NAMES}  # fmt: skip
    if system == "hubspot":
        return Sides(Driven("api.hubapi.com"), HubSpot(CRM, {}), ours)
    driven = Driven("login.salesforce.com")
    driven.control("PUT", "salesforce/settings", {"lasts": 10_000_000.0})
    driven.token = driven.run(token(CREDENTIALS)).access_token
    return Sides(driven, Salesforce(CRM, {}), ours)


FAULTS = st.dictionaries(st.integers(0, 3), st.sampled_from(BROKEN), max_size=3)
CHANGES = st.tuples(st.sampled_from(["ours", "theirs"]), st.sampled_from(NAMES), st.sampled_from(["won", "lost"]))


@pytest.mark.parametrize("system", ["hubspot", "salesforce"])
@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.lists(CHANGES, max_size=3), FAULTS), max_size=4))
def test_after_any_schedule_of_faults_both_sides_agree_within_one_cycle(
    system: str, schedule: list[tuple[list[tuple[str, str, str]], dict[int, Answer]]]
) -> None:
    both = sides(system)
    both.driven.run(both.adapter.set_up("companies"))
    both.cycle({})
    for changes, faults in schedule:
        for side, name, value in changes:
            if side == "ours":
                at = datetime.fromtimestamp(both.driven.clock.now + 60, UTC)
                values = {**both.ours[name].values, "status": value}
                both.ours[name] = replace(both.ours[name], values=values, changed_at={"status": at})
            else:
                both.change_theirs(name, value)
        both.cycle(faults)

    both.cycle({})

    assert both.differences() == []
