"""How does the fake of Salesforce treat jobs that upsert a table of records?"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cli.fakes.kept.things import Wrong

Row = dict[str, Any]


@dataclass(slots=True)
class Job:
    """A job, from its creation to its results."""

    id: str
    sobject: str
    unique: str
    state: str = "Open"
    content: str = ""
    polls: int = 0
    done: list[Row] = field(default_factory=list)
    failed: list[Row] = field(default_factory=list)

    @property
    def shown(self) -> Row:
        return {"id": self.id, "object": self.sobject, "operation": "upsert", "state": self.state,
                "externalIdFieldName": self.unique, "numberRecordsProcessed": len(self.done) + len(self.failed),
                "numberRecordsFailed": len(self.failed)}  # fmt: skip


class Jobs:
    """All jobs; each is worked off when it was asked about often enough."""

    def __init__(self, upsert: Callable[[str, str, Row], Row], polls: Callable[[], int]) -> None:
        self._upsert, self._polls = upsert, polls
        self.all: dict[str, Job] = {}

    def answer(self, method: str, rest: list[str], body: bytes) -> tuple[int, Any]:
        """The status, and an object or a table."""
        if method == "POST" and not rest:
            return 200, self._create(body)
        job = self.all.get(rest[0]) if rest else None
        if job is None:
            return 404, [{"errorCode": "NOT_FOUND", "message": "no such job"}]
        match method, rest[1:]:
            case "PUT", ["batches"] if job.state == "Open":
                job.content = body.decode()
                return 201, ""
            case "PATCH", []:
                job.state = "UploadComplete"
                return 200, job.shown
            case "GET", []:
                self._work(job)
                return 200, job.shown
            case "GET", ["successfulResults"]:
                return 200, _table(["sf__Id", "sf__Created", job.unique], job.done)
            case "GET", ["failedResults"]:
                return 200, _table(["sf__Id", "sf__Error", job.unique], job.failed)
        return 400, [{"errorCode": "INVALIDJOBSTATE", "message": f"the job is {job.state}"}]

    def _create(self, body: bytes) -> Row:
        stated: Mapping[str, Any] = json.loads(body)
        job = Job(f"750{len(self.all):012}AAA", stated["object"], stated["externalIdFieldName"])
        self.all[job.id] = job
        return job.shown

    def _work(self, job: Job) -> None:
        if job.state not in ("UploadComplete", "InProgress"):
            return
        job.state, job.polls = "InProgress", job.polls + 1
        if job.polls < self._polls():
            return
        for row in csv.DictReader(io.StringIO(job.content, newline="")):
            values = {name: None if value == "#N/A" else value for name, value in row.items() if value != ""}
            for name in [name for name in values if "." in name]:
                parent, _, by = name.partition(".")
                values[parent] = {by: values.pop(name)}
            try:
                result = self._upsert(job.sobject, job.unique, values)
            except Wrong as wrong:
                job.failed.append({job.unique: row.get(job.unique), "sf__Error": f"{wrong.code}:{wrong}:--"})
            else:
                job.done.append({job.unique: row.get(job.unique), "sf__Id": result["id"],
                                 "sf__Created": str(result["created"]).lower()})  # fmt: skip
        job.state = "JobComplete"


def _table(columns: list[str], rows: list[Row]) -> str:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()
