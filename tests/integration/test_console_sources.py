"""What do people see of sources, datasets and the ledger on pages, and what can operations do about them?"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from services.console.domain.permissions import Role
from shared.contracts.ingest_datasets import (
    AcceptVintage,
    CheckDataset,
    Dataset,
    DatasetHistory,
    Datasets,
    RefuseVintage,
    ShowDataset,
    Vintage,
)
from shared.contracts.ingest_sources import (
    ChangeSource,
    FetchesAsked,
    FetchNow,
    Ledger,
    LedgerRow,
    LedgerSum,
    LedgerSums,
    LedgerTotals,
    PostingAccount,
    PostingLedger,
    Sighting,
    SourceDetail,
    SourceDetails,
    SourceList,
    SourceState,
    SourceTest,
    TestedPosting,
    TestedSource,
    TestSource,
)
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Question
from tests.support.console import Browser, Console, Services, one_browser, one_console
from tests.support.running import Running

pytestmark = pytest.mark.asyncio(loop_scope="module")
shared, browser = one_console, one_browser

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>"
POSTING = UUID(int=7)


def a_row(number: int, **fields: Any) -> LedgerRow:
    given = {
        "fetch_no": number, "source": "birch", "kind": "fetch", "adapter": "career_site", "rule": "robots",
        "rule_sha256": "ab" * 32, "detail": "robots.txt of birch.example allowed it", "actor": None, "import_id": None,
        "started_at": NOW, "finished_at": NOW, "requests": 12, "bytes": 2_000, "outcome": "complete", "note": None,
        "new": 3, "seen": 0, "again": 0, "refused": 1, "refusals": {f"title: {HOSTILE}": 1}, "closed": 0,
    }  # fmt: skip
    return LedgerRow.model_validate({**given, **fields})


class World:
    """An ingest with three sources, of which one fails and one is pushed."""

    def __init__(self) -> None:
        self.rows = [a_row(number) for number in range(120, 0, -1)]
        self.test = TestedSource(name="birch", asked_at=None, tested_at=None)
        self.sources = [
            SourceState(
                name="birch", kind="fetched", adapter="career_site", state="stopped", rule="robots", failures=5,
                error=f"status 503 {HOSTILE}", warning="5 fetches in a row failed", listed=41, last=self.rows[0],
            ),
            SourceState(name="county-board", kind="pushed", state="ready", last=a_row(9, rule="key")),
            SourceState(name="alder", kind="fetched", adapter="lever", state="waiting", rule="public_api", next_at=NOW),
        ]  # fmt: skip
        self.given: list[Any] = []

    async def reply(self, request: Question[Any], service: str) -> Any:
        match request:
            case SourceList():
                return self.sources
            case SourceDetails():
                return self.detail(request.name)
            case SourceTest():
                return self.test
            case Ledger():
                before = request.before or 1_000
                return [each for each in self.rows if each.fetch_no < before][: request.limit]
            case LedgerTotals():
                some = LedgerSum(kind="fetch", rule="robots", rows=120, requests=9, new=360, refused=120, closed=0)
                return LedgerSums(postings=360, missing=0, sums=[some])
            case PostingLedger():
                return self.account(request)
            case Datasets():
                return [self.dataset(1), self.dataset(0)]
            case ShowDataset():
                return DatasetHistory(dataset=self.dataset(1), vintages=[self.vintage(3), self.vintage(2)])
        self.given.append(request)
        match request:
            case FetchNow():
                return FetchesAsked(names=request.names, at=NOW, after=120)
            case ChangeSource():
                return self.detail(request.name, "paused" if request.paused else "waiting")
            case AcceptVintage() | RefuseVintage():
                return self.vintage(request.vintage)
        return self.test

    def detail(self, name: str, state: str = "") -> SourceDetail:
        known = {each.name: each for each in self.sources}
        if name not in known:
            raise AskFailed(f"There is no source {name}; there are: birch.", 404)
        found = known[name].model_copy(update={"state": state} if state else {})
        return SourceDetail(state=found, options={"pages": [HOSTILE] * 500}, hosts=["birch.example"], ledger=self.rows)

    def vintage(self, number: int) -> Vintage:
        waits = number == 3
        return Vintage(
            vintage=number, state="waiting" if waits else "imported", modified=f"2026-0{number}-04", as_of=NOW.date(),
            url=HOSTILE, sha256="cd" * 32, size=3_900_000, rows=7_588 if waits else 14_890, unreadable=0,
            facilities=7_302, reasons=[f"7,302 rows {HOSTILE}"] if waits else [], found_at=NOW, decided_by=None,
            decided_at=None, imported_at=None if waits else NOW, counts={"rows": 14_890}, note=None,
        )  # fmt: skip

    def dataset(self, waits: int) -> Dataset:
        name = "providers" if waits else "penalties"
        return Dataset(
            name=name, title=name.capitalize(), catalogue="pdc", id="4pq5", imports="registry", polled=True,
            modified=None, asked_at=NOW, next_at=NOW, error=None, vintage=self.vintage(3 if waits else 2),
        )  # fmt: skip

    def account(self, request: PostingLedger) -> PostingAccount:
        if request.source_posting_id == "9":
            raise AskFailed("There is no posting birch/9.", 404)
        return PostingAccount(
            posting_id=POSTING, source="birch", source_posting_id="4001", title=HOSTILE, employer_name="Birch Hill",
            first_seen_on=NOW.date(), last_seen_on=NOW.date(), closed_on=None, times_listed=3,
            last_listed=self.rows[0],
            sightings=[Sighting(seen_at=NOW, seen_on=NOW.date(), title="Cook", closed_on=None, row=self.rows[-1])],
        )  # fmt: skip


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
    await site.enter(browser, "priya", "operations")


async def test_sources_that_need_a_look_come_first_with_the_reason(browser: Browser) -> None:
    page = (await browser.get("/settings/sources")).text
    narrowed = (await browser.get("/settings/sources?state=look")).text
    file = (await browser.get("/settings/sources.csv")).text

    assert "3 sources; 1 needs a look." in page
    assert page.index("name=birch") < page.index("name=alder") < page.index("name=county-board")
    assert "5 fetches in a row failed: status 503 &lt;script&gt;" in page
    assert "name=alder" not in narrowed
    assert len(file.splitlines()) == 4
    assert (await browser.get("/settings/sources?state=x")).status_code == 400


async def test_a_source_has_its_options_its_rows_and_what_operations_can_do(browser: Browser) -> None:
    page = (await browser.get("/settings/sources/show?name=birch")).text
    pushed = (await browser.get("/settings/sources/show?name=county-board")).text
    unknown = await browser.get("/settings/sources/show?name=nothing")

    assert "and 494 more" in page
    assert "1 refused: title: &lt;script&gt;" in page
    assert HOSTILE not in page
    assert [f"/do/{each}" in page for each in ("fetch_source", "test_source", "change_source")] == [True] * 3
    assert "/do/fetch_source" not in pushed
    assert unknown.status_code == 404
    assert "There is no source nothing" in unknown.text


async def test_operations_fetch_test_pause_with_a_reason_and_resume(browser: Browser, world: World) -> None:
    back = "/settings/sources/show?name=birch"
    for command, fields in (
        ("fetch_source", {}),
        ("test_source", {}),
        ("change_source", {"paused": "true", "reason": "their site moves"}),
        ("change_source", {"paused": "false"}),
    ):
        assert (await browser.do(command, target="birch", back=back, **fields)).status_code == 303

    fetch, test, pause, resume = world.given
    page = (await browser.get(back)).text
    log = (await browser.get("/settings/audit")).text
    assert (fetch.names, test.name, fetch.actor) == (["birch"], "birch", "priya")
    assert isinstance(test, TestSource)
    assert (pause.paused, pause.reason, resume.paused) == (True, "their site moves", False)
    assert "Fetched again, now: birch." in page
    assert "Fetch source<small>birch</small>" in log


async def test_the_page_shows_that_a_test_waits_and_then_what_it_would_take(browser: Browser, world: World) -> None:
    world.test = TestedSource(name="birch", asked_at=NOW, tested_at=None)
    waiting = (await browser.get("/settings/sources/show?name=birch")).text
    taken = TestedPosting(
        source_posting_id="4001", title=HOSTILE, employer_name="Birch Hill", role_family="cook_cook", urgency=1
    )
    world.test = TestedSource(name="birch", asked_at=None, tested_at=NOW, found=41, postings=[taken])
    tested = (await browser.get("/settings/sources/show?name=birch")).text

    assert "waits for its host" in waiting
    assert "Nothing of it was stored." in tested
    assert "&lt;script&gt;" in tested
    assert "cook cook" in tested


async def test_the_ledger_is_shown_in_pages_and_a_file_has_all_of_its_rows(browser: Browser) -> None:
    first = (await browser.get("/settings/sources/ledger")).text
    second = (await browser.get("/settings/sources/ledger?before=71")).text
    file = (await browser.get("/settings/sources/ledger.csv?rule=robots")).text

    assert "It accounts for all 360 postings." in first
    assert "/settings/sources/ledger?before=71" in first
    assert first.count("data-row") == second.count("data-row") == 50
    assert len(file.splitlines()) == 121
    for wrong in ("rule=x", "day=tomorrow", "before=-1", "posting=4001"):
        assert (await browser.get(f"/settings/sources/ledger?{wrong}")).status_code == 400, wrong


async def test_a_search_for_a_posting_shows_the_rule_that_allowed_it(
    site: Console, browser: Browser, world: World
) -> None:
    for text in ("birch/4001", str(POSTING)):
        page = (await browser.get(f"/settings/sources/ledger?q={text}")).text
        assert "robots.txt of birch.example allowed it" in page
        assert "Listed 3 times" in page
    await browser.get("/settings/sources/ledger?q=birch&day=2026-07-01")
    unknown = (await browser.get("/settings/sources/ledger?posting=birch/9")).text

    [asked] = [each for each in site.services.asked if isinstance(each, Ledger)]
    assert (asked.source, asked.day) == ("birch", date(2026, 7, 1))
    assert "There is no posting birch/9." in unknown


async def test_a_dataset_that_waits_shows_its_doubts_beside_the_figures_of_the_one_in_use(browser: Browser) -> None:
    page = (await browser.get("/settings/datasets")).text
    one = (await browser.get("/settings/datasets/show?name=providers")).text

    assert "2 datasets; 1 waits for a person." in page
    assert "7,302 rows &lt;script&gt;" in page
    assert "in use: 14,890" in page
    assert "in use: 14,890" in one
    assert one.count("data-row") == 2
    assert HOSTILE not in page + one


async def test_operations_accept_refuse_with_a_reason_and_ask_for_a_dataset(browser: Browser, world: World) -> None:
    for command, fields in (
        ("accept_vintage", {"vintage": "3"}),
        ("refuse_vintage", {"vintage": "3", "reason": "half of the country is missing"}),
        ("check_dataset", {}),
    ):
        sent = await browser.do(command, target="providers", back="/settings/datasets", **fields)
        assert sent.status_code == 303

    accept, refuse, check = world.given
    assert (accept.name, accept.vintage, accept.actor) == ("providers", 3, "priya")
    assert (refuse.vintage, refuse.reason) == (3, "half of the country is missing")
    assert isinstance(check, CheckDataset)


@pytest.mark.parametrize("role", ["manager", "auditor"])
async def test_managers_and_auditors_see_sources_without_buttons(site: Console, browser: Browser, role: Role) -> None:
    await site.enter(browser, role, role)

    for path in ("sources", "sources/show?name=birch", "sources/ledger", "datasets", "datasets/show?name=providers"):
        page = await browser.get(f"/settings/{path}")
        assert page.status_code == 200
        assert not re.search("/do/(fetch|test|change|accept|refuse|check)_", page.text)
