"""How are many records sent to Salesforce as one job (Bulk API 2.0), and what became of each?

A job is started and asked about later, so that its id can be stored between, and nothing waits.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from engines.crm.answers import of_row, of_salesforce
from engines.crm.exchange import Answer, Failed, Failure, Outcome, Request, Steps, as_json

EMPTY: Final = "#N/A"
"""What removes a value; an empty cell changes nothing."""
_RUNNING: Final = ("Open", "UploadComplete", "InProgress")


def asked(request: Request) -> Steps[Answer]:
    """The answer; raises `Failed`."""
    answer = yield request
    failure = of_salesforce(answer)
    if failure:
        raise Failed(failure)
    return answer


def start(base: str, sobject: str, unique: str, rows: Sequence[Mapping[str, Any]]) -> Steps[str]:
    """Start a job that upserts these rows; its id."""
    job = {"object": sobject, "operation": "upsert", "externalIdFieldName": unique, "contentType": "CSV",
           "lineEnding": "LF"}  # fmt: skip
    created = yield from asked(as_json("POST", f"{base}/jobs/ingest", job))
    place = f"{base}/jobs/ingest/{quote(str(created.object['id']), safe='')}"
    yield from asked(Request("PUT", f"{place}/batches", table(rows), "text/csv"))
    yield from asked(as_json("PATCH", place, {"state": "UploadComplete"}))
    return str(created.object["id"])


def result(base: str, job: str, unique: str, ids: Sequence[str]) -> Steps[list[Outcome] | None]:
    """What became of each of our ids; None while the job runs."""
    place = f"{base}/jobs/ingest/{quote(job, safe='')}"
    answer = yield Request("GET", place)
    failure = of_salesforce(answer)
    if failure and answer.status == 404:  # they forget a job after some days
        return [Outcome(each, failure=Failure("theirs", "UNPROCESSED", failure.message)) for each in ids]
    if failure:
        raise Failed(failure)
    state = answer.object
    if state.get("state") in _RUNNING:
        return None
    done = _rows((yield from asked(Request("GET", f"{place}/successfulResults"))))
    failed = _rows((yield from asked(Request("GET", f"{place}/failedResults"))))
    their_ids = {each.get(unique, ""): each for each in done}
    failures = {each.get(unique, ""): of_row(each.get("sf__Error", "")) for each in failed}
    message = str(state.get("errorMessage") or f"The job ended as {state.get('state')} without this record.")
    rest = of_row(message) if state.get("state") == "Failed" else Failure("theirs", "UNPROCESSED", message)
    return [
        Outcome(each, their_ids[each].get("sf__Id"), their_ids[each].get("sf__Created") == "true")
        if each in their_ids
        else Outcome(each, failure=failures.get(each, rest))
        for each in ids
    ]


def table(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Rows with all columns that one of them has."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return file.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return EMPTY
    return str(value).lower() if isinstance(value, bool) else str(value)


def _rows(answer: Answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"), newline="")))
