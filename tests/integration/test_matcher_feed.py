"""Does the matcher keep its promises on real spellings of real facilities? Skipped where the files are not at hand."""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path
from time import perf_counter
from uuid import NAMESPACE_OID, uuid5

import pytest

from shared.events import FacilityListed, OtherName, PostingSeen
from tests.support.running import Running

DATA = Path(os.environ.get("PIPELINE_REFERENCE_DATA", Path(__file__).parents[3] / "shared" / "data"))
REGISTRY = DATA / "cms" / "NH_ProviderInfo_Aug2021.csv.zip"
FEED = DATA / "postings" / "ny_feed.csv"
TRUTH = DATA / "postings" / "ny_feed_truth.csv"

pytestmark = pytest.mark.skipif(not FEED.exists(), reason=f"no reference data in {DATA}")


def registry() -> list[FacilityListed]:
    with zipfile.ZipFile(REGISTRY) as archive, archive.open(archive.namelist()[0]) as file:
        return [
            FacilityListed(
                ccn=row["Federal Provider Number"],
                version=1,
                listed_as_of=date(2021, 8, 1),
                name=row["Provider Name"],
                other_names=(OtherName(name=row["Legal Business Name"] or row["Provider Name"], kind="legal"),),
                city=row["Provider City"],
                state=row["Provider State"],
            )
            for row in csv.DictReader(io.TextIOWrapper(file, "latin-1"))
            if row["Provider State"] == "NY"
        ]


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
                role_family=truth[row["source_posting_id"]]["role_family"],
                urgency=1,
                first_seen_on=date.fromisoformat(row["seen_at"][:10]),
                last_seen_on=date.fromisoformat(row["seen_at"][:10]),
                pack="test",
            )
            for row in csv.DictReader(file)
        ]


async def test_the_real_feed_is_matched_well_enough_and_nothing_is_dropped(matcher: Running) -> None:
    truth = truths()
    await matcher.receive(*registry())

    began = perf_counter()
    await matcher.receive(*postings(truth))
    print(f"{len(truth)} postings in {perf_counter() - began:.2f} s")

    rows = await matcher.ask("export_outcomes", {"limit": 5_000})
    assert len(rows) == len(truth)
    found: Counter[str] = Counter()
    for row in rows:
        expected = truth[row["source_posting_id"]]
        if expected["expected"] == "facility" and expected["role_family"] != "other":
            found["relevant"] += 1
            found["relevant matched"] += row["outcome"] == "matched"
        if row["outcome"] == "matched":
            found["matched"] += 1
            found["right"] += row["ccn"] == expected["ccn"]
            found["strangers"] += expected["expected"] == "not_snf"
    print(dict(found), await matcher.ask("counts"))
    assert found["right"] >= 0.97 * found["matched"]
    assert found["strangers"] <= 5
    assert found["relevant matched"] >= 0.60 * found["relevant"]
