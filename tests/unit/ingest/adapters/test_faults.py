"""Is a listing ever taken for complete that is not, whatever a system does wrong? A thousand fetches under faults."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

import pytest

from cli.fakes.app import App
from cli.fakes.world import World, posting_of
from services.ingest.adapters import ADAPTERS
from services.ingest.adapters.career_site import DAYS_BETWEEN_LOOKS
from services.ingest.adapters.protocol import Again, Answer, Listed, Listing, Page, Request
from tests.support.fakes import asked
from tests.unit.cli.test_fakes import SYSTEMS, rows
from tests.unit.ingest.adapters.driving import TODAY

FETCHES = 1_000
"""Of all adapters together."""
DAYS = 20
FAULTS: list[dict[str, Any]] = [
    {"fault": "status", "status": 429, "retry_after": "30"},
    {"fault": "status", "status": 500},
    {"fault": "status", "status": 502},
    {"fault": "status", "status": 403},
    {"fault": "status", "status": 404},
    {"fault": "cut"},
    {"fault": "bomb", "megabytes": 1},
    {"fault": "wrong_types"},
    {"fault": "spelling"},
    {"fault": "schema"},
    {"fault": "endless"},
    {"fault": "loop"},
    {"fault": "body", "to": "<h1>We are down for maintenance</h1>"},
    {"fault": "body", "to": ""},
    {"fault": "body", "to": '{"error": "try again"}'},
]


class Ended(Exception):
    """The runner ends a fetch: no answer, or one that it does not give to an adapter."""


class Fetch(NamedTuple):
    seen: list[str]
    listing: Listing


class Source:
    """A source as the runner has it: its memory, and what ends a fetch."""

    def __init__(self, name: str, days: int) -> None:
        self.name = name
        place, self.options = SYSTEMS[name]
        chance = Random(name)
        self.given = [self._dated(chance, row, days) for row in rows(place, 60)]
        self.app = App(World(map(posting_of, self.given), today=TODAY))
        self.pages: dict[str, Page] = {}

    @staticmethod
    def _dated(chance: Random, row: dict[str, Any], days: int) -> dict[str, Any]:
        first = chance.randrange(-days, days)
        last = first + chance.randrange(1, days)
        days_of = {"listed_from": first, "listed_until": last, "posted_on": first}
        return row | {name: (TODAY + timedelta(days=day)).isoformat() for name, day in days_of.items()}

    @property
    def listed(self) -> set[str]:
        return {each.source_posting_id for each in self.app.world.listed(SYSTEMS[self.name][0])}

    def fetch(self, on: date | None = None) -> Fetch:
        """Fetch what is listed today, on this or another day."""
        adapter = ADAPTERS[self.name]
        steps = adapter.fetch(adapter.options(**self.options), dict(self.pages), on or self.app.world.today)
        answer: Answer | None = None
        seen: list[str] = []
        try:
            while True:
                step = steps.send(answer)
                answer = self._answer(step) if isinstance(step, Request) else None
                if isinstance(step, Listed):
                    ids = tuple(posting.source_posting_id for posting in step.postings)
                    seen += ids
                    if step.page:
                        self.pages[step.page] = Page(step.lastmod, ids)
                elif isinstance(step, Again):
                    seen += self.pages[step.page].ids
        except StopIteration as ended:
            return Fetch(seen, ended.value)
        except Ended as ended:
            return Fetch(seen, Listing(False, (str(ended),)))

    def looks_for_a_week(self) -> None:
        """Fetch on seven days what a site lists today: each of its pages is looked at once more."""
        for ahead in range(DAYS_BETWEEN_LOOKS):
            self.fetch(self.app.world.today + timedelta(days=ahead))

    def _answer(self, request: Request) -> Answer:
        answer = asked(self.app, request)
        if answer.status in (301, 302, 429) or answer.status >= 500:
            raise Ended(f"status {answer.status}")
        if answer.headers["content-length"] != str(len(answer.body)) or "content-encoding" in answer.headers:
            raise Ended("the answer is cut, or too large")
        return answer


@pytest.mark.parametrize("name", sorted(SYSTEMS.keys() - {"techmap"}))
def test_a_listing_is_complete_only_if_it_has_everything_that_is_listed(name: str) -> None:
    chance = Random(f"{name} under faults")
    source = Source(name, DAYS)
    complete = 0
    for _ in range(FETCHES // (len(SYSTEMS) - 1) + 1):
        source.app.world.today = TODAY + timedelta(days=chance.randrange(DAYS))
        fault = chance.choice(FAULTS)
        source.app.faults.set([fault | {"share": chance.choice((0.02, 0.2, 1.0))}], seed=chance.randrange(1_000))

        seen, listing = source.fetch()

        assert source.listed.issuperset(seen), f"{fault}: {set(seen) - source.listed} are not listed today"
        if listing.complete and name != "career_site":  # any of its pages may have no posting
            complete += 1
            assert source.listed.issubset(seen), f"{fault}: {source.listed - set(seen)} are missing"
        source.app.faults.set([])
        if name == "career_site":
            complete += listing.complete
            source.looks_for_a_week()
        assert set(source.fetch().seen) == source.listed, f"{fault}: what is listed afterwards is lost"
    assert complete


def test_a_page_that_was_replaced_for_one_fetch_is_read_again_by_the_next_one() -> None:
    source = Source("career_site", DAYS)
    source.fetch()
    source.pages = {url: page._replace(lastmod="of an earlier day") for url, page in source.pages.items()}
    source.app.faults.set([{"fault": "body", "path": "/jobs/", "to": "<h1>We are down</h1>"}])

    down = source.fetch()
    source.app.faults.set([])
    after = source.fetch()

    assert (down.seen, set(after.seen)) == ([], source.listed)


def test_an_endless_list_ends() -> None:
    for name in sorted(SYSTEMS):
        source = Source(name, DAYS)
        source.app.faults.set([{"fault": "endless"}])

        source.fetch()
