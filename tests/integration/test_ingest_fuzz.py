"""Does ingest answer whatever is sent to it by the description that it gives of itself, and store only what it says?"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, Phase, given, seed, settings

from shared.rates import Rates
from tests.support.running import Running

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is in requirements/dev.lock: `make setup`")

EXAMPLES = 15
KEEP_TO = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


CHECKS = "not_a_server_error status_code_conformance content_type_conformance response_schema_conformance".split()


def fuzz(base: str, headers: dict[str, str], stored: set[str]) -> int:
    """Send right and wrong requests to every operation; notes what is acknowledged, returns how many were sent."""
    schemathesis.checks.load_all_checks()
    checks = schemathesis.checks.CHECKS.get_by_names(CHECKS)
    schema = schemathesis.openapi.from_url(f"{base}/openapi.json")
    sent = 0
    with requests.Session() as session:
        for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
            for found in schema.get_all_operations():

                @seed(20260701)
                @KEEP_TO
                @given(case=found.ok().as_strategy(generation_mode=mode))
                def every_answer_is_as_described(case: Any) -> None:
                    nonlocal sent
                    reply = case.call(base_url=base, headers=headers, session=session)
                    sent += 1
                    case.validate_response(reply, checks=checks)
                    stored.update(acknowledged(reply.json()))

                every_answer_is_as_described()
    return sent


def acknowledged(answer: Any) -> list[str]:
    results = answer.get("results", [answer]) if isinstance(answer, dict) else []
    return [one["posting_id"] for one in results if one.get("status") in (200, 201)]


async def test_generated_requests_break_nothing_and_nothing_is_stored_but_what_was_acknowledged(
    ingest: Running,
) -> None:
    key = (await ingest.ask("add_source", {"name": "board"}))["key"]
    ingest.app.cache["rates"] = Rates(per_second=1_000_000, burst=1_000_000)
    stored: set[str] = set()

    sent = await asyncio.to_thread(
        fuzz, f"http://127.0.0.1:{ingest.app.http_port}", {"Authorization": f"Bearer {key}"}, stored
    )

    held = {str(row["posting_id"]) for row in await ingest.sql("SELECT posting_id FROM postings")}
    assert sent >= 3 * EXAMPLES
    assert held == stored
    assert (await ingest.ask("status"))["problems"] == []
