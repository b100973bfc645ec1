"""What do operations see of the services, and what can they do about them on pages?"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from services.console.domain.permissions import Role
from shared.contracts.console import AuditLog
from shared.contracts.console_rebuilding import Rebuild, RebuildProgress
from shared.contracts.ingest import AddSource, RemoveSource, Sources
from shared.contracts.kernel import (
    ConsumerProgress,
    DeadLetter,
    DeadLetters,
    JobStatus,
    RetryDeadLetter,
    ServiceStatus,
    Status,
    WorkStatus,
)
from shared.contracts.keys import KeyHolder, hash_of
from shared.contracts.notifier_sending import Deliveries, Delivery, FoundDeliveries
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Question
from shared.contracts.services import SERVICES
from tests.support.console import Browser, Console, Services
from tests.support.running import Running, run_service
from tests.support.sequencing import listed
from tests.support.servers import TestServers

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
SILENT = "services keys deliveries webhooks calendars sources sources/ledger datasets"
SECTIONS = [f"/settings/{each}" for each in SILENT.split()]
ADDRESS = "ada.moss@example.com"


def letter(number: int, subject: str, error: str) -> DeadLetter:
    return DeadLetter(
        dead_no=number, event_id=str(UUID(int=number)), consumer=f"matcher-{subject}", subject=subject, headers={},
        body="{}", error=error, tries=5, died_at=NOW, resolution=None,
    )  # fmt: skip


class World:
    """The services: their dead letters, keys and letters, and which of them do not answer."""

    def __init__(self) -> None:
        self.dead = [
            letter(1, "posting.seen", "ValueError: =cmd <b>no name</b>"),
            letter(2, "email.replied", f"ValidationError: {ADDRESS} is not valid"),
        ]
        self.keys: dict[str, str] = {}
        self.silent: set[str] = set()
        self.stopped: str | None = None
        self.given: list[Any] = []

    async def reply(self, request: Question[Any], service: str) -> Any:
        if (service or request.SERVICE) in self.silent:
            raise AskFailed("no reply", 503)
        match request:
            case Status():
                return self.status(service)
            case DeadLetters():
                return [each for each in self.dead if each.dead_no > (request.after or 0)][: request.limit]
            case Sources():
                return [KeyHolder(name=name, created_at=NOW, key_changed_at=NOW) for name in self.keys]
            case AddSource():
                self.keys[request.name] = request.key_hash
            case RemoveSource():
                del self.keys[request.name]
            case Deliveries():
                return self.deliveries()
            case RetryDeadLetter():
                self.dead = [each for each in self.dead if each.dead_no != request.dead_no]
            case Rebuild():
                return RebuildProgress(steps=12)
            case _ if request.NAME in ("keys", "reporters"):
                return []
        self.given.append((request, service))
        return None

    def status(self, service: str) -> ServiceStatus:
        work = [WorkStatus(kind="mail.send", due=1, running=0, waiting=0, failing=1, oldest_due=NOW, error=ADDRESS)]
        return ServiceStatus(
            service=service, now=NOW, today=NOW.date(), timezone="America/New_York", simulation=False, problems=[],
            consumers=[ConsumerProgress(durable=name, lag=lag, delivered=9) for name, lag in (("a", 1200), ("b", 4))],
            outbox=0, dead=len(self.dead) if service == "matcher" else 0, retrying=0,
            work=work if service == "notifier" else [], jobs=[JobStatus(name="age", at="04:00", last_due=None)],
            pack="7c41e9", pid=1, up_seconds=3 * 86_400,
        )  # fmt: skip

    def deliveries(self) -> FoundDeliveries:
        failed = Delivery(
            message_id=uuid4(), draft_id=uuid4(), facility_id="335001", persona="don", state="failed",
            answer=f"550 <{ADDRESS}>: no such user", tries=None, next_try_at=None, approved_by="rep-1",
            approved_at=NOW, sent_at=None,
        )  # fmt: skip
        return FoundDeliveries(deliveries=[failed], by_state={"failed": 1}, stopped=self.stopped)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(servers: TestServers) -> AsyncIterator[Running]:
    async with run_service("console", servers) as running:
        await running.receive(listed("335001", name="WILLOW BEND"))
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def world() -> World:
    return World()


@pytest_asyncio.fixture(loop_scope="module")
async def site(shared: Running, world: World) -> Console:
    await shared.sql("TRUNCATE users, links, sessions, attempts")
    return Console(shared, Services(world.reply))


@pytest_asyncio.fixture(loop_scope="module")
async def browser(site: Console) -> AsyncIterator[Browser]:
    async with site.browser() as opened:
        await site.enter(opened, "priya", "operations")
        yield opened


# --- services ------------------------------------------------------------------------------------------------


async def test_each_service_shows_how_far_it_is_and_one_that_is_silent_hides_no_other(
    browser: Browser, world: World
) -> None:
    world.silent = {"scorer"}

    page = (await browser.get("/settings/services")).text

    assert "No answer: scorer." in page
    assert page.count("1,204") == len(SERVICES) - 1
    assert "3 days" in page


async def test_dead_letters_state_their_reason_without_quoting_people(browser: Browser) -> None:
    page = (await browser.get("/settings/services")).text
    file = (await browser.get("/settings/services/dead.csv")).text

    assert 'Dead letters <span class="count">2</span>' in page
    assert "ValueError: =cmd &lt;b&gt;no name&lt;/b&gt;" in page
    assert "ValidationError" in page
    assert len(file.splitlines()) == 3
    assert "ada.moss" not in page + file


async def test_a_dead_letter_is_retried_in_its_service_and_leaves_the_list(browser: Browser, world: World) -> None:
    await browser.do("retry_dead_letter", target="2", service="matcher", back="/settings/services")

    page = (await browser.get("/settings/services")).text

    assert [(request.dead_no, service) for request, service in world.given] == [(2, "matcher")]
    assert 'Dead letters <span class="count">1</span>' in page
    assert "It was processed." in page


async def test_long_lists_of_dead_letters_are_shown_in_pages(browser: Browser, world: World) -> None:
    world.dead = [letter(number, "posting.seen", "ValueError: x") for number in range(1, 61)]

    first = (await browser.get("/settings/services")).text
    [following] = re.findall(r'href="(/settings/services\?after=[^"]+)"', first)
    second = (await browser.get(following)).text

    assert (first.count("/do/retry_dead_letter"), second.count("/do/retry_dead_letter")) == (50, 10)
    assert (await browser.get("/settings/services?after=matcher/x")).status_code == 400


async def test_a_rebuild_is_asked_about_and_every_page_says_how_far_it_is(
    site: Console, browser: Browser, world: World
) -> None:
    assert "/do/rebuild" not in (await browser.get("/settings/services")).text
    assert "/do/rebuild" in (await browser.get("/settings/services?ask=rebuild")).text
    done = await browser.do("rebuild", back="/settings/services")
    await site.running.sql("DELETE FROM rebuilds RETURNING 1")
    await site.running.sql("INSERT INTO rebuilds (began_at, steps, done) VALUES (%(now)s, 12, 5) RETURNING 1", now=NOW)

    try:
        pages = [(await browser.get(path)).text for path in ("/settings/me", "/settings/services")]
    finally:
        await site.running.sql("DELETE FROM rebuilds RETURNING 1")

    assert done.status_code == 303
    assert all("being built anew (41 %)" in page for page in pages)
    assert "in 12 steps" in pages[0]


@pytest.mark.parametrize(
    "seconds, state, shown",
    [(29, "live", "Live"), (34, "behind", "34 s behind (matcher)"), (301, "stale", "5 min behind (matcher)")],
)
async def test_line_25_a_stream_that_is_not_heard_for_30_seconds_is_shown_as_behind(
    site: Console, browser: Browser, seconds: int, state: str, shown: str
) -> None:
    heard = {"ingest": 1.0, "matcher": float(seconds)}
    site.app.state.backend = replace(site.app.state.backend, heard=lambda: heard)

    page = (await browser.get("/settings/me")).text

    assert f'class="fresh fresh-{state}"' in page
    assert shown in page
    assert ("What matcher published" in page) is (state == "stale")


# --- keys ----------------------------------------------------------------------------------------------------


async def test_a_key_is_shown_once_and_its_service_gets_only_the_hash(
    site: Console, browser: Browser, world: World
) -> None:
    form = {"name": "county-board", "kind": "source", "command_id": uuid4().hex}

    shown = (await browser.do("create_api_key", **form)).text
    again = await browser.do("create_api_key", **form)

    [key] = re.findall(r'class="command">([\w-]{43})<', shown)
    assert world.keys == {"county-board": hash_of(key)}
    assert (again.status_code, key in again.text) == (409, False)
    page = (await browser.get("/settings/keys")).text
    assert ("county-board" in page, "1 key;" in page, key in page) == (True, True, False)
    log = (await site.running.ask(AuditLog()))[0].model_dump_json()
    assert '"target":"county-board"' in log
    assert key not in log


async def test_without_its_service_no_key_is_shown_and_the_form_is_kept(browser: Browser, world: World) -> None:
    world.silent = {"ingest"}

    refused = await browser.do("create_api_key", name="county-board", kind="source")
    page = (await browser.get("/settings/keys")).text

    assert refused.status_code == 409
    assert 'value="county-board"' in refused.text
    assert 'class="command"' not in refused.text
    assert "Keys of the ingest are not shown" in page


async def test_a_key_ends(browser: Browser, world: World) -> None:
    await browser.do("create_api_key", name="county-board", kind="source")

    await browser.do("end_source_key", target="county-board", back="/settings/keys")

    assert world.keys == {}
    assert "The key no longer works." in (await browser.get("/settings/keys")).text


# --- deliveries ----------------------------------------------------------------------------------------------


async def test_letters_are_named_by_role_and_what_servers_answered_names_no_address(browser: Browser) -> None:
    page = (await browser.get("/settings/deliveries")).text
    file = (await browser.get("/settings/deliveries.csv?state=failed")).text

    assert "1 to 1 of 1 letters" in page
    assert "Willow Bend" in page
    assert "<small>DON</small>" in page
    assert "550 &lt;(address)&gt;: no such user" in page
    assert len(file.splitlines()) == 2
    assert ADDRESS not in page + file
    assert (await browser.get("/settings/deliveries?state=x")).status_code == 400


async def test_letters_that_were_stopped_can_be_let_go(browser: Browser, world: World) -> None:
    assert "/do/resume_sending" not in (await browser.get("/settings/deliveries")).text
    world.stopped = "No letter leaves: 6 of the last 40 bounced."

    page = (await browser.get("/settings/deliveries")).text

    assert "6 of the last 40 bounced" in page
    assert "/do/resume_sending" in page


async def test_line_15_the_pages_open_while_no_service_answers(browser: Browser, world: World) -> None:
    world.silent = set(SERVICES)

    for path in SECTIONS:
        assert (await browser.get(path)).status_code == 200, path


@pytest.mark.parametrize(
    "role, sections", [("rep", 3), ("manager", 9), ("operations", 13), ("auditor", 14), ("reader", 1)]
)
async def test_the_settings_list_what_the_role_may_open_and_only_operations_change_it(
    site: Console, browser: Browser, role: Role, sections: int
) -> None:
    await site.enter(browser, role, role, "rep-1" if role == "rep" else None)

    listed = (await browser.get("/settings/me")).text.partition('aria-label="Settings"')[2].partition("</nav>")[0]
    links = re.findall(r'href="(/settings/[a-z]+)"', listed)

    assert len(links) == sections
    for link in links:
        shown = await browser.get(link)
        assert shown.status_code == 200, link
        assert role == "operations" or not re.search("/do/(retry|end_source|run_job)|ask=(create|rebuild)", shown.text)
