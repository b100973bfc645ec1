"""What do people see of webhooks and calendars on pages, and what can they do about them?"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from services.console.domain.permissions import Role
from services.console.screens.settings.webhooks.building import HERE, SHOW
from shared.contracts import courier as c
from shared.contracts.console import AuditLog
from shared.contracts.courier_calendars import AddCalendar, Calendar, Calendars, RemoveCalendar
from shared.contracts.keys import hash_of
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Question
from tests.support.console import Browser, Console, Services, one_browser, one_console
from tests.support.running import Running

pytestmark = pytest.mark.asyncio(loop_scope="module")
shared, browser = one_console, one_browser

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>"
SECRET = "whsec_notforeveryone"
CRM = f"{SHOW}?name=crm"


def a_delivery(number: int, **fields: Any) -> c.Delivery:
    given = {
        "event_id": UUID(int=abs(number)), "type": "score.changed", "key": "335001", "state": "failed", "attempts": 10,
        "last_at": NOW, "status": 500, "millis": 41, "answer": HOSTILE, "error": "It answered 500.",
    }  # fmt: skip
    return c.Delivery(delivery=number, **{**given, **fields})


class World:
    """A courier with a webhook that fails, and one that works."""

    def __init__(self) -> None:
        self.crm = c.Webhook(
            name="crm", url="https://crm.example/hooks", types=["lead.*", "score.changed"], tiers=[1], ordered=True,
            personal=True, state="failing", cursor="120", behind=7, waiting=3, delivered=90, failed=27,
            failing_since=NOW, error="It answered 500.", added_by="ann", added_at=NOW,
        )  # fmt: skip
        self.deliveries = [a_delivery(number) for number in range(120, 0, -1)]
        self.deliveries[1] = a_delivery(119, type="email.replied", answer="Ada Moss", state="delivered", error=None)
        self.tests = [a_delivery(-1, type="webhook.test", key="crm", state="waiting", attempts=0, status=None)]
        self.given: list[Any] = []

        self.calendars: dict[str, AddCalendar] = {}

    async def reply(self, request: Question[Any], service: str) -> Any:
        match request:
            case c.Webhooks():
                return [self.crm.model_copy(update={"name": "alder", "state": "working"}), self.crm]
            case c.WebhookDetails():
                return self.known(request.name)
            case c.Deliveries():
                before = 1_000 if request.before is None else request.before
                return [each for each in self.deliveries + self.tests if each.delivery < before][: request.limit]
            case c.WebhookSecret():
                return c.Secret(name=request.name, secret=SECRET)
            case Calendars():
                return [self.calendar(rep) for rep in self.calendars]
        self.given.append(request)
        match request:
            case c.Replay():
                return c.Replayed(name=request.name, events=len(request.deliveries or [1, 2]))
            case c.SendTest():
                return c.TestSent(name=request.name, delivery=-2)
            case AddCalendar():
                self.calendars[request.rep] = request
                return self.calendar(request.rep)
            case RemoveCalendar():
                del self.calendars[request.rep]
                return None
        return self.crm.model_copy(update={"sending": True})

    def calendar(self, rep: str) -> Calendar:
        personal, base_url = self.calendars[rep].personal, "https://events.example"
        return Calendar(rep=rep, personal=personal, added_by="dana", added_at=NOW, base_url=base_url)

    def known(self, name: str) -> c.Webhook:
        if name != "crm":
            raise AskFailed(f"There is no webhook {name}; `pipeline webhook list` names all of them.", 404)
        return self.crm


@pytest_asyncio.fixture(loop_scope="module")
async def world() -> World:
    return World()


@pytest_asyncio.fixture(loop_scope="module")
async def site(shared: Running, world: World) -> Console:
    site = Console(shared, Services(world.reply))
    await site.empty()
    return site


async def test_the_list_begins_with_what_needs_a_look_and_states_why(site: Console, browser: Browser) -> None:
    await site.enter(browser, "priya", "operations")

    page = (await browser.get(HERE)).text

    assert page.index("name=crm") < page.index("name=alder")
    assert "2 webhooks; 1 needs a look." in page
    assert "Nothing was accepted since" in page
    assert "It answered 500." in page


async def test_one_webhook_shows_its_deliveries_without_what_a_receiver_repeats_of_people(
    site: Console, browser: Browser
) -> None:
    await site.enter(browser, "priya", "operations")

    page, older = (await browser.get(CRM)).text, (await browser.get(f"{CRM}&state=failed&before=71")).text

    assert "It answered 500." in page
    assert HOSTILE not in page
    assert "alert(1)" in page
    assert "Ada Moss" not in page
    assert "not shown, because the event has contact data" in page
    assert "no answer yet" in page
    assert "&amp;before=71" in page
    assert [each.states for each in site.services.asked if isinstance(each, c.Deliveries) and each.before == 71] == [
        ["failed"]
    ]
    assert "before=21" in older
    for path, code in ((f"{SHOW}?name=nothing", 404), (f"{SHOW}?name=../x", 404), (f"{CRM}&state=x", 400),
                       (f"{CRM}&before=1e9", 400)):  # fmt: skip
        assert (await browser.get(path)).status_code == code, path


async def test_operations_test_pause_and_replay_what_they_choose(site: Console, browser: Browser, world: World) -> None:
    await site.enter(browser, "priya", "operations")

    await browser.do("test_webhook", target="crm", back=CRM)
    await browser.do("replay_events", target="crm", deliveries="120", back=CRM)
    assert "1 event sent anew." in (await browser.get(CRM)).text
    await browser.do("replay_events", target="crm", after="48", back=CRM)
    await browser.do("pause_webhook", target="crm", reason="Ada Moss asked", back=CRM)
    paused = (await browser.get(CRM)).text
    log = (await browser.get("/settings/audit")).text

    test, one, many, pause = world.given
    assert isinstance(test, c.SendTest)
    assert test.actor == "priya"
    assert (one.deliveries, one.after) == ([120], None)
    assert (many.deliveries, many.after) == (None, "48")
    assert pause.reason == "Ada Moss asked"
    assert "Requests are still on their way." in paused
    assert "Pause webhook" in log
    assert "Ada Moss" not in log


async def test_a_form_states_what_a_webhook_gets(site: Console, browser: Browser, world: World) -> None:
    await site.enter(browser, "priya", "operations")

    new, known = (await browser.get(f"{HERE}/form")).text, (await browser.get(f"{HERE}/form?name=crm")).text
    sent = await browser.do(
        "add_webhook", name="lake", url="https://lake.example", types=["lead.*", "score.*"], tiers="1", ordered="true"
    )
    refused = await browser.do("add_webhook", name="No Name", url="https://lake.example", types="*")

    assert 'value="lead.*"' in new
    assert 'name="after"' in new
    assert 'value="score.changed" checked' in known
    assert 'name="after"' not in known
    assert sent.status_code == 303
    assert refused.status_code == 422
    [added] = world.given
    assert (added.name, added.types, added.tiers, added.states) == ("lake", ["lead.*", "score.*"], [1], None)
    assert added.ordered
    assert not added.personal


async def test_the_secret_is_shown_on_demand_and_stored_nowhere(site: Console, browser: Browser) -> None:
    await site.enter(browser, "priya", "operations")

    before = (await browser.get(CRM)).text
    shown = await browser.do("show_secret", target="crm", back=CRM)
    after = (await browser.get(CRM)).text
    log = (await browser.get("/settings/audit")).text

    assert SECRET in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert SECRET not in before + after + log
    assert "Show secret" in log


@pytest.mark.parametrize("role, code", [("auditor", 200), ("manager", 403), ("rep", 403), ("reader", 403)])
async def test_no_one_but_operations_changes_a_webhook_or_sees_its_secret(
    site: Console, browser: Browser, world: World, role: Role, code: int
) -> None:
    await site.enter(browser, role, role, "rep-1" if role == "rep" else None)

    pages = [await browser.get(path) for path in (HERE, CRM)]
    sent = [await browser.do(name, target="crm") for name in ("show_secret", "test_webhook", "remove_webhook")]

    assert {each.status_code for each in pages} == {code}
    assert not any("/do/" in each.text.partition("<main")[2] for each in pages)
    assert {each.status_code for each in sent} == {403}
    assert world.given == []
    assert not any(isinstance(each, c.WebhookSecret) for each in site.services.asked)


# --- calendars -----------------------------------------------------------------------------------------------


async def test_a_rep_makes_the_own_address_which_is_shown_once(site: Console, browser: Browser, world: World) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")
    form = {"command_id": uuid4().hex, "personal": "true", "back": "/settings/me", "target": "rep-2", "rep": "rep-2"}

    before = (await browser.get("/settings/me")).text
    shown = await browser.do("add_calendar", **form)
    again = await browser.do("add_calendar", **form)
    after = (await browser.get("/settings/me")).text

    [token] = re.findall(r"https://events\.example/calendar/([\w-]{43})\.ics<", shown.text)
    assert shown.headers["cache-control"] == "no-store"
    assert (again.status_code, token in again.text + after) == (409, False)
    assert "Make an address" in before
    assert "Replace the address" in after
    [(rep, given)] = world.calendars.items()
    assert (rep, given.token_hash, given.personal, given.actor) == ("rep-1", hash_of(token), True, "dana")
    log = (await site.running.ask(AuditLog()))[0].model_dump_json()
    assert "add_calendar" in log
    assert token not in log
    await browser.do("remove_calendar", back="/settings/me")
    assert world.calendars == {}


async def test_who_has_no_tasks_has_no_calendar(site: Console, browser: Browser, world: World) -> None:
    await site.enter(browser, "priya", "operations")

    page = (await browser.get("/settings/me")).text
    refused = await browser.do("add_calendar", personal="true")

    assert "add_calendar" not in page
    assert refused.status_code == 422
    assert world.calendars == {}


async def test_a_manager_sees_whose_tasks_programs_read_and_lets_an_address_stop_working(
    site: Console, browser: Browser, world: World
) -> None:
    world.calendars["rep-1"] = AddCalendar(rep="rep-1", token_hash="0" * 64, personal=True, actor="dana")
    await site.enter(browser, "helen", "manager")

    page = (await browser.get("/settings/calendars")).text
    await browser.do("revoke_calendar", target="rep-1", back="/settings/calendars")
    left = (await browser.get("/settings/calendars")).text

    assert "rep-1" in page
    assert "names and numbers stated" in page
    assert "No rep has a calendar" in left
    assert world.calendars == {}
