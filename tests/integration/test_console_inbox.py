"""Do people decide on employers in the matcher's order, each decision once, and is what they see what waits?"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from shared.contracts.events import Candidate, PostingResolved, PostingSeen, PostingUnmatched
from shared.contracts.matcher import (
    AcceptGroup,
    Inbox,
    InboxGroup,
    MatchesToJudge,
    Precision,
    RejectGroup,
    Resolution,
    Verdicts,
)
from shared.contracts.matcher_replies import FacilityChoice, MatchToJudge, MeasuredPrecision, Verdict
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Question
from tests.support.console import Browser, Console, Services
from tests.support.running import Running, run_service
from tests.support.sequencing import listed
from tests.support.servers import TestServers

pytestmark = pytest.mark.asyncio(loop_scope="module")

TODAY = date(2026, 7, 1)
HOSTILE = "<script>alert(1)</script>\"'‮"
CANDIDATE: dict[str, Any] = {"facility_id": "335001", "name": "WILLOW BEND", "city": "ALBANY", "confidence": 0.6}
VERDICTS = [
    Verdict(name="none_of_these", label="none of the facilities shown", is_final=True, of_matches=True),
    Verdict(name="new_facility", label="a facility that is not listed yet", is_final=False, of_matches=False),
    Verdict(name="not_one", label="not one of ours", is_final=True, of_matches=True),
    Verdict(name="unsure", label="cannot be decided", is_final=False, of_matches=True),
]


def posting(number: int, employer: str) -> PostingSeen:
    return PostingSeen(posting_id=UUID(int=number), version=1, source="feed", source_posting_id=str(number),
        title=f"Nurse {number}", employer_name=employer, city="ALBANY", state="NY", role_family="mds_coordinator",
        urgency=2, first_seen_on=date(2026, 6, 29), last_seen_on=date(2026, 7, 1), pack="test")  # fmt: skip


def unmatched(number: int, group: str, employer: str, version: int = 1) -> PostingUnmatched:
    return PostingUnmatched(posting_id=UUID(int=number), version=version, employer_name=employer, city="ALBANY",
        state="NY", role_family="mds_coordinator", reason="ambiguous", candidates=(Candidate(**CANDIDATE),),
        group=group)  # fmt: skip


def resolved(number: int, outcome: str, by: str | None, version: int = 2) -> PostingResolved:
    facility = "335001" if outcome == "matched" else None
    return PostingResolved(
        posting_id=UUID(int=number), version=version, outcome=outcome, facility_id=facility, decided_by=by
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(servers: TestServers) -> AsyncIterator[Running]:
    """A console that knows six postings: two groups wait, one was decided, one dismissed."""
    employers = {1: ("g1", "Willow Bend Care"), 2: ("g1", "WILLOW BEND CARE"), 3: ("g2", "Maple"), 4: ("g3", "Alder"),
        5: ("g4", "Birch"), 6: ("g1", "Willow Bend Care Center")}  # fmt: skip
    async with run_service("console", servers) as running:
        await running.receive(listed("335001", name="WILLOW BEND"), listed("335002", name="MAPLE HOLLOW"))
        await running.receive(*[posting(number, employer) for number, (_, employer) in employers.items()])
        await running.receive(resolved(4, "matched", "ann"), resolved(5, "dismissed", None))
        await running.receive(*[unmatched(number, group, name) for number, (group, name) in employers.items()])
        yield running


def group(key: str, employer: str = "Willow Bend Care", **changes: Any) -> InboxGroup:
    fields: dict[str, Any] = {"key": key, "version": 3, "employer_name": employer, "city": "ALBANY", "state": "NY",
        "postings": 2, "role_families": ["mds_coordinator"], "waiting_since": date(2026, 6, 29),
        "last_seen_on": date(2026, 7, 1), "reason": "ambiguous", "candidates": [CANDIDATE]}  # fmt: skip
    return InboxGroup.model_validate(fields | changes)


class Matcher(Services):
    """Replies with two groups and a match to judge, or not at all."""

    def __init__(self) -> None:
        super().__init__()
        self.groups, self.away = [group("g2", "Maple"), group("g1")], False

    async def ask(self, request: Question[Any], /, *, service: str = "") -> Any:
        self.asked.append(request)
        if self.away:
            raise AskFailed("No service replies.", 503)
        match request:
            case Inbox():
                return [group("g4", "Birch", dismissed_on=TODAY)] if request.dismissed else self.groups
            case Verdicts():
                return VERDICTS
            case Precision():
                return MeasuredPrecision(
                    judged=60, agreed=57, unsure=0, precision=0.95, low=0.863, high=0.983, share=0.01, waiting=1
                )
            case MatchesToJudge():
                choice = FacilityChoice(facility_id="335001", name="WILLOW BEND", address=None, city="ALBANY")
                return [MatchToJudge(key="m1", employer_name="Willow Bend Care", city="ALBANY", state="NY", zip=None,
                    address=None, candidates=[choice])]  # fmt: skip
            case AcceptGroup() | RejectGroup():
                return Resolution(key=request.key, matched=2)
        raise AskFailed("No such thing.", 404)


@pytest.fixture
def matcher() -> Matcher:
    return Matcher()


@pytest_asyncio.fixture(loop_scope="module")
async def site(shared: Running, matcher: Matcher) -> Console:
    return Console(shared, matcher)


@pytest_asyncio.fixture(loop_scope="module")
async def browser(site: Console) -> AsyncIterator[Browser]:
    async with site.browser() as opened:
        await site.enter(opened, "dana", "rep", "rep-1")
        yield opened


async def test_groups_are_in_the_matchers_order_and_the_navigation_counts_them(browser: Browser) -> None:
    page = (await browser.get("/inbox/g1")).text

    assert page.index('id="group-g2"') < page.index('id="group-g1"')
    assert 'id="count-inbox">2<' in page  # as read models count it: neither the decided nor the dismissed ones
    assert "2 employers wait, 4 postings" in page
    assert "<mark>Willow Bend</mark>" in page
    assert "<b>0.60</b>" in page
    assert "<b>0.40</b>" in page
    assert "Nurse 1" in page
    assert "Nurse 2" in page
    assert "Nurse 3" not in page
    assert "leaves tonight" in page


async def test_line_21_the_dashboard_counts_the_groups_of_the_inbox(
    site: Console, browser: Browser, matcher: Matcher
) -> None:
    await site.enter(browser, "helen", "manager")
    matcher.away = True  # and the sequencer with it

    page = (await browser.get("/dashboards/health")).text

    ages = re.findall(r'<span>(?:under 24|24 to 48|over 48) h</span>.*?class="value">(?:<[^>]*>)*(\d+)', page)
    assert sum(map(int, ages)) == 2
    assert 'id="count-inbox">2<' in page


async def test_line_13_two_clicks_accept_once_and_can_be_undone(browser: Browser, matcher: Matcher) -> None:
    form = {"target": "g1", "version": "3", "facility_id": "335001", "command_id": uuid4().hex, "back": "/inbox"}
    for _ in range(2):
        assert (await browser.do("accept_group", **form)).status_code == 303

    accepted = [each for each in matcher.asked if isinstance(each, AcceptGroup)]
    assert {(each.key, each.facility_id, each.seen, each.actor) for each in accepted} == {("g1", "335001", 3, "rep-1")}
    assert len({each.command_id for each in accepted}) == 1
    page = (await browser.get("/inbox")).text
    assert "Accepted: 2 postings." in page
    assert 'action="/do/undo_decision"' in page


async def test_a_group_that_was_decided_leaves_a_telephone_with_the_list(browser: Browser) -> None:
    assert "split case open" in (await browser.get("/inbox/g1")).text
    assert "split case open" not in (await browser.get("/inbox/decided")).text


async def test_every_key_of_a_case_is_on_the_page(browser: Browser) -> None:
    page = (await browser.get("/inbox/g1?find=maple hollow")).text

    for key, value in (
        ("1", "335001"),
        ("0", "none_of_these"),
        ("8", "new_facility"),
        ("9", "not_one"),
        ("Q", "unsure"),
    ):
        assert f'value="{value}"' in page
        assert f'data-key="{key}"' in page
    assert 'value="335002"' in page  # found by its name


async def test_matches_are_judged_blind(browser: Browser) -> None:
    page = (await browser.get("/inbox?state=judge")).text

    assert 'action="/do/judge_match"' in page
    assert "Confidence" not in page
    assert "new_facility" not in page
    assert "57 of 60 judged matches are right; precision between 86 and 98 %" in page


async def test_decisions_that_are_still_so_are_listed_and_can_be_taken_back(browser: Browser) -> None:
    page = (await browser.get("/inbox?state=decided")).text

    assert "Alder, Albany" in page
    assert 'name="target" value="g3"' in page
    assert "Birch" not in page


async def test_a_dismissed_group_can_be_decided_and_taken_back(site: Console, browser: Browser) -> None:
    page = (await browser.get("/inbox?state=dismissed")).text

    assert 'action="/do/accept_group"' in page
    form = page[page.index('action="/do/undo_decision"') :]
    assert ('name="target" value="g4"' in form, 'name="version" value="3"' in form) == (True, True)
    await site.enter(browser, "reader", "reader")
    assert "undo_decision" not in (await browser.get("/inbox?state=dismissed")).text


@pytest.mark.parametrize("typed, found", [("maple hol", True), ("m_ple", False), ("%", False), ("maple%20%25", False)])
async def test_another_account_is_found_by_words_and_not_by_patterns(browser: Browser, typed: str, found: bool) -> None:
    page = (await browser.get(f"/inbox/g1?find={typed}")).text

    assert ('value="335002"' in page) is found


async def test_a_reader_sees_and_decides_nothing(site: Console, browser: Browser) -> None:
    await site.enter(browser, "reader", "reader")

    page = (await browser.get("/inbox/g1")).text

    assert "Willow Bend" in page.replace("<mark>", "")
    assert "Accept" not in page
    assert (await browser.do("accept_group", target="g1", facility_id="335001")).status_code == 403
    await site.enter(browser, "operations", "operations")
    assert (await browser.get("/inbox")).status_code == 403


async def test_line_15_without_the_matcher_the_list_is_shown_as_far_as_it_is_known(
    browser: Browser, matcher: Matcher
) -> None:
    matcher.away = True

    response = await browser.get("/inbox/g1")

    assert response.status_code == 200
    assert "the matcher does not answer" in response.text
    assert 'id="group-g1"' in response.text
    assert 'id="group-g2"' in response.text
    assert 'id="group-g3"' not in response.text
    assert "Nurse 1" in response.text


async def test_line_7_hostile_names_are_inert(browser: Browser, matcher: Matcher) -> None:
    matcher.groups = [
        group("g1", HOSTILE, city=HOSTILE, reason=HOSTILE, candidates=[CANDIDATE | {"name": HOSTILE, "city": HOSTILE}])
    ]

    page = (await browser.get(f"/inbox/g1?find={HOSTILE}")).text

    assert "<script>" not in page.replace("<script src", "")
    assert "&lt;" in page
