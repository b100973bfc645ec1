"""Does a fetch keep to the pace of its host, end in time, and go on where it was cut off?"""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from engines.postings import Found
from services.ingest.adapters.protocol import SECRET, Adapter, Again, Listed, Listing, Page, Request, Steps
from services.ingest.domain.fetches import MOST_POSTINGS, Remembered, Robots, Slice, Source
from services.ingest.usecases.fetching import fetch, fetch_together
from services.ingest.usecases.jobs import Job
from shared.outbound import Answer, Limits, Outbound, TooLarge, Unreachable
from shared.outbound.messages import Asking

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOST = "maple.example"
BASE = f"https://{HOST}"
Given = Answer | Exception


class Web(Outbound):
    """A host, its answers by path, and a clock that only waiting and slow answers move."""

    def __init__(self, answers: Mapping[str, Given] | None = None, seconds: float = 0.0) -> None:
        super().__init__()
        self.answers = dict(answers or {})
        self.seconds = seconds
        self.now = 100.0
        self.asked: list[tuple[str, float]] = []
        self.headers: list[dict[str, str]] = []
        self.redirects: dict[str, str] = {}

    async def send(
        self,
        request: Asking,
        *,
        hosts: Collection[str] | None = None,
        permitted: Callable[[str], Awaitable[str | None]] | None = None,
        limits: Limits | None = None,
        sink: Callable[[bytes], object] | None = None,
    ) -> Answer:
        if permitted:
            assert await permitted(request.url) is None
        path = request.url.removeprefix(BASE)
        self.asked.append((path, self.now))
        self.headers.append(dict(request.headers))
        self.now += self.seconds
        if path in self.redirects:
            to = Request(BASE + self.redirects[path])
            assert permitted
            assert await permitted(to.url) is None
            return await self.send(to, sink=sink)
        found = self.answers.get(path, Answer(200, request.url, {}, b"content of " + path.encode()))
        if isinstance(found, Exception):
            raise found
        if sink:
            sink(found.body)
        return found

    async def pause(self, seconds: float) -> None:
        self.now += seconds

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def gaps(self) -> list[float]:
        """Seconds from the end of each answer to the next request."""
        times = [at for _, at in self.asked]
        return [round(after - before - self.seconds, 6) for before, after in itertools.pairwise(times)]


@dataclass(frozen=True)
class Options:
    pages: int = 3
    each: int = 1
    header: str = ""


def pages_of(options: Options, pages: Mapping[str, Page], today: date) -> Steps:
    """An adapter that looks at pages, each with some postings."""
    complete = True
    for number in range(options.pages):
        url = f"{BASE}/jobs/{number}"
        headers = (("x-key", options.header),) if options.header else ()
        answer = yield Request(url, headers=headers, page=True)
        assert answer
        if answer.unchanged and url in pages:
            yield Again(url)
        elif answer.status == 200:
            ids = range(number * options.each, (number + 1) * options.each)
            yield Listed([Found(str(each), "Cook", "Maple Manor", state="NY") for each in ids], url)
        else:
            complete = False
    return Listing(complete)


def an_adapter(**fields: Any) -> Adapter:
    given = {
        "name": "pages", "title": "Pages", "options": Options, "fetch": pages_of, "rule": "public_api",
        "secret": False, "hosts": lambda _: [HOST],
    }  # fmt: skip
    return Adapter(**{**given, **fields})


def a_source() -> Source:
    given: dict[str, Any] = dict.fromkeys(Source._fields)
    given |= {"name": "maple", "lane": HOST, "hosts": [HOST], "adapter": "pages", "options": {}, "listing_no": 4}
    return Source(**given)


def a_job(web: Web, adapter: Adapter | None = None, **fields: Any) -> Job:
    given = {
        "source": a_source(), "adapter": adapter or an_adapter(), "options": Options(), "now": NOW,
        "today": NOW.date(), "listing_no": 4, "per_second": 1.0, "pages": {}, "robots": {}, "waits": {},
        "began": web.now,
    }  # fmt: skip
    return Job(**{**given, **fields})


async def fetched(web: Web, adapter: Adapter | None = None, **fields: Any) -> Slice:
    return await fetch(a_job(web, adapter, **fields), web, web.pause, lambda: web.now)


def ids(found: Slice) -> list[str]:
    return [each.submission.source_posting_id for each in found.taken]


def robots(text: str, fetched_at: datetime = NOW) -> dict[str, Robots]:
    return {HOST: Robots(HOST, 200, "ab12", text.encode(), fetched_at)}


async def test_requests_to_a_host_wait_from_answer_to_request() -> None:
    web = Web(seconds=2.0)

    found = await fetched(web, per_second=0.5)

    assert web.gaps() == [2.0, 2.0]
    assert (ids(found), found.complete, found.requests) == (["0", "1", "2"], True, 3)
    assert found.paced == {HOST: 2.0}, "so that the next fetch of the host waits as well"


async def test_redirects_wait_for_their_turn_also_those_of_robots_txt() -> None:
    web = Web(seconds=0.25)
    web.redirects = {"/robots.txt": "/www/robots.txt", "/jobs/1": "/www/jobs/1"}

    await fetched(web, an_adapter(rule="robots"))

    assert web.paths() == ["/robots.txt", "/www/robots.txt", "/jobs/0", "/jobs/1", "/www/jobs/1", "/jobs/2"]
    assert min(web.gaps()) == 1.0


async def test_the_first_request_waits_for_the_last_one_of_another_fetch() -> None:
    web = Web()

    await fetched(web, waits={HOST: 7.5})

    assert web.asked[0] == ("/jobs/0", 107.5)


async def test_a_robots_txt_may_ask_for_fewer_requests_not_for_more() -> None:
    slow, fast = Web(), Web()
    adapter = an_adapter(rule="robots")

    await fetched(slow, adapter, robots=robots("User-agent: *\nCrawl-delay: 5\n"))
    await fetched(fast, adapter, robots=robots("User-agent: *\nCrawl-delay: 0.01\n"))

    assert (slow.gaps(), fast.gaps()) == ([5.0, 5.0], [1.0, 1.0])


async def test_a_robots_txt_is_read_anew_after_a_day() -> None:
    web = Web()
    adapter = an_adapter(rule="robots")

    await fetched(web, adapter, robots=robots("", NOW - timedelta(hours=23)))
    fresh = web.paths()
    await fetched(web, adapter, robots=robots("", NOW - timedelta(hours=25)))

    assert "/robots.txt" not in fresh
    assert web.paths()[len(fresh)] == "/robots.txt"


async def test_a_site_that_wants_minutes_between_requests_is_not_fetched() -> None:
    web = Web()

    found = await fetched(web, an_adapter(rule="robots"), robots=robots("User-agent: *\nCrawl-delay: 600\n"))

    assert web.asked == []
    assert found.problem
    assert "asks for 600 s between requests" in found.problem.reason


async def test_a_fetch_is_cut_off_between_pages_and_goes_on_there() -> None:
    web = Web(seconds=30.0)
    first = await fetched(web, options=Options(pages=7))
    remembered = dict(first.pages.items())
    web.asked.clear()

    second = await fetched(web, options=Options(pages=7), pages=remembered)

    assert (ids(first), first.complete) == (["0", "1", "2", "3"], None)
    assert web.paths() == ["/jobs/4", "/jobs/5", "/jobs/6"]
    assert (ids(second), second.again, second.complete) == (["4", "5", "6"], {}, True)


async def test_a_fetch_ends_after_some_thousand_postings() -> None:
    web = Web()

    found = await fetched(web, options=Options(pages=5, each=MOST_POSTINGS // 2))

    assert (len(found.taken), found.complete) == (MOST_POSTINGS, None)


async def test_a_page_with_the_content_that_is_remembered_is_listed_again() -> None:
    web = Web()
    first = await fetched(web)
    remembered = {name: page._replace(listing_no=3, etag='"7"') for name, page in first.pages.items()}
    web.answers["/jobs/1"] = Answer(304, f"{BASE}/jobs/1", {}, b"")
    web.answers["/jobs/2"] = Answer(200, f"{BASE}/jobs/2", {}, b"changed")

    found = await fetched(web, pages=remembered)

    assert list(found.again) == [f"{BASE}/jobs/0", f"{BASE}/jobs/1"]
    assert ids(found) == ["2"]
    assert {headers.get("if-none-match") for headers in web.headers[3:]} == {'"7"'}


async def test_a_host_that_asks_for_patience_ends_the_fetch_with_what_was_found() -> None:
    web = Web({"/jobs/1": Answer(429, f"{BASE}/jobs/1", {"retry-after": "90"}, b"")})

    found = await fetched(web)

    assert (ids(found), web.paths()) == (["0"], ["/jobs/0", "/jobs/1"])
    assert found.problem
    assert (found.problem.patience, found.problem.host) == (timedelta(seconds=90), HOST)


@pytest.mark.parametrize(
    "failures,asked,complete", [([1], 6, False), ([1, 2], 6, False), ([1, 3, 5], 6, False), ([1, 2, 3], 4, None)]
)
async def test_single_pages_may_fail_but_not_three_in_a_row(
    failures: list[int], asked: int, complete: bool | None
) -> None:
    web = Web({f"/jobs/{number}": Unreachable("the connection was reset") for number in failures})

    found = await fetched(web, options=Options(pages=6))

    assert len(web.asked) == asked
    assert found.complete is complete
    assert (found.problem is None) is (complete is False)
    assert "the connection was reset" in (found.notes_text or "")


async def test_a_page_that_is_too_large_is_left_out_and_closes_nothing() -> None:
    web = Web({"/jobs/1": TooLarge("the answer is larger than 10 MB")})

    found = await fetched(web)

    assert (ids(found), found.complete, found.problem) == (["0", "2"], False, None)
    assert found.gone == {f"{BASE}/jobs/1": 413}


async def test_a_source_from_which_everything_was_refused_has_failed() -> None:
    web = Web({f"/jobs/{number}": Answer(403, f"{BASE}/jobs/{number}", {}, b"") for number in range(3)})

    found = await fetched(web)

    assert found.problem
    assert not found.complete


async def test_the_secret_is_sent_and_stands_in_nothing_that_is_stored() -> None:
    web = Web()

    found = await fetched(web, options=Options(header=f"Bearer {SECRET}"), secret="s3cret")

    assert [headers["x-key"] for headers in web.headers] == ["Bearer s3cret"] * 3
    assert "s3cret" not in repr(vars(found))


async def test_without_its_secret_a_source_asks_nothing() -> None:
    web = Web()

    found = await fetched(web, options=Options(header=SECRET))

    assert web.asked == []
    assert found.problem
    assert "PIPELINE_INGEST_SOURCE_SECRETS" in found.problem.reason


async def test_an_adapter_with_a_mistake_fails_its_own_fetch_only() -> None:
    def broken(options: Options, pages: Mapping[str, Page], today: date) -> Steps:
        yield from ()
        raise KeyError("jobs")

    found = await fetched(Web(), an_adapter(fetch=broken))

    assert found.problem
    assert found.problem.reason.startswith("The adapter pages failed: KeyError")


async def test_postings_that_are_refused_are_counted_by_reason() -> None:
    def listing(options: Options, pages: Mapping[str, Page], today: date) -> Steps:
        links = [f"https://www.linkedin.com/jobs/{number}" for number in range(2)]
        yield Listed([Found(str(n), "Cook", "Maple Manor", state="NY", url=url) for n, url in enumerate(links)])
        yield Listed([Found("3", "Cook", "", state="NY")])
        return Listing(True)

    found = await fetched(Web(), an_adapter(fetch=listing))

    assert found.taken == []
    assert sorted(found.refusals.values()) == [1, 2]
    assert any("linkedin" in reason for reason in found.refusals)


async def test_a_test_ends_at_the_first_page_with_postings_and_compares_nothing() -> None:
    web = Web()
    known = {f"{BASE}/jobs/0": Remembered("maple", f"{BASE}/jobs/0", 4, 200, None, '"7"', None, "ab", ["0"])}

    found = await fetched(web, pages=known, is_test=True)

    assert (web.paths(), web.headers) == (["/jobs/0"], [{}])
    assert (ids(found), found.asked) == (["0"], [(f"{BASE}/jobs/0", 200)])


async def together(web: Web, *options: Options, **fields: Any) -> list[Slice]:
    jobs = [a_job(web, options=each, **fields) for each in options]
    return [found for _, found in await fetch_together(jobs, web, web.pause, lambda: web.now)]


async def test_sources_of_a_host_are_fetched_in_turn_at_its_pace() -> None:
    web = Web()

    found = await together(web, Options(2), Options(1), adapter=an_adapter(rule="robots"))

    assert web.paths() == ["/robots.txt", "/jobs/0", "/jobs/1", "/jobs/0"], "its rules are asked for once"
    assert set(web.gaps()) == {1.0}
    assert [each.complete for each in found] == [True, True]


async def test_a_host_that_asks_us_to_wait_ends_the_turn_of_all_its_sources() -> None:
    web = Web({"/jobs/1": Answer(429, f"{BASE}/jobs/1", {"retry-after": "90"}, b"")})

    [found] = await together(web, Options(2), Options(1))

    assert found.problem
    assert web.paths() == ["/jobs/0", "/jobs/1"]


async def test_sources_behind_slow_ones_have_their_turn_later() -> None:
    web = Web(seconds=4.0)

    assert len(await together(web, *[Options(1)] * 5)) == 3, "the third one ended after ten seconds"


async def test_a_source_that_may_not_be_asked_holds_up_no_other() -> None:
    web = Web()
    jobs = [a_job(web, refusal="Its licence has ended."), a_job(web)]

    found = [each for _, each in await fetch_together(jobs, web, web.pause, lambda: web.now)]

    assert found[0].problem
    assert found[0].problem.reason == "Its licence has ended."
    assert ids(found[1]) == ["0", "1", "2"]
