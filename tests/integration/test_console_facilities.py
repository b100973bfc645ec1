"""What do the console's pages about accounts promise to those who look at them?"""

from __future__ import annotations

import csv
import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from services.console.domain.permissions import ROLES
from shared.contracts.console import AuditLog
from shared.contracts.courier_crm import CrmAccount, CrmConflict, CrmOfAccount
from shared.contracts.events import ContactChanged, FactorScore, Person, ScoreChanged, TaskDue, TouchLogged
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Question
from shared.contracts.scorer import Why
from shared.contracts.scorer_replies import ScoredFacility, ScoreLine, ScoreReasons
from shared.contracts.sequencer import Contacts
from shared.contracts.sequencer_replies import ContactRow
from tests.support.console import Browser, Console, Services, one_browser
from tests.support.running import Running, run_service
from tests.support.sequencing import listed
from tests.support.servers import TestServers

pytestmark = pytest.mark.asyncio(loop_scope="module")
browser = one_browser

HOSTILE = '<script>alert(1)</script> =cmd|" /C calc"!A0 \u202egnp'
FACTORS = (
    FactorScore(factor="open_posting", label="Open posting", weight=Decimal("0.36"), value=Decimal("0.7"),
        points=Decimal("25.2"), known=True, evidence="posting, seen 2026-07-01"),
    FactorScore(factor="qm_rating", label="QM rating", weight=Decimal("0.2"), value=Decimal("1"),
        points=Decimal("20"), known=True, evidence="QM rating 1 of 5"),
)  # fmt: skip
SCORE = ScoreChanged(
    facility_id="335001",
    score_version=1,
    score=Decimal("47.5"),
    tier=1,
    scored_on=date(2026, 7, 1),
    breakdown=FACTORS,
    multiplier=Decimal("1.0511"),
    pack="test",
    cause="facility.matched",
)
TASK = TaskDue(
    task_id=UUID(int=9),
    step_no=1,
    facility_id="335001",
    facility_name="WILLOW BEND",
    city="ALBANY",
    state="NY",
    tier=1,
    score=Decimal("47.5"),
    rep="rep-1",
    channel="call",
    persona="don",
    person=Person(role="don", name="Ada Moss", direct_phone="518-555-0142"),
    due_on=date(2026, 7, 1),
    reason="an open posting",
    pack="test",
)
TOUCH = TouchLogged(
    activity_id=UUID(int=8),
    facility_id="335001",
    task_id=None,
    channel="call",
    persona="don",
    outcome="left_voicemail",
    note="Ada Moss says Thursdays are best.",
    rep="rep-1",
    touched_on=date(2026, 7, 1),
)
PERSONAL = ("Ada Moss", "555-0142", "ada@example.com", "Thursdays")


async def reply(request: Question[Any], service: str) -> Any:
    """What the owners of things say about the account."""
    if isinstance(request, Why):
        return ScoreReasons(
            facility=ScoredFacility(facility_id="335001", name="W", city="A", state="NY", chain=None, listed=True),
            score=SCORE.score,
            tier=1,
            scored_on=SCORE.scored_on,
            multiplier=SCORE.multiplier,
            multiplier_evidence="a share",
            pack="test",
            breakdown=[ScoreLine(**each.model_dump()) for each in FACTORS],
            cuts={1: Decimal("40.9")},
            calibrated_on=None,
            signals=[],
            history=[],
            unknown=[],
            next_tier=None,
        )
    if isinstance(request, Contacts):
        return [
            ContactRow(facility_id="335001", chain=None, role="don", name="Ada Moss", direct_phone="+15185550142",
                email="ada@example.com", source="site", source_date=date(2026, 7, 1), current=True)
        ]  # fmt: skip
    if isinstance(request, CrmOfAccount):
        clash = CrmConflict(
            conflict_no=1, kind="companies", id="335001", facility_id="335001", field="next_touch_on", base=None,
            ours="2026-07-02", theirs=HOSTILE, kept="ours", rule="ours", at=datetime(2026, 7, 1, 16, tzinfo=UTC),
        )  # fmt: skip
        return CrmAccount(
            system="hubspot", their_id="9", url="https://crm.example/9?a=1&b", sent_at=None, withheld=False,
            error=None, conflicts=[clash.model_copy(update={"kind": "contacts", "theirs": "Ada Moss"})] + [clash] * 5,
        )  # fmt: skip
    raise AskFailed("no such thing", 404)


async def silent(request: Question[Any], service: str) -> Any:
    raise AskFailed("no reply", 503)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(servers: TestServers) -> AsyncIterator[Running]:
    """A console that knows an account, for all of these tests."""
    async with run_service("console", servers) as running:
        await running.receive(
            listed("335001", name=HOSTILE), SCORE, TASK, TOUCH,
            ContactChanged(facility_id="335001", role="don", version=1, has_direct_phone=True),
        )  # fmt: skip
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def site(shared: Running) -> Console:
    for table in ("users", "links", "sessions", "attempts"):
        await shared.sql(f"DELETE FROM {table} RETURNING 1")
    return Console(shared, Services(reply))


async def test_a_rep_sees_the_people_of_an_account_and_what_they_wrote(site: Console, browser: Browser) -> None:
    await site.add(browser, "dana", "rep", "rep-1")

    page = await browser.get("/facilities/335001")

    assert page.status_code == 200
    assert "Ada Moss says Thursdays are best." in page.text
    assert 'name="target" value="00000000-0000-0000-0000-000000000009"' in page.text
    assert "/do/add_contact" in page.text
    assert '<a class="link dial-small" href="tel:+15185550142">(518) 555-0142</a>' in page.text
    assert "ada@example.com" in page.text


async def test_a_manager_gives_an_account_to_another_rep_and_suppresses_it_from_its_page(
    site: Console, browser: Browser
) -> None:
    await site.running.sql(
        """
        INSERT INTO states (kind, id, version, status, rep, data) VALUES ('rep', 'bob', 1, '', 'bob', '{"name": "Bob"}')
        ON CONFLICT DO NOTHING
        """
    )
    await site.add(browser, "helen", "manager")

    page = (await browser.get("/facilities/335001")).text
    asked = (await browser.get("/settings/suppressions?ask=facility&account=335001")).text

    assert "/do/assign_account" in page
    assert '<option value="bob">Bob</option>' in page
    assert 'href="/worklist?who=bob"' in (await browser.get("/find?q=bob")).text
    assert '<input type="hidden" name="who" value="Ada Moss">' in page
    assert "/settings/suppressions?ask=facility&amp;account=335001" in page
    assert "/settings/suppressions?ask=person&amp;account=335001&amp;role=" in page
    assert 'name="facility" type="text" value="335001"' in asked
    assert '<input type="hidden" name="back" value="/facilities/335001">' in asked


async def test_an_account_in_the_crm_is_opened_there_and_has_what_both_sides_changed(
    site: Console, browser: Browser
) -> None:
    await site.add(browser, "dana", "rep", "rep-1")
    rep = (await browser.get("/facilities/335001")).text
    await site.add(browser, "helen", "manager")
    manager = (await browser.get("/facilities/335001")).text

    assert 'href="https://crm.example/9?a=1&amp;b"' in rep
    assert rep.count("was changed on both sides; ours counts") == 3
    assert "of a contact</b>" in rep
    assert "Next touch on" in rep
    assert HOSTILE not in rep
    assert "/settings/crm?show=conflicts" not in rep
    assert "/settings/crm?show=conflicts" in manager


@pytest.mark.parametrize("role", ["reader", "operations", "auditor"])
async def test_line_8_who_may_not_see_people_gets_no_personal_data(site: Console, browser: Browser, role: Any) -> None:
    await site.add(browser, "rita", role)

    page = (await browser.get("/facilities/335001")).text

    assert "DON" in page
    assert [each for each in PERSONAL if each in page] == []
    assert "/do/add_contact" not in page


async def test_line_7_hostile_names_are_inert(site: Console, browser: Browser) -> None:
    await site.add(browser, "dana", "rep", "rep-1")

    page = (await browser.get("/facilities/335001")).text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


async def test_line_23_the_breakdown_on_the_page_equals_the_score(site: Console, browser: Browser) -> None:
    await site.add(browser, "dana", "rep", "rep-1")

    page = (await browser.get("/facilities/335001")).text

    for figure in ("25.2", "20.0", "45.2", "× 1.0511", "+2.3", "47.5"):
        assert figure in page


async def test_line_15_the_page_opens_while_no_service_answers(site: Console, browser: Browser) -> None:
    await site.add(browser, "dana", "rep", "rep-1")
    site.services.replies = silent

    page = await browser.get("/facilities/335001")

    assert page.status_code == 200
    assert "the scorer does not answer" in page.text
    assert "the sequencer does not answer" in page.text
    assert "25.2" in page.text


async def test_an_unknown_account_is_not_found(site: Console, browser: Browser) -> None:
    await site.add(browser, "dana", "rep", "rep-1")

    assert (await browser.get("/facilities/335999")).status_code == 404
    assert (await browser.get("/facilities/335001?on=yesterday")).status_code == 400


async def test_line_26_the_list_counts_what_it_shows_and_the_file_has_every_row(
    site: Console, browser: Browser
) -> None:
    await site.add(browser, "rita", "reader")
    await site.running.receive(*(listed(f"3360{number:02}", name=f"MANY HOMES {number}") for number in range(60)))

    first, second = await browser.get("/facilities?q=homes"), await browser.get("/facilities?q=homes&page=2")
    file = await browser.get("/facilities.csv?q=homes")

    assert "1 to 50 of 60" in first.text
    assert (first.text.count("<tr data-row"), second.text.count("<tr data-row")) == (50, 10)
    assert len(file.text.splitlines()) == 61
    assert file.headers["content-type"].startswith("text/csv")


async def test_line_7_a_file_has_no_formulas_and_no_people_and_is_audited(site: Console, browser: Browser) -> None:
    await site.add(browser, "rita", "reader")
    await site.running.receive(listed("335777", name='=cmd|" /C calc"!A0'))

    file = (await browser.get("/facilities.csv")).text

    assert "\"'=cmd" in file
    assert ",=" not in file
    assert [each for each in PERSONAL if each in file] == []
    [audited] = await site.running.ask(AuditLog(name="rita", limit=1))
    assert (audited.action, audited.target) == ("export_facilities", "/facilities")


async def test_a_rep_exports_only_the_accounts_that_are_theirs(site: Console, browser: Browser) -> None:
    await site.add(browser, "dana", "rep", "rep-1")

    assert (await browser.get("/facilities.csv")).status_code == 403
    assert (await browser.get("/facilities.csv?owner=rep-1")).status_code == 200


async def test_an_account_knows_its_neighbors_in_the_list_it_was_opened_from(site: Console, browser: Browser) -> None:
    await site.add(browser, "dana", "rep", "rep-1")
    await site.running.receive(*(listed(f"3370{number:02}", name=f"HOUSE {number}") for number in range(3)))

    page = (await browser.get("/facilities/337001?from=/facilities?q%3Dhouse%26sort%3Dname")).text

    assert "2 of 3" in page
    assert 'href="/facilities/337000?from=' in page
    assert 'href="/facilities/337002?from=' in page
    assert 'href="//evil' not in (await browser.get("/facilities/337001?from=//evil.example/facilities")).text


async def test_people_are_found_only_by_those_who_may_see_them(site: Console, browser: Browser) -> None:
    await site.add(browser, "dana", "rep", "rep-1")
    found = (await browser.get("/find?q=ada%20moss")).text
    async with site.browser() as other:
        await site.add(other, "rita", "reader")
        hidden = [(await other.get(f"/find?q={typed}")).text for typed in ("moss", "518.555.0142")]

    assert ('href="/facilities/335001"' in found, "Ada Moss" in found) == (True, True)
    assert "Ada Moss" in (await browser.get("/find?q=(518) 555-0142")).text, "by the direct line"
    assert [page for page in hidden if 'href="/facilities/335001"' in page] == []


async def test_an_account_is_found_by_its_number_its_phone_and_pages_by_their_title(
    site: Console, browser: Browser
) -> None:
    await site.add(browser, "dana", "rep", "rep-1")
    await site.running.receive(listed("335888", name="HOUSE OF PHONES").model_copy(update={"phone": "(518) 555-0188"}))

    for typed in ("335888", "518.555.0188", "%2B1%20518%20555%200188", "phones%20house"):
        assert 'href="/facilities/335888"' in (await browser.get(f"/find?q={typed}")).text
    assert "G P" in (await browser.get("/find?q=pipeline")).text
    for typed in ("capacity", "leave", "rep%20ill"):
        assert 'href="/capacity#leave"' in (await browser.get(f"/find?q={typed}")).text


@pytest.mark.parametrize(
    "typed, section, roles",
    [
        pytest.param("suppressions", "suppressions", {"rep", "manager", "auditor"}, id="by its title"),
        pytest.param("dead letters", "services", {"operations", "auditor"}, id="by what is there"),
        pytest.param("PASSWORD", "me", {"rep", "manager", "operations", "reader", "auditor"}, id="for all"),
    ],
)
async def test_sections_of_the_settings_are_found_by_those_who_may_open_them(
    site: Console, browser: Browser, typed: str, section: str, roles: set[str]
) -> None:
    finders = set()
    for role in ROLES:
        await site.enter(browser, role, role, "rep-1" if role == "rep" else None)
        found = (await browser.get(f"/find?q={typed}")).text.partition('id="found"')[2].partition("</main>")[0]
        finders |= {role} if f'href="/settings/{section}"' in found else set()

    assert finders == roles


async def test_an_event_is_shown_without_what_people_wrote_to_those_who_may_not_see_them(
    site: Console, browser: Browser
) -> None:
    await site.add(browser, "rita", "reader")
    [row] = await site.running.sql("SELECT event_id FROM log WHERE subject = 'touch.logged'")

    listing, event = await browser.get("/events?subject=touch.logged"), await browser.get(f"/events/{row['event_id']}")

    assert (listing.status_code, event.status_code) == (200, 200)
    assert f"/events/{row['event_id']}" in listing.text
    assert [each for each in PERSONAL if each in listing.text + event.text] == []
    assert (await browser.get("/events/nothing")).status_code == 404


async def test_line_26_discovery_lists_accounts_without_a_posting_and_its_file_has_as_many(
    site: Console, browser: Browser
) -> None:
    await site.add(browser, "rita", "reader")
    site.services.replies = silent

    page, file = await browser.get("/discovery"), await browser.get("/discovery.csv")

    assert page.status_code == 200
    assert "Bookmarks are not shown" in page.text
    assert 'id="account-335001"' in page.text
    assert page.text.count("<tr data-row") == len(file.text.splitlines()) - 1
    assert (await browser.get("/discovery.csv?show=bookmarked")).status_code == 503  # and no empty file


async def test_line_26_the_file_of_events_has_every_event_of_the_list_and_no_formulas(
    site: Console, browser: Browser
) -> None:
    await site.add(browser, "rita", "reader")
    await site.running.receive(*(listed(f"3370{number:02}", name="=cmd|A0") for number in range(20)))
    await site.running.sql(
        """
        INSERT INTO log (event_id, subject, facility_id, at, trace, data)
        SELECT gen_random_uuid(), subject, facility_id, at, trace, data
        FROM log CROSS JOIN generate_series(1, 60) WHERE subject = 'facility.listed'
        """
    )

    for query in ("", "?subject=facility.listed", "?facility=335001", "?subject=nothing.known"):
        page = (await browser.get(f"/events{query}")).text
        file = (await browser.client.get(f"/events.csv{query}")).text  # a page of it at a time
        [total] = re.findall(r'class="sub">([\d,]+) events?<', page)
        rows = list(csv.DictReader(StringIO(file)))
        assert len(rows) == len({each["id"] for each in rows}) == int(total.replace(",", ""))
        assert [each for each in rows if each["name"].startswith("=")] == []
        assert [each for each in PERSONAL if each in file] == []
    [audited] = await site.running.ask(AuditLog(name="rita", limit=1))
    assert (audited.action, audited.target) == ("export_events", "/events?subject=nothing.known")


async def test_a_rep_exports_only_events_of_their_own(site: Console, browser: Browser) -> None:
    await site.add(browser, "dana", "rep", "rep-1")

    assert "/events.csv" not in (await browser.get("/events")).text
    assert (await browser.get("/events.csv")).status_code == 403
    assert (await browser.get("/events.csv?rep=rep-2")).status_code == 403
    assert "/events.csv?rep=rep-1" in (await browser.get("/events?rep=rep-1")).text
    assert "touch.logged" in (await browser.get("/events.csv?rep=rep-1")).text
