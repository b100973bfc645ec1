"""How are the requests of a fetch answered: allowed, paced, on condition, and within limits?

Every request of a fetch passes here. Adapters see answers only: what may not be asked is answered with 451, and what
ends the fetch raises `Ended`.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

from engines.crawling import robots
from services.ingest.adapters.folder import SCHEME
from services.ingest.adapters.protocol import NOT_PERMITTED, SECRET, Answer, Request
from services.ingest.domain.fetches import (
    MOST_SECONDS,
    SLOWEST,
    Problem,
    Remembered,
    Robots,
    Slice,
)
from services.ingest.domain.scheduling import retry_after
from services.ingest.usecases import folders
from services.ingest.usecases.jobs import Cut, Ended, Job, NotPermitted
from shared.clock import real_time
from shared.outbound import Limits, Outbound, Refused, TooLarge, Unreachable
from shared.outbound import Request as Asked
from shared.outbound.settings import PRODUCT

ROBOTS_AGE: Final = timedelta(hours=24)
MOST_STRIKES: Final = 3
"""Pages in a row that fail until the fetch ends; a single one does not keep the others from being fetched."""
NO_ANSWER: Final = 504
"""The status of our answer for a page whose host did not answer."""
_ASKED: Final = 20
"""Addresses that a slice remembers, for people who look at a test."""
_TOO_MANY: Final = 429


class Asking:
    """Answers the requests of one fetch."""

    def __init__(
        self,
        job: Job,
        found: Slice,
        outbound: Outbound,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        time: Callable[[], float] = monotonic,
    ) -> None:
        self._job = job
        self._found = found
        self._outbound = outbound
        self._pause = pause
        self._time = time
        self._free = {host: job.began + wait for host, wait in job.waits.items()}
        self._robots = {host: known for host, known in job.robots.items() if job.now - known.fetched_at < ROBOTS_AGE}
        self._delays: dict[str, float] = {}
        self._strikes = 0
        self.asked_a_page = False
        self.failure: str | None = None
        """Why the last page failed, if it did."""
        self.stated: dict[str, Remembered] = {}
        """Pages that were answered anew, to be remembered once their postings are listed."""
        self.decided: dict[str, str] = {}
        """By host, why its robots.txt allowed what was asked."""

    async def answer(self, request: Request) -> Answer:
        """The answer to a request; raises `Ended` or `Cut`."""
        if request.page and self._job.is_looked_at(request.url):
            known = self._job.pages[request.url]
            ok = known.status < 400
            return Answer(304 if ok else known.status, request.url, {}, b"", unchanged=ok)
        if request.url.startswith(SCHEME):
            answer = await asyncio.to_thread(folders.answer, self._job.folder, request.url)
            self._count(answer)
            return self._compared(request, answer) if request.page else answer
        try:
            return await self._sent(request)
        except (NotPermitted, Refused) as refused:
            return self._not_asked(request, NOT_PERMITTED, str(refused))
        except TooLarge as large:
            return self._not_asked(request, 413, str(large))

    @property
    def known_robots(self) -> Mapping[str, Robots]:
        return self._robots

    def pauses(self) -> dict[str, float]:
        """Seconds until each host may be asked again."""
        now = self._time()
        return {host: max(free - now, 0.0) for host, free in self._free.items()}

    # --- sending -------------------------------------------------------------------------------------------------

    async def _sent(self, request: Request) -> Answer:
        url = request.url
        if self._of_robots and urlsplit(url).path == "/robots.txt":
            found = await self._robots_of(url)
            return Answer(found.status, url, {}, found.content)
        await self._ready(url, is_page=request.page)
        try:
            sent = await self._outbound.send(
                self._asked(request),
                hosts=self._job.source.hosts,
                permitted=self._hops(lambda to: self._ready(to, is_page=request.page)),
                limits=self._limits(_host(url)),
            )
        except Unreachable as failed:
            self._answered(url)
            return self._struck(request, f"{failed}.", NO_ANSWER)
        except (Refused, TooLarge):
            self._answered(url)
            raise
        self._answered(sent.url)
        answer = Answer(sent.status, sent.url, sent.headers, sent.body)
        self._count(answer, url)
        if sent.status == _TOO_MANY or sent.status >= 500:
            patience = retry_after(sent.headers.get("retry-after"), real_time())
            reason = f"{_host(url)} answered with status {sent.status}."
            if sent.status == _TOO_MANY or patience:
                raise Ended(Problem(reason, patience, _host(url)))
            return self._struck(request, reason, sent.status)
        self._strikes, self.failure = 0, None
        return self._compared(request, answer) if request.page else self._whole(answer)

    def _limits(self, host: str, body: int = Limits().body) -> Limits:
        """Redirects wait for their turn within the time of the request."""
        return Limits(seconds=Limits().seconds + 2 * self._gap(host), body=body)

    def _hops(self, ready: Callable[[str], Awaitable[None]]) -> Callable[[str], Awaitable[str | None]]:
        """What is asked about a request, which is ready, and about each redirect, which becomes `ready` by this."""
        before: list[str] = []

        async def permitted(at: str) -> str | None:
            if before:
                self._answered(before.pop())
                try:
                    await ready(at)
                except NotPermitted as refused:
                    return str(refused)
            before.append(at)
            return None

        return permitted

    def _asked(self, request: Request) -> Asked:
        headers = [(name, self._with_secret(value)) for name, value in request.headers]
        known = self._job.pages.get(request.url) if request.page and not self._job.is_test else None
        if known and known.status < 400:
            headers += [("if-none-match", known.etag)] if known.etag else []
            headers += [("if-modified-since", known.last_modified)] if known.last_modified else []
        return Asked(request.url, request.method, tuple(headers), request.body)

    def _with_secret(self, value: str) -> str:
        if SECRET not in value:
            return value
        if not self._job.secret:
            raise Ended(Problem(f"There is no secret for {self._job.source.name}: set PIPELINE_INGEST_SOURCE_SECRETS."))
        return value.replace(SECRET, self._job.secret)

    def _compared(self, request: Request, answer: Answer) -> Answer:
        """The answer, marked if the page is as it is remembered; a new one is remembered."""
        self.asked_a_page = True
        url, known = request.url, self._job.pages.get(request.url)
        if answer.status == 304:
            return answer._replace(unchanged=True)
        if not 200 <= answer.status < 300:
            self._found.gone[url] = answer.status
            return answer
        sha256 = hashlib.sha256(answer.body).hexdigest()
        etag, modified = answer.headers.get("etag"), answer.headers.get("last-modified")
        self.stated[url] = Remembered(
            self._job.source.name, url, self._job.listing_no, answer.status, None, etag, modified, sha256, []
        )
        same = known is not None and known.sha256 == sha256 and not self._job.is_test
        return answer._replace(unchanged=same)

    def _whole(self, answer: Answer) -> Answer:
        if not 200 <= answer.status < 300:
            self._found.blocked = True
        return answer

    def _not_asked(self, request: Request, status: int, why: str) -> Answer:
        self._found.note(f"{why[:300]}.")
        if request.page:
            self.asked_a_page = True
            self._found.gone[request.url] = status
        else:
            self._found.blocked = True
        return Answer(status, request.url, {}, b"")

    def _struck(self, request: Request, reason: str, status: int) -> Answer:
        """Go on after a page that failed; raises `Ended` after several in a row, and for anything else."""
        self._strikes += 1
        if not request.page or self._strikes >= MOST_STRIKES:
            raise Ended(Problem(reason))
        self.asked_a_page, self.failure = True, reason
        self._found.note(reason)
        return Answer(status, request.url, {}, b"")

    def _count(self, answer: Answer, url: str | None = None) -> None:
        self._found.requests += 1
        self._found.bytes += len(answer.body)
        if len(self._found.asked) < _ASKED:
            self._found.asked.append((url or answer.url, answer.status))

    # --- when, and whether ----------------------------------------------------------------------------------------

    @property
    def _of_robots(self) -> bool:
        return self._job.adapter.rule == "robots"

    async def _ready(self, url: str, *, is_page: bool) -> None:
        """Wait until a URL may be asked; raises `NotPermitted`, `Cut` or `Ended`."""
        host = _host(url)
        if self._of_robots:
            found = await self._robots_of(url)
            decision = robots.decide(found.status, found.content, PRODUCT, url)
            if not decision.allowed:
                raise NotPermitted(f"robots.txt of {host} does not allow it ({decision.why})")
            self._delays[host] = decision.crawl_delay or 0.0
            self.decided.setdefault(host, decision.why)
            if self._delays[host] > SLOWEST:
                seconds = f"{self._delays[host]:g}"
                raise Ended(Problem(f"robots.txt of {host} asks for {seconds} s between requests: too slow to fetch."))
        await self._turn(host, is_page=is_page)

    async def _turn(self, host: str, *, is_page: bool = False) -> None:
        """Wait for the pace of a host."""
        wait = self._free.get(host, 0.0) - self._time()
        if self._time() + max(wait, 0.0) - self._job.began > MOST_SECONDS:
            if is_page and self.asked_a_page:
                raise Cut
            reason = f"The fetch took longer than {MOST_SECONDS:g} s: let it ask for less, or faster (--per-second)."
            raise Ended(Problem(reason))
        if wait > 0:
            await self._pause(wait)
        self._answered_at(host)

    def _answered(self, url: str) -> None:
        self._answered_at(_host(url))

    def _answered_at(self, host: str) -> None:
        """The next request waits from the answer to this one on, so that a slow host is asked less often."""
        self._free[host] = self._time() + self._gap(host)

    def _gap(self, host: str) -> float:
        """The seconds between two requests to a host."""
        return max(1 / self._job.per_second, self._delays.get(host, 0.0))

    async def _robots_of(self, url: str) -> Robots:
        """The robots.txt of a URL's host, at most a day old; raises `Ended` if there is no answer."""
        host = _host(url)
        if host in self._robots:
            return self._robots[host]
        await self._turn(host)
        begun: list[bytes] = []
        at = f"{urlsplit(url).scheme}://{urlsplit(url).netloc}/robots.txt"
        try:
            sent = await self._outbound.send(
                Asked(at),
                hosts=self._job.source.hosts,
                permitted=self._hops(lambda to: self._turn(_host(to))),
                limits=self._limits(host, robots.LONGEST),
                sink=begun.append,
            )
            status, headers = sent.status, sent.headers
        except TooLarge:
            status, headers = 200, {}  # what follows the limit does not count, nor a line that it cuts
            begun = [b"".join(begun).rpartition(b"\n")[0]]
        except (Refused, Unreachable) as failed:
            raise Ended(Problem(f"robots.txt of {host} cannot be read, so nothing is fetched: {failed}.")) from None
        finally:
            self._answered(url)
        content = b"".join(begun)
        self._count(Answer(status, at, {}, content))
        if status == _TOO_MANY or status >= 500:
            patience = retry_after(headers.get("retry-after"), real_time())
            reason = f"robots.txt of {host} was answered with status {status}, so nothing is fetched until it is."
            raise Ended(Problem(reason, patience, host))
        content = content if 200 <= status < 300 else b""
        found = Robots(host, status, hashlib.sha256(content).hexdigest(), content, self._job.now)
        self._robots[host] = self._found.robots[host] = found
        return found


def _host(url: str) -> str:
    """The host of a URL, with a port that is not the usual one of its scheme."""
    parts = urlsplit(url)
    host = parts.netloc.lower()
    return host.removesuffix({"http": ":80", "https": ":443"}.get(parts.scheme, ""))
