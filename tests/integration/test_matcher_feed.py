"""Does the matcher keep its promises on real spellings of real facilities, and reply to long lists in time?

Skipped if the files are not available.
"""

from __future__ import annotations

import csv
import os
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import pytest
import pytest_asyncio

from cli.client.connection import pages
from engines.matching.facilities import Facility
from engines.matching.pack import trade
from engines.matching.rows import read_registry
from engines.packs import headings
from shared.contracts.events import FacilityListed, OtherName, PostingSeen
from shared.contracts.matcher import AddKey, Counts, ExportOutcomes
from tests.integration.test_matcher_reconciliation import a_query, batch, client_of
from tests.support.keys import a_key
from tests.support.running import Running, run_service
from tests.support.servers import TestServers

DATA = Path(os.environ.get("PIPELINE_REFERENCE_DATA", Path(__file__).parents[3] / "shared" / "data"))
REGISTRIES = {
    "July 2026": DATA / "cms" / "registry_jul2026.csv.gz",
    "August 2021": DATA / "cms" / "NH_ProviderInfo_Aug2021.csv.zip",
}
FEED = DATA / "postings" / "ny_feed.csv"
TRUTH = DATA / "postings" / "ny_feed_truth.csv"
LABELED = DATA / "matching" / "pairs_dev.csv"

pytestmark = [
    pytest.mark.skipif(not FEED.exists() or not LABELED.exists(), reason=f"no reference data in {DATA}"),
    pytest.mark.asyncio(loop_scope="module"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def july(servers: TestServers) -> AsyncIterator[Running]:
    """A matcher with all facilities of July 2026."""
    async with run_service("matcher", servers) as matcher:
        await matcher.receive(*registry(REGISTRIES["July 2026"]))
        yield matcher


def registry(path: Path) -> list[FacilityListed]:
    """Every facility of the country, as `ingest` would list it."""
    return [_listed(facility) for facility in read_registry(path, None, headings(), trade()).facilities]


def _listed(facility: Facility) -> FacilityListed:
    fields: dict[str, Any] = asdict(facility)
    names = [OtherName(name=other["name"], kind=other["kind"]) for other in fields.pop("names")]
    del fields["listed"]
    return FacilityListed(version=1, listed_as_of=date(2021, 8, 1), other_names=tuple(names), **fields)


def truths() -> dict[str, dict[str, str]]:
    with TRUTH.open(encoding="utf-8") as file:
        return {row["source_posting_id"]: row for row in csv.DictReader(file)}


def postings(truth: dict[str, dict[str, str]]) -> list[PostingSeen]:
    with FEED.open(encoding="utf-8") as file:
        return [
            PostingSeen(
                posting_id=uuid5(NAMESPACE_OID, row["source_posting_id"]),
                version=1,
                source=row["source"],
                source_posting_id=row["source_posting_id"],
                title=row["title"],
                employer_name=row["employer_name"],
                city=row["city"] or None,
                state=row["state"] or None,
                zip=row["zip"] or None,
                role_family=truth[row["source_posting_id"]]["role_family"],
                urgency=1,
                first_seen_on=date.fromisoformat(row["seen_at"][:10]),
                last_seen_on=date.fromisoformat(row["seen_at"][:10]),
                pack="test",
            )
            for row in csv.DictReader(file)
        ]


# First, because two services with one name would share the events: that of the other registry runs for the module.
async def test_the_real_feed_is_matched_well_enough_with_a_registry_of_another_layout_and_year(
    servers: TestServers,
) -> None:
    async with run_service("matcher", servers) as matcher:
        await matcher.receive(*registry(REGISTRIES["August 2021"]))
        await match_well_enough(matcher, "August 2021")


async def test_the_real_feed_is_matched_well_enough_and_nothing_is_dropped(july: Running) -> None:
    await match_well_enough(july, "July 2026")


async def match_well_enough(matcher: Running, vintage: str) -> None:
    truth = truths()
    await matcher.receive(*postings(truth))

    rows = [row async for page in pages(matcher.cli, ExportOutcomes(), ("posting_id",)) for row in page]
    assert len(rows) == len(truth)
    listed = await matcher.sql("SELECT facility_id, state FROM facilities")
    states = {facility["facility_id"]: facility["state"] for facility in listed}
    assert {states[row.facility_id or ""] for row in rows if row.outcome == "matched"} == {"NY"}
    found: Counter[str] = Counter()
    for row in rows:
        expected = truth[row.source_posting_id]
        if expected["expected"] == "facility" and expected["role_family"] != "other":
            found["relevant"] += 1
            found["relevant matched"] += row.outcome == "matched"
        if row.outcome == "matched":
            found["matched"] += 1
            found["right"] += row.facility_id == expected["ccn"]
            found["strangers"] += expected["expected"] == "not_snf"
    print(vintage, dict(found), await matcher.ask(Counts()))
    assert found["right"] >= 0.99 * found["matched"]
    assert found["strangers"] <= 1
    assert found["relevant matched"] >= 0.88 * found["relevant"]


def lists() -> list[dict[str, Any]]:
    """Five lists of a thousand labeled rows, spread over the complete file."""
    with LABELED.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    queries = [a_query(row["employer_name"], city=row["city"], state=row["state"]) for row in rows]
    return [{f"q{n}": query for n, query in enumerate(queries[first::5][:1_000])} for first in range(5)]


async def test_a_thousand_labeled_queries_take_less_than_a_second(july: Running) -> None:
    durations = []

    async with client_of(july, await a_key(july.cli, AddKey, "lists")) as http:
        for queries in lists():
            began = time.perf_counter()
            answers = await batch(http, queries)
            durations.append(time.perf_counter() - began)
            assert sum(any(c["match"] for c in answer["result"]) for answer in answers.values()) > 700

    print("seconds for a thousand queries:", ", ".join(f"{seconds:.2f}" for seconds in durations))
    assert min(durations) < 1
