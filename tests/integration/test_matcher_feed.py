"""Does the matcher keep its promises on real spellings of real facilities? Skipped where the files are not at hand."""

from __future__ import annotations

import csv
import os
from collections import Counter
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import pytest

from engines.datasets.facts import Headings
from engines.matching.facilities import Facility
from engines.matching.rows import read_registry
from shared.contracts.events import FacilityListed, OtherName, PostingSeen
from shared.packs import section
from tests.support.running import Running

DATA = Path(os.environ.get("PIPELINE_REFERENCE_DATA", Path(__file__).parents[3] / "shared" / "data"))
REGISTRIES = {
    "July 2026": DATA / "cms" / "registry_jul2026.csv.gz",
    "August 2021": DATA / "cms" / "NH_ProviderInfo_Aug2021.csv.zip",
}
FEED = DATA / "postings" / "ny_feed.csv"
TRUTH = DATA / "postings" / "ny_feed_truth.csv"

pytestmark = pytest.mark.skipif(not FEED.exists(), reason=f"no reference data in {DATA}")


def registry(path: Path) -> list[FacilityListed]:
    """Every facility of the country, as `ingest` would list it."""
    return [_listed(facility) for facility in read_registry(path, None, section("fields", Headings)).facilities]


def _listed(facility: Facility) -> FacilityListed:
    said: dict[str, Any] = asdict(facility)
    names = [OtherName(name=other["name"], kind=other["kind"]) for other in said.pop("names")]
    del said["listed"]
    return FacilityListed(version=1, listed_as_of=date(2021, 8, 1), other_names=tuple(names), **said)


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


@pytest.mark.parametrize("vintage", REGISTRIES)
async def test_the_real_feed_is_matched_well_enough_and_nothing_is_dropped(matcher: Running, vintage: str) -> None:
    truth = truths()
    listed = registry(REGISTRIES[vintage])
    await matcher.receive(*listed)

    await matcher.receive(*postings(truth))

    rows = await matcher.ask("export_outcomes", {"limit": 5_000})
    assert len(rows) == len(truth)
    states = {facility.facility_id: facility.state for facility in listed}
    assert {states[row["facility_id"]] for row in rows if row["outcome"] == "matched"} == {"NY"}
    found: Counter[str] = Counter()
    for row in rows:
        expected = truth[row["source_posting_id"]]
        if expected["expected"] == "facility" and expected["role_family"] != "other":
            found["relevant"] += 1
            found["relevant matched"] += row["outcome"] == "matched"
        if row["outcome"] == "matched":
            found["matched"] += 1
            found["right"] += row["facility_id"] == expected["ccn"]
            found["strangers"] += expected["expected"] == "not_snf"
    print(vintage, dict(found), await matcher.ask("counts"))
    assert found["right"] >= 0.99 * found["matched"]
    assert found["strangers"] <= 1
    assert found["relevant matched"] >= 0.88 * found["relevant"]
