"""Does the worklist show the day in the sequencer's order, to whom it may, and also while the sequencer is away?"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from services.console.screens.worklist.known import CHANGES
from shared.contracts.events import RepChanged
from shared.contracts.notifier import Draft, DraftDetails
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Question
from shared.contracts.sequencer import Day
from shared.contracts.sequencer_replies import DayOfWork, WhyEmpty, WorklistTask
from tests.integration.test_console_reading import TASK, a_task
from tests.support.console import Browser, Console, Services, one_browser
from tests.support.running import Running, run_service
from tests.support.samples import sample
from tests.support.sequencing import listed, scored
from tests.support.servers import TestServers

pytestmark = pytest.mark.asyncio(loop_scope="module")
browser = one_browser

OTHER = UUID("87654321-9abc-4def-8123-456789abcdef")
HOSTILE = "<script>alert(1)</script>\"'‮"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(servers: TestServers) -> AsyncIterator[Running]:
    """A console for all of these tests."""
    async with run_service("console", servers) as running:
        await running.receive(listed("335001"), listed("335002"), scored("335001", 1, "58.0"))
        await running.receive(a_task())
        yield running


def due(rank: int, task_id: UUID, facility: str, **changes: Any) -> WorklistTask:
    fields: dict[str, Any] = {
        "rank": rank,
        "task_id": task_id,
        "short_id": str(task_id)[:8],
        "facility_id": facility,
        "facility": f"HOME {facility}",
        "city": "ALBANY",
        "chain": None,
        "covers": [facility],
        "tier": 1,
        "tier_at_planning": 1,
        "score": "58.0",
        "channel": "call",
        "persona": "don",
        "person": "Ada Moss",
        "person_phone": "518-555-0142",
        "person_email": None,
        "main_phone": "518-555-0100",
        "due_on": date(2026, 7, 1),
        "overdue": False,
        "days_overdue": 0,
        "rep": "rep-1",
        "reason": "QM rating 1 of 5",
        "step_no": 1,
        "sequence": "ny-snf-21-day",
        "template": None,
        "enrollment_id": None,
        "version": 1,
        "outcomes": [{"id": "no_answer", "title": "no answer"}],
    }
    return WorklistTask.model_validate(fields | changes)


class Sequencer(Services):
    """Replies with a day; or not at all."""

    def __init__(self, *tasks: WorklistTask) -> None:
        super().__init__()
        self.tasks, self.away = list(tasks), False
        self.drafts: list[Draft] = []

    async def ask(self, request: Question[Any], /, *, service: str = "") -> Any:
        self.asked.append(request)
        if self.away:
            raise AskFailed("No service replies.", 503)
        if isinstance(request, Day):
            why = WhyEmpty(kind="done", text="All 2 tasks of the day for rep-1 are done or skipped.")
            return DayOfWork(on=date(2026, 7, 1), rep=request.rep, tasks=self.tasks, why=why)
        if isinstance(request, DraftDetails) and self.drafts:
            return self.drafts[0]
        raise AskFailed("There is no draft.", 404)


@pytest.fixture
def sequencer() -> Sequencer:
    return Sequencer(due(2, OTHER, "335002", tier=2, score="20.0"), due(5, TASK, "335001"))


@pytest_asyncio.fixture(loop_scope="module")
async def site(shared: Running, sequencer: Sequencer) -> Console:
    return Console(shared, sequencer)


async def test_line_10_the_order_and_the_ranks_are_the_sequencers(site: Console, browser: Browser) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")

    page = (await browser.get("/worklist?who=rep-1")).text

    # Parts are by tier; within a part, and in the ranks, the order is the sequencer's.
    assert page.index(f"row-{TASK}") < page.index(f"row-{OTHER}")
    assert '<span class="rank">5' in page
    assert '<span class="rank">2' in page


async def test_filters_are_in_the_address_and_keep_the_ranks(site: Console, browser: Browser) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")

    page = (await browser.get("/worklist?tier=1")).text

    assert f"row-{TASK}" in page
    assert f"row-{OTHER}" not in page
    assert '<span class="rank">5' in page
    assert "tier=1" in page


async def test_a_manager_sees_the_touches_of_each_rep_and_can_open_them(site: Console, browser: Browser) -> None:
    await site.enter(browser, "mia", "manager")

    page = (await browser.get(f"/worklist/{OTHER}?who=team")).text

    assert all(f"row-{task}" in page for task in (TASK, OTHER))
    assert f'<input type="hidden" name="target" value="{OTHER}">' in page


async def test_line_8_only_who_may_see_people_gets_their_names(site: Console, browser: Browser) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")
    assert "Ada Moss" in (await browser.get(f"/worklist/{TASK}")).text
    for role in ("operations", "reader", "auditor"):
        await site.enter(browser, role, role)

        page = (await browser.get(f"/worklist/{TASK}?who=rep-1")).text

        assert "Ada" not in page
        assert "555-0142" not in page
        assert "complete_task" not in page


async def test_line_15_without_the_sequencer_the_day_is_shown_as_far_as_it_is_known(
    site: Console, browser: Browser, sequencer: Sequencer
) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")
    sequencer.away = True

    response = await browser.get("/worklist")

    assert response.status_code == 200
    assert "the sequencer does not answer" in response.text
    assert f"row-{TASK}" in response.text
    assert "Ada Moss" in response.text


async def test_line_7_hostile_names_are_inert(site: Console, browser: Browser, sequencer: Sequencer) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")
    sequencer.tasks = [due(1, TASK, "335001", facility_display_name=HOSTILE, person_display_name=HOSTILE)]

    page = (await browser.get("/worklist")).text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


async def test_nothing_can_be_recorded_of_a_letter_that_is_on_its_way(
    site: Console, browser: Browser, sequencer: Sequencer
) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")
    sequencer.tasks = [due(1, TASK, "335001", channel="email", outcomes=[{"id": "sent", "title": "sent"}])]
    letter = Draft(
        draft_id=UUID(int=5), task_id=TASK, facility_id="335001", rep="rep-1", channel="email", template="a",
        to_email="ada@home.example", subject="Hello", body="Dear Ada", reason=None, drafted_on=date(2026, 7, 1),
        facts={}, pack="test", version=1, marks=[], status="approved", revision="1",
    )  # fmt: skip

    shown = {}
    for status in ("draft", "approved", "sending"):
        sequencer.drafts = [letter.model_copy(update={"status": status})]
        shown[status] = (await browser.get("/worklist")).text

    assert 'action="/do/send_drafts"' in shown["draft"]
    assert "Sent off: it leaves" in shown["approved"]
    assert 'action="/do/unsend_draft"' in shown["approved"]
    assert "It is with the mail server." in shown["sending"]
    for status in ("approved", "sending"):
        assert not re.search("do/(complete_task|skip_task|move_task|send_drafts)", shown[status])
        assert "Dear Ada" in shown[status]


async def test_the_main_line_can_be_dialed_where_a_person_is_looked_for(
    site: Console, browser: Browser, sequencer: Sequencer
) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")
    sequencer.tasks = [due(1, TASK, "335001", channel="research", kind="research", person=None, person_phone=None)]

    assert '<a class="link" href="tel:+15185550100">(518) 555-0100</a>' in (await browser.get("/worklist")).text


async def test_a_day_that_is_done_says_so_with_the_name_of_the_rep(
    site: Console, browser: Browser, sequencer: Sequencer
) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")
    await site.running.receive(sample(RepChanged, full=False, rep="rep-1", name="Dana Lee", left_on=None))
    sequencer.tasks = []

    assert "All 2 tasks of the day for Dana Lee are done or skipped." in (await browser.get("/worklist")).text


async def test_a_day_that_is_none_is_refused_in_words(site: Console, browser: Browser) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")

    response = await browser.get("/worklist?on=2026-13-40")

    assert response.status_code == 400
    assert "2026-13-40" in response.text or "month must be" in response.text


@pytest.mark.parametrize("seconds, shown", [(29, "fresh-live"), (31, "fresh-behind"), (301, "fresh-stale")])
async def test_line_25_a_page_says_how_far_it_is_behind(
    site: Console, browser: Browser, seconds: int, shown: str
) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")
    heard = {"matcher": float(seconds), "scorer": 1.0}
    site.app.state.backend = replace(site.app.state.backend, heard=lambda: heard)

    page = (await browser.get("/worklist")).text

    assert shown in page
    assert ("behind (matcher)" in page, "may be missing here" in page) == (seconds > 30, seconds > 300)


async def test_several_touches_are_shown_with_what_follows_before_they_are_changed(
    site: Console, browser: Browser, sequencer: Sequencer
) -> None:
    sequencer.tasks.append(due(6, UUID(int=6), "335001", enrollment_id=UUID(int=60)))
    await site.enter(browser, "helen", "manager")
    chosen = f"id={TASK}&id={OTHER}&id={UUID(int=6)}&id=nothing"

    asked = {each: (await browser.get(f"/worklist?who=team&ask={each}&{chosen}")).text for each in CHANGES}

    for change, page in asked.items():
        [dialog] = re.findall(r'<dialog class="dialog" id="dialog".*?</dialog>', page, re.DOTALL)
        assert dialog.count('name="target"') == (1 if change == "stop" else 3)
    assert "Skip 3 touches?" in asked["skip"]
    assert "/do/reassign_task" in asked["reassign"]
    assert 'value="335001"' in asked["stop"]
    of_one = (await browser.get(f"/worklist?who=team&ask=reassign&id={TASK}")).text.partition('id="dialog"')[2]
    assert '<option value="rep-1"' not in of_one.partition("</dialog>")[0]  # whose touch it is
    assert "data-modal" not in (await browser.get(f"/worklist?who=team&ask=burn&{chosen}")).text
    assert "data-modal" not in (await browser.get("/worklist?who=team&ask=skip&id=nothing")).text


async def test_a_rep_can_skip_and_snooze_several_and_a_reader_nothing(site: Console, browser: Browser) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")
    page = (await browser.get(f"/worklist?who=rep-1&ask=reassign&id={TASK}")).text
    assert re.findall(r'name="ask" value="(\w+)"', page) == ["skip", "snooze"]
    assert "data-modal" not in page
    await site.enter(browser, "rita", "reader")

    page = (await browser.get(f"/worklist?who=team&ask=skip&id={TASK}")).text

    assert 'name="ask"' not in page
    assert "data-modal" not in page
