"""How an adapter is run in tests: a list of answers stands for the network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from engines.postings import Found
from services.ingest.adapters import ADAPTERS
from services.ingest.adapters.protocol import Again, Answer, Listed, Listing, Page, Request
from tests.unit.postings.examples import encoded

TODAY = date(2026, 11, 18)
Network = Callable[[Request], Any]
"""Answers a request: with a status, a content, or an `Answer`."""


class Fetched(NamedTuple):
    """What a fetch did."""

    requests: list[Request]
    listed: list[Listed]
    again: list[str]
    listing: Listing

    @property
    def postings(self) -> list[Found]:
        return [posting for listed in self.listed for posting in listed.postings]

    @property
    def ids(self) -> list[str]:
        return [posting.source_posting_id for posting in self.postings]

    @property
    def memory(self) -> dict[str, Page]:
        """What the runner remembers after the fetch."""
        return {
            listed.page: Page(listed.lastmod, tuple(posting.source_posting_id for posting in listed.postings))
            for listed in self.listed
            if listed.page
        }


def fetched(name: str, options: dict[str, Any], network: Network, pages: Mapping[str, Page] | None = None) -> Fetched:
    adapter = ADAPTERS[name]
    steps = adapter.fetch(adapter.options(**options), pages or {}, TODAY)
    done = Fetched([], [], [], Listing(False))
    answer: Answer | None = None
    while True:
        try:
            step = steps.send(answer)
        except StopIteration as ended:
            return done._replace(listing=ended.value)
        answer = None
        if isinstance(step, Request):
            done.requests.append(step)
            answer = _answer(step, network(step))
        elif isinstance(step, Listed):
            done.listed.append(step)
        elif isinstance(step, Again):
            done.again.append(step.page)


def _answer(request: Request, given: Any) -> Answer:
    if isinstance(given, Answer):
        return given
    if isinstance(given, int):
        return Answer(given, request.url, {}, b"", given == 304)
    return Answer(200, request.url, {}, given if isinstance(given, bytes) else encoded(given), False)
