"""What do people see of the exchange with a CRM on pages, and what can operations do about it?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from services.console.domain.permissions import Role
from services.console.screens.settings.crm.building import HERE
from shared.contracts import courier_crm as c
from shared.contracts.requests import Question
from tests.support.console import Browser, Console, Services, one_browser, one_console
from tests.support.running import Running
from tests.support.sequencing import listed

pytestmark = pytest.mark.asyncio(loop_scope="module")
shared, browser = one_console, one_browser

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>"
PERSON = "Ada Moss"


def a_lane(kind: str, **fields: Any) -> c.CrmLane:
    given = {
        "system": "hubspot", "set_up_at": NOW, "wrong": [], "linked": 1_204, "waiting": 3, "withheld": 2, "failed": 1,
        "conflicts": 120, "polled_at": NOW, "rests_until": None, "cause": None, "error": None,
    }  # fmt: skip
    return c.CrmLane.model_validate({**given, **fields, "kind": kind})


class World:
    """A courier that exchanges accounts and contacts with HubSpot."""

    def __init__(self) -> None:
        self.deployed = c.CrmDeployed(system="hubspot", missing=[])
        self.lanes = [a_lane("companies"), a_lane("contacts", linked=3_118)]
        self.compared = [self.comparison("companies", "335001", "335009"), self.comparison("contacts", "77")]
        self.given: list[Any] = []

    def comparison(self, kind: str, *ids: str) -> c.CrmComparison:
        theirs = PERSON if kind == "contacts" else HOSTILE
        found = [
            c.CrmDifference(
                id=each, facility_id="335001" if kind == "contacts" else each, their_id="9", field="phone", ours="12",
                theirs=theirs, why="changed there",
            ) for each in ids
        ]  # fmt: skip
        return c.CrmComparison(
            kind=kind, began_at=NOW, compared_at=NOW, records=1_206, differences=found, error=None
        )  # fmt: skip

    def conflict(self, number: int) -> c.CrmConflict:
        kind = "companies" if number % 2 else "contacts"
        return c.CrmConflict(
            conflict_no=number, kind=kind, id="335001", facility_id="335001", field="status", base="new", ours="met",
            theirs=PERSON if kind == "contacts" else HOSTILE, kept="theirs", rule="theirs", at=NOW,
        )  # fmt: skip

    async def reply(self, request: Question[Any], service: str) -> Any:
        match request:
            case c.CrmSettings():
                return self.deployed
            case c.CrmStatus():
                return self.lanes
            case c.CrmDrift():
                return self.compared
            case c.CrmConflicts():
                numbers = range(120, 0, -1)
                return [self.conflict(n) for n in numbers if n < (request.before or 1_000)][: request.limit]
            case c.CrmFailures():
                of_account = c.CrmFailure(
                    kind="companies", id="335001", facility_id="335001", their_id=None, tried_at=NOW, next_at=None,
                    error=f"INVALID: The city is too long. {HOSTILE}",
                )  # fmt: skip
                named = {"kind": "contacts", "error": f"CONFLICT: {PERSON} exists"}
                return [of_account, of_account.model_copy(update=named)]
        self.given.append(request)
        return 2_408 if isinstance(request, c.SyncCrm) else None


@pytest_asyncio.fixture(loop_scope="module")
async def world() -> World:
    return World()


@pytest_asyncio.fixture(loop_scope="module")
async def site(shared: Running, world: World) -> Console:
    made = Console(shared, Services(world.reply))
    await made.empty()
    await shared.receive(listed("335001", name="WILLOW BEND"))
    return made


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def entered(site: Console, browser: Browser) -> None:
    await site.enter(browser, "priya", "operations")


async def test_each_kind_of_record_has_its_numbers_and_differences_lead_to_the_account(browser: Browser) -> None:
    page = (await browser.get(HERE)).text

    assert "1,204" in page
    assert "3,118" in page
    assert "2 differences" in page
    assert page.count('<td data-l="Why">changed in HubSpot') == 3
    assert page.count('href="/facilities/335001">Willow Bend<') == 2
    assert "&lt;script&gt;" in page
    assert HOSTILE not in page
    assert "changed there" not in (await browser.get(f"{HERE}?why=changed+here")).text
    for wrong in ("show=x", "why=x", "page=0", "show=conflicts&before=x"):
        assert (await browser.get(f"{HERE}?{wrong}")).status_code == 400, wrong


async def test_a_conflict_has_both_values_and_which_counts_and_older_ones_follow(browser: Browser) -> None:
    page = (await browser.get(f"{HERE}?show=conflicts")).text
    last = (await browser.get(f"{HERE}?show=conflicts&before=21")).text

    assert "by the pack, theirs counts" in page
    assert page.count("data-row") == 50
    assert "before=71" in page
    assert last.count("data-row") == 20
    assert "Newest" in last


async def test_who_may_not_see_people_sees_none_in_values_or_in_answers(site: Console, browser: Browser) -> None:
    paths = (HERE, f"{HERE}?show=conflicts", f"{HERE}?show=refused")
    operations = [(await browser.get(path)).text for path in paths]
    await site.enter(browser, "helen", "manager")
    manager = [(await browser.get(path)).text for path in paths]

    assert [PERSON in page for page in operations] == [False] * 3
    assert [PERSON in page for page in manager] == [True] * 3
    assert "The city is too long." in operations[2]
    assert "CONFLICT" in operations[2]


async def test_operations_set_up_sync_compare_and_heal(browser: Browser, world: World) -> None:
    for command, fields in (("set_up_crm", {}), ("compare_crm", {}), ("compare_crm", {"apply": "true"})):
        assert (await browser.do(command, back=HERE, **fields)).status_code == 303, command
    await browser.do("sync_crm", back=HERE)

    set_up, compare, heal, sync = world.given
    assert isinstance(set_up, c.SetUpCrm)
    assert (compare.apply, heal.apply, sync.actor) == (False, True, "priya")
    assert "2,408 records will be read and merged again." in (await browser.get(HERE)).text
    assert "Compare crm" in (await browser.get("/settings/audit")).text


async def test_the_page_states_why_the_exchange_rests_and_what_to_do(browser: Browser, world: World) -> None:
    until = NOW + timedelta(hours=1)
    world.lanes = [a_lane("companies", cause="credentials", error=f"INVALID: {HOSTILE}.", rests_until=until)]
    rests = (await browser.get(HERE)).text
    world.lanes = [a_lane("companies", cause="theirs", error="503", rests_until=until)]
    waits = (await browser.get(HERE)).text
    world.lanes = [a_lane("companies", set_up_at=None, wrong=["fp_tier is a text."])]
    unfit = (await browser.get(HERE)).text
    world.lanes = [a_lane("companies", set_up_at=None)]
    begins = (await browser.get(HERE)).text

    assert "INVALID: &lt;script&gt;" in rests
    assert "HubSpot is asked again Wed 1 Jul, 9:00 am; Set up asks now." in rests
    assert HOSTILE not in rests
    assert ">Set up</span>" in rests
    assert "Nothing is lost meanwhile." in waits
    assert "fp_tier is a text." in unfit
    assert "hx-trigger" in begins.partition("<main")[2]
    assert not any("hx-trigger" in each.partition("<main")[2] for each in (rests, waits, unfit))


async def test_a_comparison_that_runs_is_not_begun_again(browser: Browser, world: World) -> None:
    begun: dict[str, Any] = {"compared_at": None, "differences": []}
    world.compared = [each.model_copy(update=begun) for each in world.compared]

    page = (await browser.get(HERE)).text

    assert "All contacts of both sides are being read." in page
    assert "/do/compare_crm" not in page


async def test_without_a_crm_the_page_states_what_an_operator_sets(browser: Browser, world: World) -> None:
    world.lanes, world.compared = [], []
    ready = (await browser.get(HERE)).text
    world.deployed = c.CrmDeployed(system=None, missing=["PIPELINE_COURIER_CRM is not set.", "No crm.yaml."])
    none = (await browser.get(HERE)).text

    assert "HubSpot is ready to be set up" in ready
    assert "/do/set_up_crm" in ready
    assert "No CRM is set" in none
    assert "<li>PIPELINE_COURIER_CRM is not set.</li><li>No crm.yaml.</li>" in none
    assert "/do/" not in none.partition("<main")[2]


@pytest.mark.parametrize("role, code", [("manager", 200), ("auditor", 200), ("rep", 403), ("reader", 403)])
async def test_no_one_but_operations_changes_the_exchange(
    site: Console, browser: Browser, world: World, role: Role, code: int
) -> None:
    await site.enter(browser, role, role, "rep-1" if role == "rep" else None)

    page = await browser.get(HERE)
    sent = [await browser.do(name) for name in ("set_up_crm", "sync_crm", "compare_crm")]

    assert page.status_code == code
    assert "/do/" not in page.text.partition("<main")[2]
    assert {each.status_code for each in sent} == {403}
    assert world.given == []
