"""Are sources fetched by themselves: on time, one request of a host at a time, and with a ledger of all that came?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.ingest.app import service_of
from shared.contracts.events import PostingClosed, PostingSeen
from shared.contracts.ingest import ImportedFile, RemoveSource, SubmitPostings
from shared.contracts.ingest_sources import (
    AcceptedTerms,
    AddFetchedSource,
    ChangeSource,
    FetchNow,
    Ledger,
    LedgerRow,
    LedgerTotals,
    PostingLedger,
    SourceDetails,
    SourceList,
    SourceState,
    SourceTest,
    TestSource,
)
from shared.contracts.kernel import Status
from shared.contracts.refusals import AskFailed
from shared.outbound import Outbound
from tests.support.outside import Asked, answer, site
from tests.support.running import Running, run_service
from tests.support.servers import TestServers

FIRST = date(2026, 7, 1)
ROBOTS = "/robots.txt"


class Boards:
    """A host with boards of Greenhouse and a career site: what each lists, and what it was asked."""

    def __init__(self) -> None:
        self.port = 0
        self.boards: dict[str, list[int]] = {}
        self.pages: dict[str, int] = {}
        self.changed: dict[int, dict[str, Any]] = {}
        """Fields of postings of boards that are other than usual."""
        self.instead: dict[str, bytes] = {}
        """Answers for paths of pages that are faults."""
        self.robots = answer(b"User-agent: *\nDisallow: /private\n")
        self.status = 200
        self.asked: list[Asked] = []
        self.at_once = 0
        self.most_at_once = 0
        self.was_asked = asyncio.Event()

    async def respond(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        self.asked.append(asked)
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        self.was_asked.set()
        await asyncio.sleep(0.01)
        self.at_once -= 1
        writer.write(self._answer(asked))

    def _answer(self, asked: Asked) -> bytes:
        if self.status != 200:
            return answer(b"", self.status)
        if asked.path == ROBOTS:
            return self.robots
        if asked.path == "/sitemap.xml":
            listed = "".join(f"<url><loc>{self.base}{page}</loc></url>" for page in self.pages)
            return answer(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</urlset>'.encode())
        if asked.path in self.instead:
            return self.instead[asked.path]
        if asked.path in self.pages:
            return _page(self.pages[asked.path], asked)
        token = asked.path.split("/")[3] if asked.path.startswith("/v1/boards/") else None
        jobs = (
            [_job(number) | self.changed.get(number, {}) for number in self.boards[token]]
            if token in self.boards
            else None
        )
        return answer(json.dumps({"jobs": jobs}).encode()) if jobs is not None else answer(b"", 404)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def paths(self) -> list[str]:
        return [each.path for each in self.asked]


def _job(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "internal_job_id": number,
        "title": f"MDS Coordinator {number}" if number % 2 else f"Cook {number}",
        "company_name": "Maple Manor",
        "location": {"name": "Albany, NY"},
        "absolute_url": f"https://boards.greenhouse.io/maple/jobs/{number}",
        "content": "Start now.",
    }


def _page(number: int, asked: Asked) -> bytes:
    tag = f'"{number}"'
    if asked.headers.get("if-none-match") == tag:
        return answer(b"", 304, {"etag": tag})
    stated = {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "identifier": {"@type": "PropertyValue", "value": str(number)},
        "title": f"Director of Nursing {number}",
        "datePosted": "2026-06-20",
        "hiringOrganization": {"@type": "Organization", "name": "Birch Care"},
        "jobLocation": {
            "@type": "Place",
            "address": {"addressLocality": "Troy", "addressRegion": "NY", "postalCode": "12180"},
        },
    }
    content = f'<html><script type="application/ld+json">{json.dumps(stated)}</script></html>'
    return answer(content.encode(), headers={"etag": tag, "content-type": "text/html"})


@asynccontextmanager
async def fetching(servers: TestServers) -> AsyncIterator[tuple[Running, Boards]]:
    """Ingest, which may ask one host on loopback."""
    boards = Boards()
    async with site(boards.respond) as host:
        boards.port = host.port
        service = service_of(lambda: Outbound([f"127.0.0.1:{host.port}"], None))
        async with run_service("ingest", servers, service) as ingest:
            yield ingest, boards


async def add(ingest: Running, boards: Boards, name: str = "maple", **fields: Any) -> None:
    given: dict[str, Any] = {"adapter": "greenhouse", "options": {"token": name, "base": boards.base}}
    await ingest.ask(AddFetchedSource(name=name, actor="dana", per_second=1_000, **{**given, **fields}))
    await ingest.idle()


async def fetch(ingest: Running, *names: str) -> list[LedgerRow]:
    """Fetch sources now; returns the rows of the ledger that came of it, in order."""
    asked = await ingest.ask(FetchNow(names=list(names), actor="dana"))
    await ingest.idle()
    return [row for row in reversed(await ingest.ask(Ledger())) if row.fetch_no > asked.after]


async def fetch_on(ingest: Running, day: date) -> LedgerRow:
    """What came of the fetch of a day's schedule."""
    await ingest.at(f"{day}T12:00")
    return (await ingest.ask(Ledger(limit=1)))[0]


async def state(ingest: Running, name: str = "maple") -> SourceState:
    [found] = [each for each in await ingest.ask(SourceList()) if each.name == name]
    return found


async def open_ids(ingest: Running) -> list[str]:
    rows = await ingest.sql("SELECT source_posting_id FROM postings WHERE closed_on IS NULL ORDER BY 1")
    return [row["source_posting_id"] for row in rows]


def counts(row: LedgerRow) -> Sequence[int]:
    return row.new, row.seen, row.again, row.closed


async def test_a_source_is_fetched_when_it_is_added_and_then_every_day(servers: TestServers) -> None:
    async with fetching(servers) as (ingest, boards):
        boards.boards["maple"] = [1, 2, 3]
        await add(ingest, boards)
        seen = await ingest.published(PostingSeen)
        requests = len(boards.asked)
        same_day = await fetch_on(ingest, FIRST)
        asked_again = len(boards.asked) - requests
        boards.boards["maple"] = [1, 2, 3, 4]
        next_day = await fetch_on(ingest, FIRST + timedelta(days=1))
        found = await ingest.ask(SourceDetails(name="maple"))

    assert {each.source_posting_id for each in seen} == {"1", "2", "3"}
    assert {each.employer_name for each in seen} == {"Maple Manor"}
    assert (same_day.outcome, counts(same_day), asked_again) == ("complete", (3, 0, 0, 0), 0), "once a day"
    assert (next_day.outcome, counts(next_day)) == ("complete", (1, 3, 0, 0))
    assert (next_day.rule, next_day.detail) == ("public_api", "public API of Greenhouse")
    assert (found.state.state, found.state.listed, found.hosts) == ("waiting", 4, [f"127.0.0.1:{boards.port}"])
    assert found.state.next_at
    assert (found.state.next_at.date() - FIRST).days == 2


async def test_what_has_not_changed_is_seen_again_and_not_submitted_again(servers: TestServers) -> None:
    async with fetching(servers) as (ingest, boards):
        boards.pages = {"/jobs/1": 1, "/jobs/2": 2, "/private/3": 3}
        await add(ingest, boards, "birch", adapter="career_site", options={"sitemaps": [f"{boards.base}/sitemap.xml"]})
        raw = await ingest.sql("SELECT count(*) FROM raw_postings")
        boards.asked.clear()
        row = await fetch_on(ingest, FIRST + timedelta(days=1))
        raw_again = await ingest.sql("SELECT count(*) FROM raw_postings")
        days = await ingest.sql("SELECT DISTINCT first_seen_on, last_seen_on FROM postings")

    assert (row.outcome, counts(row)) == ("complete", (0, 0, 2, 0))
    assert raw == raw_again == [{"count": 2}]
    assert days == [{"first_seen_on": FIRST, "last_seen_on": FIRST + timedelta(days=1)}]
    assert [each.headers["if-none-match"] for each in boards.asked if each.path.startswith("/jobs")] == ['"1"', '"2"']
    assert row.rule == "robots"
    assert row.rule_sha256, "the robots.txt that allowed it"


async def test_robots_txt_is_asked_first_obeyed_and_named_in_the_ledger(servers: TestServers) -> None:
    async with fetching(servers) as (ingest, boards):
        boards.pages = {"/jobs/1": 1, "/private/3": 3}
        options = {"sitemaps": [f"{boards.base}/sitemap.xml"]}
        await add(ingest, boards, "birch", adapter="career_site", options=options)
        first = boards.paths()
        boards.robots = answer(b"", 503)
        failed = await fetch_on(ingest, FIRST + timedelta(days=2))
        texts = await ingest.sql("SELECT convert_from(content, 'UTF8') AS text FROM robots_texts")
        kept = await open_ids(ingest)

    assert first[0] == ROBOTS
    assert "/private/3" not in first
    assert failed.outcome == "failed"
    assert "robots.txt of 127.0.0.1" in (failed.note or "")
    assert texts == [{"text": "User-agent: *\nDisallow: /private\n"}]
    assert kept == ["1"]


async def test_a_posting_is_closed_after_two_complete_listings_without_it(servers: TestServers) -> None:
    async with fetching(servers) as (ingest, boards):
        boards.boards["maple"] = [1, 2, 3]
        await add(ingest, boards)
        boards.boards["maple"] = [1, 2]
        [missed] = await fetch(ingest, "maple")
        after_one, listed = await open_ids(ingest), await state(ingest)
        boards.boards["maple"] = [1, 2, 3]
        await fetch(ingest, "maple")
        boards.boards["maple"] = [1, 2]
        await fetch(ingest, "maple")
        [closed] = await fetch(ingest, "maple")
        events = await ingest.published(PostingClosed)
        boards.boards["maple"] = [1, 2, 3]
        again = await fetch_on(ingest, FIRST + timedelta(days=1))
        reopened = await open_ids(ingest)

    assert (missed.outcome, missed.closed, after_one) == ("complete", 0, ["1", "2", "3"])
    assert (listed.listed, listed.missed) == (3, 1)
    assert closed.closed == 1, "a posting that is listed in between begins anew"
    assert [(each.source_posting_id, each.closed_on) for each in events] == [("3", FIRST)]
    assert (again.seen, reopened) == (3, ["1", "2", "3"]), "it is listed again, so it is open again"


async def test_a_posting_is_not_closed_while_its_page_cannot_be_looked_at(servers: TestServers) -> None:
    faults = [
        answer(b"", 404),
        answer(b"", 302, {"location": "https://elsewhere.example/"}),
        answer(b"We are down for maintenance."),
        answer(b"", 302, {"location": "https://elsewhere.example/"}),
        answer(b"", 404),
    ]
    async with fetching(servers) as (ingest, boards):
        boards.pages = {"/jobs/1": 1, "/jobs/2": 2}
        await add(ingest, boards, "birch", adapter="career_site", options={"site": boards.base})
        found = []
        for fault in faults:
            boards.instead["/jobs/2"] = fault
            [row] = await fetch(ingest, "birch")
            found.append((row.outcome, row.closed))
            if fault is faults[1]:
                del boards.instead["/jobs/2"]
                await fetch(ingest, "birch")
        remembered = await ingest.sql("SELECT page FROM source_pages ORDER BY page")

    complete, incomplete = ("complete", 0), ("incomplete", 0)
    assert found == [complete, incomplete, complete, incomplete, ("complete", 1)], "two looks that missed it close it"
    assert remembered == [{"page": f"{boards.base}/jobs/1"}], "its page is forgotten with it"


async def test_a_posting_that_is_listed_stays_open_although_it_cannot_be_read_or_accepted_any_more(
    servers: TestServers,
) -> None:
    async with fetching(servers) as (ingest, boards):
        boards.boards["maple"] = [1, 2, 3, 4]
        await add(ingest, boards)
        boards.boards["maple"] = [1, 2, 3, 5]
        boards.changed = {2: {"title": ""}, 3: {"company_name": ""}, 5: {"title": ""}}
        rows = [await fetch_on(ingest, FIRST + timedelta(days=day)) for day in (1, 2, 3)]
        kept = await open_ids(ingest)
        seen = await ingest.sql("SELECT DISTINCT last_seen_on FROM postings WHERE closed_on IS NULL")

    assert [row.outcome for row in rows] == ["complete"] * 3
    assert "2 records have another form than their system documents, and count as listed." in (rows[0].note or "")
    assert kept == ["1", "2", "3"], "4 is not listed any more, and 5 never was a posting"
    assert seen == [{"last_seen_on": FIRST + timedelta(days=3)}], "so that they do not expire either"


async def test_postings_of_a_board_that_a_source_does_not_read_any_more_are_closed(servers: TestServers) -> None:
    async with fetching(servers) as (ingest, boards):
        boards.boards = {"maple": [1, 2], "birch": [2, 3]}
        await add(ingest, boards)
        await add(ingest, boards, options={"token": "birch", "base": boards.base})
        after_one = await open_ids(ingest)
        await fetch(ingest, "maple")
        after_two = await open_ids(ingest)

    assert (after_one, after_two) == (["1", "2", "3"], ["2", "3"])


async def test_an_outage_closes_nothing_however_long_and_the_operator_is_warned(servers: TestServers) -> None:
    async with fetching(servers) as (ingest, boards):
        boards.boards["maple"] = [1, 2]
        await add(ingest, boards)
        boards.status = 503
        rows = [await fetch_on(ingest, FIRST + timedelta(days=day)) for day in range(1, 9)]
        during, kept, requests = await state(ingest), await open_ids(ingest), len(boards.asked)
        warnings = (await ingest.ask(Status())).warnings
        boards.status = 200
        row = await fetch_on(ingest, FIRST + timedelta(days=9))
        after = await state(ingest)

    assert {each.outcome for each in rows} == {"failed"}
    assert kept == ["1", "2"]
    assert during.state == "stopped"
    assert during.warning
    assert "status 503" in during.warning
    assert warnings == [f"source maple: {during.warning}"]
    assert requests < 30, "tried less and less often"
    assert (row.outcome, after.state, after.warning) == ("complete", "waiting", None)


async def test_an_empty_list_after_a_full_one_is_not_believed_for_three_fetches(servers: TestServers) -> None:
    async with fetching(servers) as (ingest, boards):
        boards.boards["maple"] = [1, 2]
        await add(ingest, boards)
        boards.boards["maple"] = []
        rows = [(await fetch(ingest, "maple"))[0] for _ in range(3)]
        kept = await open_ids(ingest)
        believed = [(await fetch(ingest, "maple"))[0] for _ in range(2)]
        after = await open_ids(ingest)

    assert [each.outcome for each in rows] == ["incomplete"] * 3
    assert "is not believed" in (rows[0].note or "")
    assert kept == ["1", "2"]
    assert [each.closed for each in believed] == [0, 2]
    assert after == []


async def test_sources_of_one_host_take_turns(servers: TestServers) -> None:
    async with fetching(servers) as (ingest, boards):
        names = [f"maple{number}" for number in range(6)]
        for name in names:
            boards.boards[name] = [int(name[-1]) + 10]
            await add(ingest, boards, name, paused=True)
        for name in names:
            await ingest.ask(ChangeSource(name=name, paused=False, actor="dana"))
        await ingest.idle()
        rows = await fetch(ingest)

    assert sorted(row.source for row in rows) == names
    assert boards.most_at_once == 1


async def test_a_fetch_that_could_not_be_recorded_is_repeated_and_doubles_nothing(servers: TestServers) -> None:
    async with fetching(servers) as (ingest, boards):
        await ingest.sql(
            """
            CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
            """
        )
        await ingest.sql("CREATE TRIGGER full_disk BEFORE INSERT ON fetches EXECUTE FUNCTION full_disk()")
        boards.boards["maple"] = [1, 2]
        asked = AddFetchedSource(
            name="maple",
            adapter="greenhouse",
            options={"token": "maple", "base": boards.base},
            per_second=1_000,
            actor="dana",
        )
        await ingest.ask(asked)
        await asyncio.wait_for(boards.was_asked.wait(), 20)
        await asyncio.sleep(0.2)
        stored = await ingest.sql("SELECT count(*) FROM postings")
        # As if another process had claimed it, and ended.
        await ingest.sql(
            "UPDATE work SET claimed_by = gen_random_uuid(), leased_until = clock_timestamp() WHERE kind = 'fetch'"
        )
        await ingest.sql("DROP TRIGGER full_disk ON fetches")
        await ingest.idle()
        seen = await ingest.published(PostingSeen)
        rows = await ingest.ask(Ledger())
        raw = await ingest.sql("SELECT count(*) FROM raw_postings")

    assert stored == [{"count": 0}], "all of a fetch is recorded, or nothing"
    assert len(boards.asked) == 2, "asked again, since no one can know what came of the first"
    assert [each.source_posting_id for each in seen] == ["1", "2"]
    assert raw == [{"count": 2}]
    assert [counts(row) for row in rows] == [(2, 0, 0, 0)]


async def test_the_ledger_accounts_for_every_posting_however_it_came(servers: TestServers) -> None:
    posting = {"title": "MDS Coordinator", "employer_name": "Maple Manor", "state": "NY"}
    async with fetching(servers) as (ingest, boards):
        boards.boards["maple"] = [1, 2]
        await add(ingest, boards)
        file = ImportedFile(import_id=uuid4(), name="july.csv", sha256="ab" * 32)
        rows = [{**posting, "source_posting_id": "a"}, {"source_posting_id": "b"}]
        await ingest.ask(SubmitPostings(source="board", postings=rows, file=file, actor="dana"))
        await ingest.ask(SubmitPostings(source="feed", postings=[{**posting, "source_posting_id": "c"}], actor="bot"))
        sums = await ingest.ask(LedgerTotals())
        fetched = await ingest.ask(PostingLedger(source="maple", source_posting_id="1"))
        imported = await ingest.ask(PostingLedger(source="board", source_posting_id="a"))
        of_board = await ingest.ask(Ledger(source="board"))
        of_file = await ingest.ask(Ledger(rule="file"))
        of_day = await ingest.ask(Ledger(day=FIRST)), await ingest.ask(Ledger(day=FIRST - timedelta(days=1)))
        with pytest.raises(Exception, match="append-only"):
            await ingest.sql("DELETE FROM fetches")

    assert (sums.postings, sums.missing) == (4, 0)
    assert {(each.kind, each.rule, each.new, each.refused) for each in sums.sums} == {
        ("fetch", "public_api", 2, 0),
        ("file", "file", 1, 1),
        ("push", "command", 1, 0),
    }
    assert [each.row.rule for each in fetched.sightings if each.row] == ["public_api"]
    assert [(each.row.rule, each.row.rule_sha256) for each in imported.sightings if each.row] == [("file", "ab" * 32)]
    assert [row.detail for row in of_board] == ["file july.csv, imported by dana"]
    assert of_file == of_board
    assert (len(of_day[0]), len(of_day[1])) == (3, 0)


async def test_the_open_postings_of_a_source_that_is_removed_are_closed_if_the_operator_wants_it(
    servers: TestServers,
) -> None:
    async with fetching(servers) as (ingest, boards):
        boards.boards = {"maple": [1, 2, 3], "birch": [4]}
        await add(ingest, boards)
        await add(ingest, boards, "birch", options={"token": "birch", "base": boards.base})
        boards.boards["maple"] = [1, 2]
        await fetch(ingest, "maple")
        await fetch(ingest, "maple")
        maple = await ingest.ask(RemoveSource(name="maple", close_postings=True, actor="dana"))
        birch = await ingest.ask(RemoveSource(name="birch", actor="dana"))
        still_open = await open_ids(ingest)
        events = await ingest.published(PostingClosed)
        await add(ingest, boards)
        again = await open_ids(ingest)

    assert (maple.closed, maple.open) == (2, 0), "one was closed before"
    assert (birch.closed, birch.open) == (0, 1)
    assert still_open == ["4"]
    assert sorted((each.source_posting_id, each.closed_on) for each in events) == [(n, FIRST) for n in "123"]
    assert again == ["4"], "what was closed today is open again when it is listed on a later day"


async def test_a_test_shows_what_would_be_taken_and_stores_nothing_of_it(servers: TestServers) -> None:
    async with fetching(servers) as (ingest, boards):
        boards.boards["maple"] = [1, 2]
        await add(ingest, boards, paused=True)
        await ingest.ask(TestSource(name="maple", actor="dana"))
        await ingest.idle()
        found = await ingest.ask(SourceTest(name="maple"))
        stored = await ingest.sql("SELECT count(*) FROM postings")

    assert [each.source_posting_id for each in found.postings] == ["1", "2"]
    assert (found.found, found.error, found.rule) == (2, None, "public API of Greenhouse")
    assert stored == [{"count": 0}]


async def test_what_may_not_be_fetched_is_refused_when_it_is_added(servers: TestServers) -> None:
    async with fetching(servers) as (ingest, boards):
        board = {"base": boards.base, "tenant": "maple", "site": "External"}
        for fields, reason in (
            ({"adapter": "telepathy", "options": {}}, "There is no adapter 'telepathy'; there are aapacn_csv, "),
            (
                {"options": {"token": "maple", "base": "https://www.linkedin.com"}},
                "never fetched: www.linkedin.com is a host of linkedin",
            ),
            ({"options": {"color": "red"}}, "token"),
            ({"adapter": "workday", "options": board}, "off until the employer's terms are accepted"),
            ({"every": "1s"}, "The schedule is not valid"),
        ):
            with pytest.raises(AskFailed, match=reason):
                await add(ingest, boards, **fields)
        terms = AcceptedTerms(by="Dana Reyes", on=FIRST)
        await add(ingest, boards, adapter="workday", options=board, terms=terms, paused=True)
        found = await ingest.ask(SourceDetails(name="maple"))
        await ingest.ask(RemoveSource(name="maple", actor="dana"))
        left = await ingest.ask(SourceList())

    assert found.terms == terms
    assert left == []
    assert boards.asked == []


async def test_a_source_is_not_fetched_while_it_is_paused_or_after_its_licence(servers: TestServers) -> None:
    async with fetching(servers) as (ingest, boards):
        boards.boards["maple"] = [1]
        await add(ingest, boards, licence_until=FIRST + timedelta(days=2))
        warned = await state(ingest)
        await ingest.ask(ChangeSource(name="maple", paused=True, reason="their site moves", actor="dana"))
        paused = await state(ingest)
        boards.asked.clear()
        await ingest.at(f"{FIRST + timedelta(days=1)}T12:00")
        while_paused = len(boards.asked)
        with pytest.raises(AskFailed, match="maple is paused; `pipeline source resume`"):
            await ingest.ask(FetchNow(names=["maple"], actor="dana"))
        await ingest.ask(ChangeSource(name="maple", paused=False, actor="dana"))
        await ingest.idle()
        resumed = len(boards.asked)
        again = await state(ingest)
        row = await fetch_on(ingest, FIRST + timedelta(days=3))
        ended = await state(ingest)

    assert warned.warning == f"its licence ends on {FIRST + timedelta(days=2)}"
    assert (paused.paused_by, paused.pause_reason) == ("dana", "their site moves")
    assert (again.paused_by, again.pause_reason) == (None, None)
    assert (while_paused, resumed) == (0, 1)
    assert (row.outcome, len(boards.asked)) == ("failed", 1)
    assert ended.warning == f"its licence ended on {FIRST + timedelta(days=2)}, so it is not fetched"
