"""Does a posting sent to the containers over HTTP come back as a task on the worklist?

Run by deploy/compose-test against services that take the time from whoever tells them. Everything in here is invented.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import urllib.error
import urllib.request
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from shared.broker import AskFailed, Broker, connect
from shared.packs import calendar
from shared.topology import SERVICES

CCN = "337999"
FACILITY = {
    "CMS Certification Number (CCN)": CCN,
    "Provider Name": "COMPOSE TEST CARE CENTER",
    "Provider Address": "1 INVENTED WAY",
    "City/Town": "ALBANY",
    "State": "NY",
    "ZIP Code": "12207",
    "Telephone Number": "5185550100",
    "Legal Business Name": "COMPOSE TEST CARE CENTER LLC",
    "Number of Certified Beds": "120",
    "Overall Rating": "1",
    "QM Rating": "1",
    "Staffing Rating": "2",
    "Processing Date": "2026-06-01",
}
FIRST_DAY = date(2026, 6, 15)
POSTING = {
    "source_posting_id": "compose-1",
    "title": "MDS Coordinator (RN) - urgent, immediate start",
    "employer_name": "Compose Test Care Center",
    "city": "Albany",
    "state": "NY",
    "seen_at": "2026-06-15T09:00:00-04:00",
}
PATIENCE = 60.0
DAYS = 10


async def main() -> int:
    broker = await connect(os.environ["PIPELINE_NATS_URL"], "cli")
    try:
        await tell_time(broker, FIRST_DAY, time(5))
        await import_facility(broker)
        posting_id = await post(broker)
        await until_idle(broker)
        await tell_outcome(broker, posting_id)
        task = await wait_for_task(broker)
    finally:
        await broker.close()
    print(json.dumps(task, indent=2, default=str))
    return 0


async def import_facility(broker: Broker) -> None:
    reply = await broker.ask(
        "ingest.ask.import_facilities",
        {
            "import_id": str(uuid5(NAMESPACE_URL, "compose-test")),
            "file_name": "invented.csv",
            "header": list(FACILITY),
            "rows": [list(FACILITY.values())],
            "first_line": 2,
            "state": None,
            "complete": None,
            "as_of": None,
            "final": True,
        },
    )
    check(reply["imported"] == 1, f"one facility imported: {reply}")
    await until_idle(broker)


async def post(broker: Broker) -> str:
    """Submit the posting twice over HTTP; the second time it is known already."""
    key = (await broker.ask("ingest.ask.add_source", {"name": "compose-test"}))["key"]
    refused, _ = http_post("/postings", POSTING, key="not a key")
    check(refused == 401, f"a wrong key is refused: {refused}")
    created, first = http_post("/postings", POSTING, key)
    check(created == 201, f"a new posting is created: {created} {first}")
    known, again = http_post("/postings", POSTING, key)
    check(known == 200 and again["posting_id"] == first["posting_id"], f"a known one keeps its id: {known} {again}")
    return str(first["posting_id"])


async def tell_outcome(broker: Broker, posting_id: str) -> None:
    outcome = await broker.ask("matcher.ask.outcome", {"posting_ids": [posting_id]})
    check(CCN in json.dumps(outcome), f"matched to {CCN}: {outcome}")


async def wait_for_task(broker: Broker) -> dict[str, Any]:
    """Let days begin until the facility is on the worklist."""
    for day in range(DAYS):
        await tell_time(broker, FIRST_DAY + timedelta(days=day), time(20))
        for entry in await broker.ask("sequencer.ask.worklist", {}):
            if entry["ccn"] == CCN:
                print(f"on the worklist of {FIRST_DAY + timedelta(days=day)}")
                return dict(entry)
    raise SystemExit(f"No task for {CCN} within {DAYS} days.")


async def tell_time(broker: Broker, day: date, at: time) -> None:
    """Set the clock of every service, in the order in which events flow, each once the one before is done."""
    now = datetime.combine(day, at, ZoneInfo(calendar().timezone)).astimezone(UTC)
    for service in SERVICES:
        await broker.ask(f"{service}.ask.clock", {"now": now.isoformat()})
        await until_idle(broker)


async def until_idle(broker: Broker) -> None:
    """Wait until nothing is on its way: no outbox row unpublished, no event unread, twice in a row."""
    quiet = 0
    async with asyncio.timeout(PATIENCE):
        while quiet < 2:
            status = [await broker.ask(f"{service}.ask.status", {}) for service in SERVICES]
            dead = {s["service"]: s["dead"] for s in status if s["dead"]}
            check(not dead, f"no dead letters: {dead}", quietly=True)
            busy = any(s["outbox"] or any(c["lag"] for c in s["consumers"]) for s in status)
            quiet = 0 if busy else quiet + 1
            await asyncio.sleep(0.05)


def http_post(path: str, content: Any, key: str) -> tuple[int, Any]:
    request = urllib.request.Request(  # noqa: S310 - our own container, over HTTP
        os.environ["PIPELINE_INGEST_URL"] + path,
        data=json.dumps(content).encode(),
        headers={"Content-Type": "application/json", "X-API-Key": key},
    )
    # No proxy of the environment may stand between us and our own machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=10) as reply:
            return reply.status, json.load(reply)
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def check(holds: bool, what: str, quietly: bool = False) -> None:
    if not holds:
        raise SystemExit(f"Not so: {what}")
    if not quietly:
        print(f"ok: {what}")


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(main()))
    except (AskFailed, TimeoutError, OSError) as error:
        sys.exit(f"The containers did not answer as they should: {str(error) or type(error).__name__}")
