"""How long does a long list wait for its answers, among all the facilities of the country? Skipped without them."""

from __future__ import annotations

import csv
import time
from typing import Any

import pytest

from tests.integration.test_matcher_feed import DATA, REGISTRIES, registry
from tests.integration.test_matcher_reconciliation import a_query, batch, client_of
from tests.support.running import Running

LABELLED = DATA / "matching" / "pairs_dev.csv"

pytestmark = pytest.mark.skipif(not LABELLED.exists(), reason=f"no reference data in {DATA}")


def lists() -> list[dict[str, Any]]:
    """Five lists of a thousand labelled rows, spread over the whole file."""
    with LABELLED.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    queries = [a_query(row["employer_name"], city=row["city"], state=row["state"]) for row in rows]
    return [{f"q{n}": query for n, query in enumerate(queries[first::5][:1_000])} for first in range(5)]


async def test_a_thousand_labelled_queries_are_answered_within_a_second(matcher: Running) -> None:
    await matcher.receive(*registry(REGISTRIES["July 2026"]))
    took = []

    async with client_of(matcher, (await matcher.ask("add_key", {"name": "lists"}))["key"]) as http:
        for queries in lists():
            began = time.perf_counter()
            answers = await batch(http, queries)
            took.append(time.perf_counter() - began)
            assert sum(any(c["match"] for c in answer["result"]) for answer in answers.values()) > 700

    print("seconds for a thousand queries:", ", ".join(f"{seconds:.2f}" for seconds in took))
    assert min(took) < 1
