"""Who is shown whom we do not contact, and who may change that?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from engines.suppression.statements import suppression_id
from services.console.domain.permissions import Role
from shared.contracts.console import AuditLog
from shared.contracts.events import AddressSuppressionChanged, SuppressionChanged
from shared.contracts.notifier_suppressions import AddressPermission, AddSuppression, RefusedSend, SuppressedAddress
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Question
from shared.contracts.suppressions import StatementRow, SuppressionRow
from tests.support.console import Browser, Console, Services, one_browser
from tests.support.running import Running, run_service
from tests.support.sequencing import listed
from tests.support.servers import TestServers

pytestmark = pytest.mark.asyncio(loop_scope="module")
browser = one_browser

HERE = "/settings/suppressions"
ADA = str(suppression_id("address", "ada@example.com"))
PERSONAL = ("ada@example.com", "Ada Moss", "=wrote", "to us")


def changed(scope: Any, target: str, label: str, by: str, *channels: str, version: int = 1) -> Any:
    kind = AddressSuppressionChanged if scope in ("address", "domain") else SuppressionChanged
    return kind(
        suppression_id=suppression_id(scope, target), scope=scope, target=target, version=version, channels=channels,
        lifted=not channels, marks=(f"{scope}:{target}",), label=label, reason="=wrote <b>to us</b>",
        source="a call", stated_by=by, stated_on=date(2026, 7, 1),
    )  # fmt: skip


def stated(target: str) -> dict[str, Any]:
    return {
        "suppression_id": UUID(ADA), "scope": "address", "target": target, "label": target, "channels": ["email"],
        "reason": "=wrote to us", "source": "a call", "stated_by": "rep-1", "stated_on": date(2026, 7, 1),
    }  # fmt: skip


async def reply(request: Question[Any], service: str) -> Any:
    """What the notifier knows about Ada's address."""
    if isinstance(request, AddSuppression):
        suppression = SuppressionRow(**stated(request.email or ""), version=1)
        return SuppressedAddress(suppression=suppression, changed=True, withdrawn=2)
    return AddressPermission(
        in_force=[SuppressionRow(**stated("ada@example.com"), version=1)],
        statements=[StatementRow(**stated("ada@example.com"), instruction="stop", stopped_now=["email"])],
        refused=[
            RefusedSend(message_id=UUID(int=1), email="ada@example.com", task_id=None, facility_id="335001", why="w",
                refused_on=date(2026, 7, 2), refused_at=datetime(2026, 7, 2, 12, tzinfo=UTC))
        ],
    )  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(servers: TestServers) -> AsyncIterator[Running]:
    """A console that knows five suppressions, of which one was lifted."""
    async with run_service("console", servers) as running:
        await running.receive(
            listed("335001", name="WILLOW BEND"),
            changed("address", "ada@example.com", "ada@example.com", "rep-1", "email"),
            changed("address", "eve@example.com", "eve@example.com", "recipient", version=2),
            changed("person", "facility:335001/ada moss", "Ada Moss (Director of Nursing, 335001)", "helen", "all"),
            changed("facility", "335001", "facility 335001", "helen", "call", "email"),
            changed("chain", "MOSS CARE", "chain MOSS CARE", "helen", "all"),
        )
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def site(shared: Running) -> Console:
    await shared.sql("TRUNCATE users, links, sessions, attempts")
    return Console(shared, Services(reply))


async def test_the_list_is_of_those_in_force_and_each_count_is_its_list(site: Console, browser: Browser) -> None:
    await site.enter(browser, "helen", "manager")

    page = (await browser.get(HERE)).text
    people = (await browser.get(f"{HERE}?kind=person")).text

    assert "1 to 4 of 4 suppressions" in page
    assert all(text in page for text in ("ada@example.com", "Willow Bend (335001)", "Moss Care", "call, e-mail"))
    assert "eve@example.com" not in page
    assert ("1 to 1 of 1" in people, "Ada Moss" in people, "ada@example.com" in people) == (True, True, False)
    assert "=wrote &lt;b&gt;to us&lt;/b&gt;" in page


async def test_a_suppression_is_found_by_a_part_of_its_name_or_address(site: Console, browser: Browser) -> None:
    await site.enter(browser, "helen", "manager")

    assert "1 to 1 of 1" in (await browser.get(f"{HERE}?q=willow")).text
    assert "1 to 2 of 2" in (await browser.get(f"{HERE}?q=ADA")).text
    assert "Clear filters" in (await browser.get(f"{HERE}?q=%25")).text


async def test_line_8_an_auditor_sees_kinds_and_channels_but_no_person(site: Console, browser: Browser) -> None:
    await site.enter(browser, "tom", "auditor")

    for path in (HERE, f"{HERE}/{ADA}", f"{HERE}.csv", f"{HERE}?q=ada"):
        page = await browser.get(path)
        assert page.status_code == 200, path
        assert not [text for text in PERSONAL if text in page.text], path
    assert "1 to 4 of 4" in (await browser.get(f"{HERE}?q=ada")).text


@pytest.mark.parametrize(
    "role, adds, lifts", [("rep", True, False), ("manager", True, True), ("auditor", False, False)]
)
async def test_a_rep_adds_and_only_a_manager_lifts(
    site: Console, browser: Browser, role: Role, adds: bool, lifts: bool
) -> None:
    await site.enter(browser, role, role, "rep-1" if role == "rep" else None)

    for page in ((await browser.get(f"{HERE}?ask=address")).text, (await browser.get(f"{HERE}/{ADA}")).text):
        assert ("/do/lift_suppression" in page) is lifts
    assert ("/do/add_suppression" in (await browser.get(f"{HERE}?ask=domain")).text) is adds
    assert ("/do/stop_contact" in (await browser.get(f"{HERE}?ask=chain")).text) is adds


async def test_what_was_added_is_reported_and_the_audit_log_has_no_address(site: Console, browser: Browser) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")

    await browser.do("add_suppression", email="mo@example.com", reason="asked us to", back=HERE)

    assert "Not contacted any more: mo@example.com. 2 drafts withdrawn." in (await browser.get(HERE)).text
    [row] = [each for each in await site.running.ask(AuditLog()) if each.action == "add_suppression"]
    assert "mo@example" not in row.model_dump_json()


async def test_why_says_who_stated_it_and_which_letters_it_stopped(site: Console, browser: Browser) -> None:
    await site.enter(browser, "helen", "manager")

    page = (await browser.get(f"{HERE}/{ADA}")).text

    assert "Not to be contacted: e-mail" in page
    assert "Letters that were not sent" in page
    assert 'href="/facilities/335001">Willow Bend</a>' in page
    assert (await browser.get(f"{HERE}/{UUID(int=5)}")).status_code == 404


async def test_line_15_without_its_owner_the_latest_statement_is_shown(site: Console, browser: Browser) -> None:
    async def silent(request: Question[Any], service: str) -> Any:
        raise AskFailed("no reply", 503)

    site.services.replies = silent
    await site.enter(browser, "helen", "manager")

    page = await browser.get(f"{HERE}/{ADA}")

    assert page.status_code == 200
    assert "the notifier does not answer" in page.text
    assert "=wrote &lt;b&gt;to us" in page.text


async def test_line_26_the_file_has_each_row_of_the_list_and_a_reps_only_their_own(
    site: Console, browser: Browser
) -> None:
    await site.enter(browser, "helen", "manager")
    every = (await browser.get(f"{HERE}.csv")).text.splitlines()
    await site.enter(browser, "dana", "rep", "rep-1")
    own = (await browser.get(f"{HERE}.csv")).text.splitlines()

    assert (len(every), len(own)) == (5, 2)
    assert "'=wrote" in every[1]
    assert "ada@example.com" in own[1]
    assert f"{HERE}.csv" not in (await browser.get(HERE)).text
    assert f"{HERE}.csv?by=me" in (await browser.get(f"{HERE}?by=me")).text
