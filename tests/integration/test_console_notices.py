"""What do people see of notices to the team on pages, and what can they do about them?"""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from services.console.domain.permissions import Role
from services.console.screens.settings.notices.building import FORM, HERE, SHOW
from shared.contracts import courier_notices as c
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Question
from tests.support.console import Browser, Console, Services, one_browser, one_console
from tests.support.running import Running

pytestmark = pytest.mark.asyncio(loop_scope="module")
shared, browser = one_console, one_browser

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>"
JO = f"{SHOW}?name=jo"


def a_notice(kind: str, state: str, error: str | None = None) -> c.Notice:
    return c.Notice(
        notice_id=UUID(int=1), kind=kind, made_at=NOW, title=f"2 tasks {HOSTILE}", lines=[f"Call: {HOSTILE}"], more=3,
        state=state, error=error,
    )  # fmt: skip


class World:
    """A courier with a recipient who gets notices, one that fails, and one that it paused."""

    def __init__(self) -> None:
        self.jo = c.Recipient(
            name="jo", email="jo@seller.example", rep="rep-1", kinds=["hot", "worklist"], quiet_from=time(18),
            quiet_to=time(8), morning_at=time(7, 30), timezone="America/Denver", added_by="ann", added_at=NOW,
        )  # fmt: skip
        team = self.jo.model_copy(update={"rep": None, "email": None, "slack": "sales", "quiet_from": None})
        self.recipients = [
            self.jo,
            team.model_copy(update={"name": "sales", "last": a_notice("hot", "failed", f"It answered 500 {HOSTILE}")}),
            team.model_copy(update={"name": "lost", "paused_at": NOW, "paused_by": "courier", "paused_why": "Gone."}),
        ]
        self.ways = c.NoticeWays(channels=["sales"], mail_domain="seller.example")
        self.given: list[Any] = []

    async def reply(self, request: Question[Any], service: str) -> Any:
        match request:
            case c.Recipients():
                return self.recipients
            case c.NoticeDetails():
                return self.known(request.name)
            case c.NoticePreview():
                lines = [f"Willow Bend {HOSTILE}"]
                return [c.Preview(kind="hot", title="1 account entered tier 1", lines=lines, more=0, not_before=NOW)]
            case c.HowNoticesLeave():
                return self.ways
        self.given.append(request)
        match request:
            case c.SendTestNotice():
                test = a_notice("test", "waiting")
                self.recipients[0] = self.jo.model_copy(update={"last": test})
                return test
            case c.RemoveRecipient():
                return None
        return self.jo

    def known(self, name: str) -> c.Recipient:
        for each in self.recipients:
            if each.name == name:
                return each
        raise AskFailed(f"There is no recipient {name}; `pipeline notice list` names all of them.", 404)


@pytest_asyncio.fixture(loop_scope="module")
async def world() -> World:
    return World()


@pytest_asyncio.fixture(loop_scope="module")
async def site(shared: Running, world: World) -> Console:
    made = Console(shared, Services(world.reply))
    await made.empty()
    return made


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def entered(site: Console, browser: Browser) -> None:
    await site.enter(browser, "helen", "manager")


async def test_recipients_that_need_a_look_come_first_with_what_each_gets_and_when(browser: Browser) -> None:
    page = (await browser.get(HERE)).text

    assert "3 recipients; 2 need a look." in page
    assert page.index("name=lost") < page.index("name=sales") < page.index("name=jo")
    assert "Gone." in page
    assert "It answered 500" in page
    assert "tier 1, worklist" in page
    assert "worklist at 7:30 am; quiet from 6:00 pm to 8:00 am<small>America/Denver" in page
    assert HOSTILE not in page


async def test_no_recipient_yet_is_a_page_that_says_what_notices_are(browser: Browser, world: World) -> None:
    world.recipients = []

    page = (await browser.get(HERE)).text

    assert "No one gets notices yet" in page
    assert page.count("/settings/notices/form") == 2


async def test_one_recipient_shows_what_comes_next_and_what_came_of_a_test(browser: Browser, world: World) -> None:
    before = (await browser.get(JO)).text
    await browser.do("test_recipient", target="jo", back=JO)
    waiting = (await browser.get(JO)).text
    failed = a_notice("test", "failed", "The chat answered 404.")
    world.recipients[0] = world.jo.model_copy(update={"last": failed})
    after = (await browser.get(JO)).text

    assert "1 account entered tier 1" in before
    assert "Willow Bend &lt;script&gt;" in before
    assert "Nothing was sent yet" in before
    assert "A notice is sent now." in waiting
    assert "Show what came of it" in waiting
    assert "Show what came of it" not in after
    assert "The chat answered 404." in after
    assert HOSTILE not in before + waiting + after
    for path in (f"{SHOW}?name=nothing", f"{SHOW}?name=../x", SHOW):
        assert (await browser.get(path)).status_code == 404, path


async def test_a_form_offers_the_ways_by_which_notices_leave(browser: Browser, world: World) -> None:
    new, known = (await browser.get(FORM)).text, (await browser.get(f"{FORM}?name=jo")).text
    sent = await browser.do(
        "add_recipient", name="team", slack="sales", kinds=["hot", "sla"], morning_at="08:00", quiet_from="18:00",
        quiet_to="08:00", timezone="America/Denver",
    )  # fmt: skip
    world.ways = c.NoticeWays(channels=[], mail_domain=None)
    nowhere = (await browser.get(FORM)).text

    assert '<option value="sales"' in new
    assert "one in seller.example" in new
    assert 'value="jo@seller.example"' in known
    assert 'value="07:30"' in known
    assert sent.status_code == 303
    [added] = world.given
    assert (added.name, added.slack, added.email, added.kinds) == ("team", "sales", None, ["hot", "sla"])
    assert (added.rep, added.quiet_from, added.timezone) == (None, time(18), "America/Denver")
    assert "PIPELINE_COURIER_SLACK_URLS" in nowhere
    assert "/do/add_recipient" not in nowhere


async def test_a_manager_pauses_resumes_and_removes_a_recipient(browser: Browser, world: World) -> None:
    for command, fields in (
        ("pause_recipient", {"reason": "on leave"}),
        ("resume_recipient", {}),
        ("remove_recipient", {}),
    ):
        assert (await browser.do(command, target="jo", back=HERE, **fields)).status_code == 303, command

    pause, resume, remove = world.given
    assert (pause.name, pause.reason, pause.actor) == ("jo", "on leave", "helen")
    assert isinstance(resume, c.ResumeRecipient)
    assert isinstance(remove, c.RemoveRecipient)
    assert "It gets no notices any more." in (await browser.get(HERE)).text


@pytest.mark.parametrize("role, code", [("operations", 200), ("auditor", 200), ("rep", 403), ("reader", 403)])
async def test_managers_and_operations_decide_who_gets_notices(
    site: Console, browser: Browser, role: Role, code: int
) -> None:
    await site.enter(browser, role, role, "rep-1" if role == "rep" else None)

    pages = [await browser.get(path) for path in (HERE, JO)]

    assert {each.status_code for each in pages} == {code}
    buttons = ["/do/" in each.text.partition("<main")[2] for each in pages]
    assert buttons == [False, role == "operations"]
