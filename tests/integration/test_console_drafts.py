"""Do people send letters only in their own name, as they read them, and never those that must not leave?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from shared.contracts.events import EmailDrafted
from shared.contracts.notifier import Draft, DraftDetails, Drafts
from shared.contracts.notifier_sending import EditDraft, SendDrafts, SentOff
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Question
from tests.integration.test_console_reading import TASK, a_task
from tests.support.console import Browser, Console, Services
from tests.support.running import START, Running, run_service
from tests.support.sequencing import listed
from tests.support.servers import TestServers

pytestmark = pytest.mark.asyncio(loop_scope="module")

MINE, BLOCKED, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
HOSTILE = "<script>alert(1)</script>\"'‮"
BODY = "Hi Ada,\n\nCMS lists a citation from your April survey.\n\n1 Main Street"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(servers: TestServers) -> AsyncIterator[Running]:
    """A console for all of these tests."""
    async with run_service("console", servers) as running:
        await running.receive(listed("335001"))
        await running.receive(a_task(channel="email"), a_task(task_id=UUID(int=9), channel="email"))
        drafted = [
            EmailDrafted(draft_id=each, task_id=task, facility_id="335001", rep="rep-1", template="t",
                drafted_on=date(2026, 7, 1))
            for each, task in ((MINE, TASK), (BLOCKED, UUID(int=9)))
        ]  # fmt: skip
        await running.receive(*drafted)
        yield running


def draft(draft_id: UUID, **changes: Any) -> Draft:
    fields: dict[str, Any] = {
        "draft_id": draft_id,
        "task_id": TASK,
        "facility_id": "335001",
        "facility": "Willow Bend",
        "rep": "rep-1",
        "channel": "email",
        "template": "t",
        "to_email": "ada@example.com",
        "subject": "MDS backup",
        "body": BODY,
        "reason": None,
        "drafted_on": date(2026, 7, 1),
        "facts": {"f641_in": "April", "postal": "1 Main Street"},
        "sources": {"f641_in": "CMS: citation on 2026-04-04", "postal": "the pack"},
        "states": ["f641_in", "postal"],
        "person": "Ada Moss",
        "pack": "test",
        "version": 1,
        "marks": [],
        "revision": "1",
        "status": "draft",
    }
    return Draft.model_validate(fields | changes)


class Notifier(Services):
    """Replies with drafts, or not at all; refuses what is not current."""

    def __init__(self) -> None:
        super().__init__()
        self.away = False
        withdrawn = draft(BLOCKED, task_id=UUID(int=9), status="withdrawn", to_email=None, subject=None, body=None,
            reason="The domain example.com is suppressed")  # fmt: skip
        self.drafts = {each.draft_id: each for each in (draft(MINE), withdrawn, draft(OTHER, rep="rep-2"))}

    async def ask(self, request: Question[Any], /, *, service: str = "") -> Any:
        self.asked.append(request)
        if self.away:
            raise AskFailed("No service replies.", 503)
        match request:
            case Drafts():
                return [
                    each
                    for each in self.drafts.values()
                    if each.status in request.statuses and request.rep in (None, each.rep)
                ]
            case DraftDetails(draft_id=draft_id) if draft_id in self.drafts:
                return self.drafts[draft_id]
            case SendDrafts():
                return [SentOff(draft_id=each.draft_id, status="approved") for each in request.drafts]
            case EditDraft() if request.seen != self.drafts[request.draft_id].revision:
                raise AskFailed("It has changed since revision 1 that you edited; read revision 2.", 409)
        raise AskFailed("There is no draft.", 404)

    def sent(self) -> list[SendDrafts]:
        return [each for each in self.asked if isinstance(each, SendDrafts)]


@pytest.fixture
def notifier() -> Notifier:
    return Notifier()


@pytest_asyncio.fixture(loop_scope="module")
async def site(shared: Running, notifier: Notifier) -> Console:
    return Console(shared, notifier)


@pytest_asyncio.fixture(loop_scope="module")
async def browser(site: Console) -> AsyncIterator[Browser]:
    async with site.browser() as opened:
        await site.enter(opened, "dana", "rep", "rep-1")
        yield opened


async def test_each_fact_of_a_letter_is_numbered_with_its_source(browser: Browser) -> None:
    page = (await browser.get(f"/drafts/{MINE}")).text

    assert 'title="CMS: citation on 4 Apr">April<sup>1</sup>' in page
    assert "Every fact has a source" in page
    assert 'id="count-drafts">2<' in page  # the list: one can be sent, one is blocked


@pytest.mark.parametrize(
    "changes",
    [
        {"draft_id": BLOCKED},  # its recipient is suppressed
        {"states": ["f641_in", "vm_day"]},  # it states what has no source
        {"missing": "It cannot be sent: no postal address is set"},
        {"fresh_until": date(2026, 6, 30)},
    ],
)
async def test_line_20_what_is_suppressed_or_unsupported_cannot_be_sent(
    browser: Browser, notifier: Notifier, changes: dict[str, Any]
) -> None:
    opened = changes.pop("draft_id", MINE)
    notifier.drafts[opened] = notifier.drafts[opened].model_copy(update=changes)

    page = (await browser.get(f"/drafts/{opened}")).text

    assert page.count("disabled>") == 1  # Send
    assert "cannot be sent: " in page
    assert f'value="{opened}" aria-label' not in page  # nor can it be selected
    dialog = (await browser.get(f"/drafts?ask=send&id={opened}")).text
    assert f'value="{opened}:1" checked' not in dialog


async def test_two_clicks_send_once_and_the_line_at_the_foot_takes_it_back(
    browser: Browser, notifier: Notifier
) -> None:
    form = {"drafts": f"{MINE}:1", "command_id": uuid4().hex, "back": "/drafts"}
    for _ in range(2):
        assert (await browser.do("send_drafts", **form)).status_code == 303

    assert len({each.command_id for each in notifier.sent()}) == 1
    assert {each.actor for each in notifier.sent()} == {"rep-1"}
    notifier.drafts[MINE] = draft(MINE, status="approved", approved_at=START)
    page = (await browser.get("/drafts")).text
    assert "To A. Moss: leaves in" in page
    assert 'action="/do/unsend_draft"' in page


async def test_only_the_rep_of_a_letter_reads_and_sends_it(site: Console, browser: Browser, notifier: Notifier) -> None:
    assert (await browser.get(f"/drafts/{OTHER}")).status_code == 403
    await site.enter(browser, "mel", "manager")
    page = (await browser.get(f"/drafts/{OTHER}")).text
    assert "MDS backup" in page
    assert 'action="/do/send_drafts"' not in page
    assert (await browser.do("send_drafts", drafts=f"{MINE}:1")).status_code == 403
    for role in ("operations", "reader", "auditor"):
        await site.enter(browser, role, role)
        assert (await browser.get(f"/drafts/{MINE}")).status_code == 403
        assert 'href="/drafts"' not in (await browser.get("/worklist")).text
    assert not notifier.sent()


async def test_an_edit_of_another_revision_keeps_what_was_typed(browser: Browser, notifier: Notifier) -> None:
    notifier.drafts[MINE] = draft(MINE, revision="2", edited_by="ann")

    response = await browser.do("edit_draft", target=str(MINE), version="1", subject="Mine", body="First.\n\nSecond.")

    assert response.status_code == 409
    assert "First.\n\nSecond.</textarea>" in response.text
    assert 'name="version" value="2"' in response.text
    assert "It has changed since revision 1" in response.text


async def test_line_15_without_the_notifier_the_list_is_shown_as_far_as_it_is_known(
    browser: Browser, notifier: Notifier
) -> None:
    notifier.away = True

    response = await browser.get(f"/drafts/{MINE}")

    assert response.status_code == 200
    assert "the notifier does not answer" in response.text
    assert f"draft-{MINE}" in response.text
    kept = await browser.do("edit_draft", target=str(MINE), version="1", body="First.\n\nSecond.")
    assert kept.status_code == 503
    assert "First." in kept.text


async def test_line_7_hostile_texts_are_inert(browser: Browser, notifier: Notifier) -> None:
    notifier.drafts[MINE] = draft(MINE, subject=HOSTILE, body=HOSTILE, person=HOSTILE, facility=HOSTILE)

    for path in (f"/drafts/{MINE}", f"/drafts/{MINE}/edit", f"/drafts?ask=send&id={MINE}"):
        page = (await browser.get(path)).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
