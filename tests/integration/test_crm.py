"""Does a CRM have what our events state, and do we hear what its users change?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import date, time
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

import pytest
import pytest_asyncio

from cli.fakes.asking import TOKEN
from engines import packs
from engines.crm.mapping import crm_of
from engines.crm.records import System, canonical
from services.courier.app import service_of
from shared.contracts.courier_crm import (
    CompareCrm,
    CrmConflicts,
    CrmDrift,
    CrmFailures,
    CrmLane,
    CrmOfAccount,
    CrmSettings,
    CrmStatus,
    SetUpCrm,
)
from shared.contracts.events import (
    AccountMoved,
    CrmChanged,
    CrmRefusal,
    CrmRefused,
    LeadRaised,
    RepChanged,
    SuppressionChanged,
)
from tests.support.fakes import Fakes, fakes
from tests.support.running import Running, a_database, drop_database, run_on, run_service
from tests.support.sequencing import listed, scored
from tests.support.servers import TestServers

KIND: Final = "companies"


@pytest.fixture(scope="module")
def running_fakes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fakes]:
    with fakes([], tmp_path_factory.mktemp("fakes"), date(2026, 7, 1)) as running:
        yield running


class Crm:
    """What users of a CRM see and do, in our words."""

    def __init__(self, given: Fakes, system: System) -> None:
        found = crm_of(packs.pack_folder())
        assert found
        self._fakes, self.system = given, system
        self._names = {each.field: each for each in found.properties(system, KIND)}
        self._place = "kind=companies" if system == "hubspot" else "object=Account"
        self.control("DELETE", f"objects?{self._place}")

    def control(self, method: str, what: str, stated: object = None) -> Any:
        answer = self._fakes.client.request(method, f"/_fake/{self.system}/{what}", json=stated)
        return answer.raise_for_status().json()

    def admit(self, secret: str = TOKEN) -> None:
        """Let those in who have this secret, and no one else."""
        names = {"token": secret} if self.system == "hubspot" else {"client_secret": secret}
        self.control("PUT", "settings", names)
        if self.system == "salesforce":
            self.control("DELETE", "sessions")

    @property
    def companies(self) -> dict[str, dict[str, str | None]]:
        found = self.control("GET", f"objects?{self._place}")
        rows = [
            {name: canonical(each.type, row.get(each.name)) for name, each in self._names.items()}
            | {"id": row.get("id") or row["Id"]}
            for row in found
        ]
        return {str(each["facility_id"]): each for each in rows}

    def change(self, facility_id: str, **values: str) -> None:
        stated = {self._names[name].name: value for name, value in values.items()}
        unique = self._names["facility_id"].name
        if self.system == "hubspot":
            place = {"kind": KIND, "property": unique, "value": facility_id, "properties": stated}
        else:
            place = {"object": "Account", "field": unique, "value": facility_id, "values": stated}
        self.control("POST", "changes", place)

    @property
    def requests(self) -> list[dict[str, Any]]:
        return self._fakes.requests()

    def remove(self, facility_id: str) -> None:
        self.control("DELETE", f"objects?{self._place}&id={self.companies[facility_id]['id']}")


@pytest.fixture(params=["hubspot", "salesforce"])
def crm(running_fakes: Fakes, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Crm:
    system = request.param
    deployed = {
        "CRM": system,
        "HUBSPOT_URL": running_fakes.base("api.hubapi.com"),
        "HUBSPOT_TOKEN": TOKEN,
        "SALESFORCE_URL": running_fakes.base("login.salesforce.com"),
        "SALESFORCE_CLIENT_ID": TOKEN,
        "SALESFORCE_CLIENT_SECRET": TOKEN,
    }
    for name, value in deployed.items():
        monkeypatch.setenv(f"PIPELINE_COURIER_{name}", value)
    monkeypatch.setenv("PIPELINE_OUTBOUND_ALLOW", f"127.0.0.1:{running_fakes.port}")
    monkeypatch.setenv("PIPELINE_SIMULATION", "1")
    monkeypatch.setenv("PIPELINE_COURIER_CRM_PAGES", "https://crm.example/team/")
    found = Crm(running_fakes, system)
    found.admit()
    owners = {"jo@seller.example": "77"}
    found.control("PUT", "settings", {"owners": owners, "users": owners, "per_ten_seconds": 10_000})
    return found


@pytest_asyncio.fixture
async def courier(servers: TestServers, crm: Crm) -> AsyncIterator[Running]:
    async with run_service("courier", servers, service_of()) as running:
        await running.receive(
            RepChanged(
                rep="rep-1", version=1, name="Jo Lane", email="Jo@seller.example", from_hour=time(9), to_hour=time(17),
                timezone="America/New_York",
            ),
            listed("335001"),
            listed("335002", chain="Oak Group"),
            listed("335003"),
            scored("335001", 1, "58.0"),
            scored("335002", 2, "40.0"),
            AccountMoved(facility_id="335001", owner="rep-1", version=1),
        )  # fmt: skip
        yield running


def lead(stage: str, version: int) -> LeadRaised:
    return LeadRaised(
        lead_id=UUID(int=1), facility_id="335001", lead_source="signal", owner="rep-1", role_families=(),
        raised_on=date(2026, 7, 1), version=version, stage=stage,
    )  # fmt: skip


def suppressed(scope: Any, target: str, version: int = 1, lifted: bool = False) -> SuppressionChanged:
    return SuppressionChanged(
        suppression_id=uuid5(NAMESPACE_URL, target), scope=scope, target=target, version=version, channels=("all",),
        lifted=lifted, marks=(), label=target, reason="asked", source="command", stated_by="ann",
        stated_on=date(2026, 7, 1),
    )  # fmt: skip


async def of_companies(courier: Running) -> CrmLane:
    """How the exchange of accounts is doing."""
    return next(each for each in await courier.ask(CrmStatus()) if each.kind == KIND)


async def test_a_crm_gets_the_scored_accounts_once_it_is_set_up_and_then_changes(courier: Running, crm: Crm) -> None:
    assert crm.companies == {}, "an operator has not set it up"
    await courier.ask(SetUpCrm(actor="ann"))
    await courier.idle()
    found = crm.companies
    assert set(found) == {"335001", "335002"}, "one has no score"
    assert found["335001"]["name"] == "HOME 335001"
    assert found["335001"]["tier"] == "1"
    assert found["335001"]["owner"] == "77"
    assert found["335001"]["suppressed"] == "false"

    await courier.receive(scored("335001", 2, "41.5", version=2))
    await courier.idle()
    assert crm.companies["335001"]["score"] == "41.5"
    status = await of_companies(courier)
    assert (status.linked, status.waiting, status.failed, status.error) == (2, 0, 0, None)
    assert await courier.ask(CrmFailures()) == []


async def test_people_open_an_account_there_and_see_which_records_were_refused(courier: Running, crm: Crm) -> None:
    ready = await courier.ask(CrmSettings())
    assert (ready.system, ready.missing) == (crm.system, [])
    await courier.ask(SetUpCrm(actor="ann"))
    await courier.idle()

    account = await courier.ask(CrmOfAccount(facility_id="335001"))
    assert account
    assert account.sent_at
    place = "record/0-2/" if crm.system == "hubspot" else ""
    assert account.url == f"https://crm.example/team/{place}{account.their_id}"
    assert account.their_id == crm.companies["335001"]["id"]
    assert (account.error, account.withheld, account.conflicts) == (None, False, [])
    assert await courier.ask(CrmOfAccount(facility_id="335003")) is None, "it has no score, so it is not sent"

    await courier.sql("UPDATE crm_links SET error = 'INVALID: the city is too long' WHERE id = '335002'")
    [failure] = await courier.ask(CrmFailures())
    assert (failure.facility_id, failure.error) == ("335002", "INVALID: the city is too long")


async def test_a_change_of_its_users_is_an_event_once_and_a_conflict_has_both_values(
    courier: Running, crm: Crm
) -> None:
    await courier.receive(lead("new", 1))
    await courier.ask(SetUpCrm(actor="ann"))
    await courier.idle()
    crm.change("335001", status="working", tier="4")
    await courier.at("2026-07-01T08:10")
    await courier.at("2026-07-01T08:20")
    [event] = await courier.published(CrmChanged)
    assert [(each.field, each.value) for each in event.fields] == [("status", "working")]
    assert crm.companies["335001"]["tier"] == "1", "theirs does not count for a tier"

    await courier.receive(lead("working", 2))
    crm.change("335001", status="lost")
    await courier.receive(lead("met", 3))
    await courier.at("2026-07-01T08:30")
    status = next(each for each in await courier.ask(CrmConflicts()) if each.field == "status")
    assert (status.base, status.ours, status.theirs, status.kept) == ("working", "met", "lost", "theirs")
    account = await courier.ask(CrmOfAccount(facility_id="335001"))
    assert account
    assert status in account.conflicts


async def test_what_does_not_count_here_is_replaced_by_ours_and_listed_with_why(courier: Running, crm: Crm) -> None:
    await courier.receive(lead("new", 1))
    await courier.ask(SetUpCrm(actor="ann"))
    await courier.idle()
    crm.change("335001", status="nowhere", outcome="nothing")
    await courier.at("2026-07-01T08:10")
    [event] = await courier.published(CrmChanged)
    assert {each.field: each.value for each in event.fields} == {"status": "nowhere", "outcome": "nothing"}, (
        "also of an account without any touch"
    )

    why = tuple(CrmRefusal(field=each.field, value=each.value, why="There is none.") for each in event.fields)
    await courier.receive(CrmRefused(facility_id="335001", system=crm.system, changed=UUID(int=1), fields=why))
    await courier.at("2026-07-01T08:20")

    assert (crm.companies["335001"]["status"], crm.companies["335001"]["outcome"]) == ("new", None)
    assert len(await courier.published(CrmChanged)) == 1, "nothing comes back again"
    listed = {each.field: (each.ours, each.theirs, each.rule, each.why) for each in await courier.ask(CrmConflicts())}
    assert listed["status"] == ("new", "nowhere", "refused", "There is none.")
    assert listed["outcome"] == (None, "nothing", "refused", "There is none.")


async def test_of_a_suppressed_account_a_crm_hears_nothing_but_that(courier: Running, crm: Crm) -> None:
    await courier.receive(suppressed("chain", "OAK GROUP"))
    await courier.ask(SetUpCrm(actor="ann"))
    await courier.idle()
    assert set(crm.companies) == {"335001"}, "it never had the other one"

    await courier.receive(suppressed("facility", "335001"))
    await courier.receive(scored("335001", 3, "20.0", version=2))
    await courier.idle()
    assert crm.companies["335001"]["suppressed"] == "true"
    assert crm.companies["335001"]["score"] == "58"


async def test_a_comparison_lists_what_differs_and_heals_it(courier: Running, crm: Crm) -> None:
    await courier.ask(SetUpCrm(actor="ann"))
    await courier.idle()
    assert await differences(courier) == []

    crm.change("335001", tier="4")
    crm.remove("335002")
    assert await differences(courier, apply=True) == [
        ("335001", "tier", "1", "4", "changed there"),
        ("335002", None, None, None, "missing there"),
    ]
    await courier.idle()
    assert crm.companies["335002"]["tier"] == "2"
    assert await differences(courier) == []


async def differences(courier: Running, apply: bool = False) -> list[tuple[str | None, ...]]:
    await courier.ask(CompareCrm(apply=apply, actor="ann"))
    await courier.idle()
    found = await courier.ask(CrmDrift())
    assert {each.error for each in found} == {None}
    assert next(each.records for each in found if each.kind == KIND) == 2
    return sorted((each.id, each.field, each.ours, each.theirs, each.why) for one in found for each in one.differences)


async def test_nothing_is_lost_while_a_crm_refuses_us(courier: Running, crm: Crm) -> None:
    crm.admit("another")
    await courier.ask(SetUpCrm(actor="ann"))
    await courier.idle()
    status = await of_companies(courier)
    assert status.error
    assert status.error.startswith(("INVALID_AUTHENTICATION", "invalid_client"))
    assert "PIPELINE_COURIER_" in status.error, "it states what to mend"
    assert any("pipeline crm setup" in each for each in (await courier.app.health.status()).warnings)
    crm.admit()
    await courier.ask(SetUpCrm(actor="ann"))
    await courier.idle()
    assert set(crm.companies) == {"335001", "335002"}


MANY = """
    INSERT INTO crm_fields (kind, id, field, value, version, changed_at)
    SELECT 'companies', to_char(n, 'FM000000'), field, value, 1, '2026-06-01' FROM generate_series(1, 2000) AS n,
        (VALUES ('name', 'Home'), ('tier', '1')) AS stated (field, value)
"""


RECORDS = """
    INSERT INTO crm_records (kind, id, version, marks, stated_at)
    SELECT DISTINCT kind, id, 1, ARRAY['facility:' || id], now() FROM crm_fields
"""


@pytest.mark.parametrize("crm", ["salesforce"], indirect=True)
async def test_a_first_push_is_a_job_that_a_restart_asks_about_and_a_suppression_meanwhile_follows_it(
    servers: TestServers, crm: Crm
) -> None:
    crm.control("PUT", "settings", {"polls": 4})
    url = await asyncio.to_thread(a_database, servers, "courier")
    async with run_on(url, "courier", servers, service_of()) as before:
        await before.sql(MANY)
        await before.sql(RECORDS)
        await before.ask(SetUpCrm(actor="ann"))
        await before.idle()
        await before.receive(suppressed("facility", "000007"))
        status = await of_companies(before)
        assert (status.linked, status.waiting, status.sending, status.withheld) == (0, 2_000, 2_000, 0)
        await before.at("2026-07-01T15:00")
        assert any("has run for hours" in each for each in (await before.app.health.status()).warnings)
    assert crm.companies == {}, "the job has not ended"

    async with run_on(url, "courier", servers, service_of()) as after:
        for minute in (1, 2, 3):
            await after.at(f"2026-07-01T15:0{minute}")
        status = await of_companies(after)
        assert (status.linked, status.waiting, status.failed, status.error) == (2_000, 0, 0, None)
        assert {each["job"] for each in await after.sql("SELECT job FROM crm_lanes")} == {None}
    assert len(crm.companies) == 2_000
    assert crm.companies["000007"]["suppressed"] == "true"
    begun = [each for each in crm.requests if each["path"].endswith("/jobs/ingest") and each["method"] == "POST"]
    assert len(begun) == 1
    await asyncio.to_thread(drop_database, servers, url)
