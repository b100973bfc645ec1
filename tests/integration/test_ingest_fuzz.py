"""Does ingest reply to every request as its description states, and store only what it acknowledges?"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from shared.contracts.ingest import AddSource
from shared.contracts.kernel import Status
from shared.contracts.matcher import OutcomesOfSource
from tests.support.answering import answering
from tests.support.fuzzing import EXAMPLES, fuzz
from tests.support.keys import a_key
from tests.support.running import Running
from tests.support.servers import TestServers


def acknowledged(reply: Any) -> list[str]:
    if reply.headers["content-type"] == ["application/x-ndjson"]:
        results: list[Any] = [json.loads(line) for line in reply.text.splitlines()]
    else:
        answer = reply.json()
        results = answer.get("results", [answer]) if isinstance(answer, dict) else []
    return [one["posting_id"] for one in results if one.get("status") in (200, 201)]


async def test_generated_requests_cause_no_errors_and_only_acknowledged_postings_are_stored(
    ingest: Running, servers: TestServers
) -> None:
    key = await a_key(ingest.cli, AddSource, "board")
    ingest.app.rates.per_second, ingest.app.rates.burst = 1_000_000, 1_000_000
    accepted: set[str] = set()

    with answering(servers, {OutcomesOfSource: lambda asked: []}):
        sent = await asyncio.to_thread(
            fuzz,
            f"http://127.0.0.1:{ingest.app.http_port}",
            {"Authorization": f"Bearer {key}"},
            lambda reply: accepted.update(acknowledged(reply)),
        )

    stored = {str(row["posting_id"]) for row in await ingest.sql("SELECT posting_id FROM postings")}
    assert sent >= 3 * EXAMPLES
    assert stored == accepted
    assert (await ingest.ask(Status())).problems == []
