"""Does a posting that is sent to the containers over HTTP become a task on the worklist?

Run by deploy/compose-test against services in a simulation, whose time it sets. All data is invented.
"""

from __future__ import annotations

import asyncio
import csv
import json
import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from cli.client.connection import connected
from cli.demo.simulate import Simulation
from cli.stack.target import StackError
from shared.contracts.ingest import AddSource
from shared.contracts.keys import hash_of, new_key
from shared.contracts.matcher import AddKey, Outcomes
from shared.contracts.refusals import AskFailed

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
POSTING = {
    "source_posting_id": "compose-1",
    "title": "MDS Coordinator (RN) - urgent, immediate start",
    "employer_name": "Compose Test Care Center",
    "city": "Albany",
    "state": "NY",
    "seen_at": "2026-06-15T09:00:00-04:00",
}
SEEN_ON = date(2026, 6, 15)
DAYS = 10
EVENING = time(23, 45)


async def main() -> None:
    async with connected() as broker:
        simulation = Simulation(broker)
        await simulation.set_time(SEEN_ON, time(5))
        with tempfile.TemporaryDirectory() as folder:
            pipeline("import", "facilities", str(facility_file(Path(folder))))
        await simulation.wait_until_idle()
        key = new_key()
        await broker.ask(AddSource(name="compose-test", key_hash=hash_of(key), actor="compose-test"))
        posting_id = post(key)
        await simulation.wait_until_idle()
        outcome = (await broker.ask(Outcomes(posting_ids=[UUID(posting_id)])))[0]
        check(
            outcome.facility_id == CCN,
            f"it was {outcome.outcome} to {outcome.facility_id} by {outcome.method}",
        )
        await broker.ask(AddKey(name="compose-test", key_hash=hash_of(key), actor="compose-test"))
        reconcile(key)
        await wait_for_task(simulation)


def facility_file(folder: Path) -> Path:
    file = folder / "facilities.csv"
    with file.open("w", newline="") as opened:
        csv.writer(opened).writerows([FACILITY.keys(), FACILITY.values()])
    return file


def post(key: str) -> str:
    """Submit the posting twice, as a source would; returns its id."""
    refused, _ = submit("not a key")
    check(refused == 401, f"a wrong key gets {refused}")
    created, first = submit(key)
    check(created == 201, f"the posting gets {created}: {first}")
    known, again = submit(key)
    check(known == 200 and again["posting_id"] == first["posting_id"], f"sent again, it gets {known}")
    return str(first["posting_id"])


def submit(key: str) -> tuple[int, Any]:
    headers = {"Content-Type": "application/json", "X-API-Key": key}
    return http_post(os.environ["PIPELINE_INGEST_URL"] + "/postings", headers, json.dumps(POSTING))


def reconcile(key: str) -> None:
    """Reconcile the facility by its name, as OpenRefine would."""
    query = {"query": POSTING["employer_name"], "properties": [{"pid": "state", "v": POSTING["state"]}]}
    body = urllib.parse.urlencode({"queries": json.dumps({"q0": query})})
    url = os.environ["PIPELINE_MATCHER_URL"] + "/reconcile?key="
    refused, _ = http_post(url + "made-up", {}, body)
    check(refused == 401, f"a wrong key for lists gets {refused}")
    status, answers = http_post(url + key, {}, body)
    check(status == 200 and answers["q0"]["result"][0]["id"] == CCN, f"the list gets {status}: {answers}")


async def wait_for_task(simulation: Simulation) -> None:
    """Advance the time day by day until the facility is on the worklist."""
    for day in (SEEN_ON + timedelta(days=n) for n in range(DAYS)):
        for at in [*await simulation.job_times(), EVENING]:
            await simulation.set_time(day, at)
        mine = [task for task in json.loads(pipeline("worklist", "--json"))["tasks"] if task["facility_id"] == CCN]
        if mine:
            check(True, f"on {day} it was on the worklist: {mine[0]['channel']}, tier {mine[0]['tier']}")
            print(f"    {mine[0]['reason']}")
            return
    check(False, f"no task for {CCN} within {DAYS} days")


def pipeline(*words: str) -> str:
    """The output of the command line, run as by an operator."""
    command = [str(Path(sys.executable).with_name("pipeline")), *words]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=60).stdout


def http_post(url: str, headers: dict[str, str], body: str) -> tuple[int, Any]:
    request = urllib.request.Request(url, body.encode(), headers)  # noqa: S310 - our own container
    # Requests to this machine must not use a proxy of the environment.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=10) as reply:
            return reply.status, json.load(reply)
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def check(passed: bool, what: str) -> None:
    print(f"{'ok' if passed else 'WRONG'}: {what}")
    if not passed:
        sys.exit(1)


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except (AskFailed, StackError, TimeoutError, OSError, subprocess.SubprocessError) as error:
        sys.exit(f"The containers did not work as expected: {str(error) or type(error).__name__}")
