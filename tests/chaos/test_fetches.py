"""Whatever sources answer, and whenever ingest is killed: is what they list recorded once, and closed when it is gone?

With LONG=1, a thousand fetches; otherwise some dozens, and one crash.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import nats
import pytest
from nats.js.api import AckPolicy, ConsumerConfig

from shared.contracts import topology
from shared.contracts.events import PostingClosed
from shared.contracts.ingest_sources import LedgerTotals
from tests.support.chaos_of_fetches import CLEAN, FIRST, PER_SECOND, must_be_known
from tests.support.days_of_fetches import ZONE, Days, Size
from tests.support.running import a_database, drop_database, streams_for
from tests.support.servers import TestServers

LONG = os.environ.get("LONG") == "1"
SEED = int(os.environ.get("SEED") or "1")
SIZE = Size(7, 3, 30, 1_000, 0.15, 50) if LONG else Size(2, 1, 8, 40, 1.0, 1)
JITTER = 0.001
"""Seconds by which two clocks may differ within a rate."""


@pytest.mark.chaos
@pytest.mark.timeout(1_800 if LONG else 300)
async def test_what_sources_list_is_recorded_once_and_closed_only_when_it_is_gone(
    servers: TestServers, tmp_path: Path
) -> None:
    url = await asyncio.to_thread(a_database, servers, "ingest")
    try:
        async with streams_for(servers, "ingest"), Days(servers, url, tmp_path, SIZE, SEED).started() as run:
            while await run.fetches() < SIZE.fetches:
                await run.live()
            for _ in range(CLEAN):
                await run.live(faulty=False)
            await judge(run)
    finally:
        await asyncio.to_thread(drop_database, servers, url)


async def judge(run: Days) -> None:
    postings = {(row["source"], row["source_posting_id"]): row for row in await run.rows("SELECT * FROM postings")}
    ledger = await run.rows("SELECT * FROM fetches ORDER BY fetch_no")
    requests = run.fakes.requests()
    await report(run, ledger, requests, len(postings))
    assert await doubled(run) == []
    assert lost(run, postings) == []
    assert too_fast(requests) == []
    assert await closed_wrongly(run) == []
    assert left_open(run, postings) == []
    assert await not_accounted_for(run, ledger, len(postings)) == []


async def doubled(run: Days) -> list[str]:
    """Versions with two events, events that were not published, and sightings without a difference; and what no source
    ever listed."""
    twice = await run.rows(
        """
        SELECT subject, body::jsonb ->> 'posting_id' AS posting, body::jsonb ->> 'version' AS version, count(*) AS times
        FROM outbox GROUP BY 1, 2, 3 HAVING count(*) > 1
        """
    )
    written = {str(row["event_id"]) for row in await run.rows("SELECT event_id FROM outbox")}
    repeated = await run.rows(
        """
        SELECT source, source_posting_id, content_hash, seen_on FROM raw_postings
        GROUP BY 1, 2, 3, 4 HAVING count(*) > 1
        """
    )
    listed = {(each.source, each.name) for each in run.listed}
    recorded = await run.rows("SELECT source, source_posting_id FROM postings")
    invented = [each for each in map(tuple, map(dict.values, recorded)) if each not in listed]
    return [*map(str, twice), *(written ^ await published(run.servers)), *map(str, repeated), *map(str, invented)]


async def published(servers: TestServers) -> set[str]:
    """The ids of the events in the stream; one that was published again after a crash counts once, as for consumers."""
    client = await nats.connect(servers.user_urls["setup"], inbox_prefix="_INBOX_setup")
    config = ConsumerConfig(ack_policy=AckPolicy.NONE)
    try:
        stream = topology.stream_of("ingest")
        pull = await client.jetstream().pull_subscribe("", stream=stream, config=config)
        left = (await client.jetstream().stream_info(stream)).state.messages
        found: list[Any] = []
        while len(found) < left:
            found += await pull.fetch(min(500, left - len(found)), timeout=10)
        return {(message.headers or {})["ce-id"] for message in found}
    finally:
        await client.close()


def lost(run: Days, postings: dict[tuple[str, str], Any]) -> list[str]:
    """Postings that are not recorded although their source was up on one of their days."""
    by_name = {each.name: each for each in run.sources}
    return [
        f"{each.source} {each.name}, listed {each.since} to {each.until}"
        for each in run.listed
        if must_be_known(each, by_name[each.source], run.weather) and (each.source, each.name) not in postings
    ]


def too_fast(requests: Sequence[dict[str, Any]]) -> list[str]:
    """Requests to a host that followed one another faster than its rate."""
    by_host: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for each in requests:
        by_host[each["host"]].append(each)
    return [
        f"{host}: {after['at'] - before['at']:.4f} s from {before['path']} to {after['path']}"
        for host, asked in by_host.items()
        for before, after in pairwise(asked)
        if after["at"] - before["at"] < 1 / PER_SECOND - JITTER
    ]


async def closed_wrongly(run: Days) -> list[str]:
    """Postings that were ever closed, also if they were opened again, while they were listed, or as of such a day.

    Only if a fault hid a posting on its last day, that is the first of the two days that missed it.
    """
    by_key = {(each.source, each.name): each for each in run.listed}
    host = {each.name: each.host for each in run.sources}
    rows = await run.rows(
        "SELECT body::jsonb AS body, headers ->> 'ce-time' AS time FROM outbox WHERE subject = %(closed)s",
        closed=PostingClosed.SUBJECT,
    )
    found = []
    for row in rows:
        source, name = row["body"]["source"], row["body"]["source_posting_id"]
        at, as_of = datetime.fromisoformat(row["time"]), date.fromisoformat(row["body"]["closed_on"])
        until = by_key[source, name].until
        hidden = as_of == until and as_of in run.weather.misled[host[source]]
        if at.astimezone(ZONE).date() <= until or (as_of <= until and not hidden):
            found.append(f"{source} {name}, listed until {until}: closed at {at} as of {as_of}")
    return found


def left_open(run: Days, postings: dict[tuple[str, str], Any]) -> list[str]:
    """Postings that are open although two clean days did not list them."""
    clean_since: date = run.day - timedelta(days=CLEAN)
    return [
        f"{each.source} {each.name}, listed until {each.until}"
        for each in run.listed
        if (row := postings.get((each.source, each.name))) and not row["closed_on"] and each.until < clean_since
    ]


async def not_accounted_for(run: Days, ledger: Sequence[dict[str, Any]], postings: int) -> list[str]:
    sums = await run.ask(LedgerTotals())
    counted = sum(row["new"] for row in ledger)
    wrong = [] if counted == postings == sums.postings else [f"{counted} new in the ledger, {postings} postings"]
    without = await run.rows(
        """
        SELECT source, source_posting_id FROM raw_postings
        WHERE fetch_no IS NULL OR fetch_no NOT IN (SELECT fetch_no FROM fetches)
        """
    )
    return [*wrong, *map(str, without), *([f"{sums.missing} are missing"] if sums.missing else [])]


async def report(run: Days, ledger: Sequence[dict[str, Any]], requests: Sequence[Any], postings: int) -> None:
    """What the run consisted of, shown by `pytest -s`."""
    closed = await run.rows("SELECT count(*) AS count FROM postings WHERE closed_on IS NOT NULL")
    faults = Counter(each["fault"] for each in requests if each["fault"])
    print(
        f"\n{len(ledger)} fetches of {len(run.sources)} sources in {(run.day - FIRST).days} days:"
        f" {dict(Counter(row['outcome'] for row in ledger))}; {run.ingest.crashes} crashes;"
        f" {len(requests)} requests, {faults.total()} with faults: {dict(faults.most_common())};"
        f" {len(run.listed)} postings listed, {postings} recorded, {closed[0]['count']} closed"
    )
