"""Where do the postings of a demo come from: from fakes of outside systems, and from a source that pushes?

Ingest fetches the fakes once a day, at the times of the pack, as it would the real systems. A demo only states which
day it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from typing import TYPE_CHECKING, Any, Final

import httpx

from cli.client.connection import persistently
from cli.demo.feed import Feed, Row
from cli.demo.invented.postings import place_of, pushing
from cli.files.report import Report
from cli.stack import stackfile
from engines.packs.sample import Adapter, SampleSource
from shared.clock import instant_at
from shared.contracts.ingest import AddSource, Submitted
from shared.contracts.ingest_sources import AddFetchedSource, LedgerTotals, SourceList
from shared.contracts.keys import hash_of, new_key

if TYPE_CHECKING:
    from shared.messaging.broker import Broker

ACTOR: Final = "demo"
LICENCE: Final = timedelta(days=36 * 30)
EVERY: Final = "1d"
"""The clock of a simulation stops a few times a day only."""
PER_SECOND: Final = 1_000.0
"""Requests to the fakes, which are on this machine."""
TRIES, PAUSE_SECONDS = 120, 0.25


class Fakes:
    """The fakes of the stack of this machine."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def set_day(self, day: date) -> None:
        """From now on, they list the postings of a day."""
        await self.control("PUT", "day", {"today": day.isoformat()})
        await self.control("PUT", "hubspot/settings", {"now": instant_at(day, time.min, "UTC").timestamp()})

    async def control(self, method: str, what: str, stated: Any = None) -> Any:
        return await _sent(method, lambda: f"{self.url}/_fake/{what}", stated)

    async def add(self, broker: Broker, sources: Mapping[str, SampleSource], today: date) -> None:
        """Let ingest fetch them from now on."""
        for name, each in sources.items():
            if each.adapter:
                command = AddFetchedSource(
                    name=name,
                    adapter=each.adapter,
                    options=options_of(self.url, name, each.adapter),
                    every=EVERY,
                    per_second=PER_SECOND,
                    licence_until=today + LICENCE if needs_key(each) else None,
                    actor=ACTOR,
                )
                await persistently(broker, command)


def needs_key(source: SampleSource) -> bool:
    """Whether the system asks for a key, as its licence is personal."""
    return source.adapter == "careeronestop"


def options_of(url: str, name: str, adapter: Adapter) -> dict[str, Any]:
    """The options with which ingest reads a source from the fakes at a URL."""
    if adapter == "careeronestop":
        everything = {"keywords": ["0"], "locations": ["US"], "days": 0, "size": 500}
        return {"user_id": ACTOR, **everything, "base": f"{url}/api.careeronestop.org"}
    if adapter == "greenhouse":
        return {"token": name, "base": f"{url}/boards-api.greenhouse.io"}
    if adapter == "smartrecruiters":
        return {"company": name, "base": f"{url}/api.smartrecruiters.com"}
    if adapter == "csv_url":
        return {"url": f"{url}/sheets.example/{name}.csv"}
    site = place_of(name, adapter).removeprefix("career_site/")
    return {"sitemaps": [f"{url}/careers/{site}/sitemap.xml"], "pattern": "/jobs/"}


class Pushing:
    """A source that pushes its postings over HTTP with a key."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._key = new_key()

    async def add(self, broker: Broker) -> None:
        await persistently(broker, AddSource(name=self.name, key_hash=hash_of(self._key), actor=ACTOR))

    def own(self, feed: Feed) -> Feed:
        """The rows of this source; the others are fetched."""
        rows = {day: [row for row in rows if _source_of(row) == self.name] for day, rows in feed.days.items()}
        return Feed({day: own for day, own in rows.items() if own})

    async def push(self, rows: Sequence[Row]) -> Report:
        """Push postings until there is an answer, because ingest may be restarting. A repeated one has one effect."""
        report = Report()
        members = [(line, row) for line, row in rows if isinstance(row, dict)]
        if members:
            answer = await _sent("POST", _postings_url, [row for _, row in members], self._key)
            report.submitted(members, Submitted.model_validate(answer).results)
            report.sent(len(members), members[-1][0])
        return report


def _postings_url() -> str:
    """A service that restarts may have another port."""
    return f"{stackfile.base_url('ingest')}/postings"


def _source_of(row: Row) -> str:
    stated = row[1]
    return str(stated.get("source") or "") if isinstance(stated, dict) else ""


async def _sent(method: str, url: Any, content: Any, key: str = "") -> Any:
    """The answer to a request; raises `httpx.HTTPError` if there is none for half a minute."""
    headers = {"authorization": f"Bearer {key}"} if key else {}
    async with client_of_this_machine() as client:
        for left in reversed(range(TRIES)):
            try:
                answer = await client.request(method, url(), json=content, headers=headers)
                if answer.status_code < 500 or not left:
                    return answer.raise_for_status().json()
            except httpx.TransportError:
                if not left:
                    raise
            await asyncio.sleep(PAUSE_SECONDS)
    raise AssertionError("unreachable")


def client_of_this_machine() -> httpx.AsyncClient:
    """For what answers without TLS: to read the authorities of the system would take longer than the requests."""
    return httpx.AsyncClient(trust_env=False, timeout=30.0, verify=SSLContext(PROTOCOL_TLS_CLIENT))


def fakes_of_this_machine() -> Fakes | None:
    """The fakes of the stack that runs here; None if it fetches real systems, or nothing."""
    stack = stackfile.read(stackfile.home())
    return Fakes(stack.fakes_url) if stack and stack.fakes_url else None


def pushing_of(sources: Mapping[str, SampleSource]) -> Pushing:
    return Pushing(pushing(sources))


async def counted(broker: Broker) -> dict[str, int]:
    """How many sources there are, what they brought, and how many postings have no rule in the ledger of ingest."""
    found = await broker.ask(LedgerTotals())
    return {
        "sources": len(await broker.ask(SourceList())),
        "fetches": sum(each.rows for each in found.sums if each.kind == "fetch"),
        "postings_fetched": sum(each.new for each in found.sums if each.kind == "fetch"),
        "postings_without_rule": found.missing,
    }


def complaint(summary: Mapping[str, Any]) -> str | None:
    """What is wrong if a posting has no rule that allowed it."""
    if not summary["postings_without_rule"]:
        return None
    count, total = summary["postings_without_rule"], summary["postings_seen"]
    return f"The ledger has no rule for {count:,} of {total:,} postings; `pipeline source ledger` has the others."
