"""How is a downloaded file imported? By the commands that the command line sends, with the same rows.

A part that was sent before, by a process that ended, has the same id, so that it has one effect.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import uuid5

from engines.datasets.chunks import MOST_BYTES, TableParts, as_stated, chunks
from engines.datasets.facts import Headings
from engines.datasets.reading import Record, opened
from services.ingest.domain.datasets import Dataset
from services.ingest.store.datasets import Vintage
from shared.contracts.imports import ImportedRows
from shared.contracts.ingest import ImportFacilities, ImportFacts, ImportQuality, ImportReport
from shared.contracts.matcher import ImportAliases
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Command
from shared.work import Ask

TABLES: dict[str, type[Command[Any]]] = {"facilities": ImportFacilities, "quality": ImportQuality, "facts": ImportFacts}
TRIES = 120
WAIT_SECONDS = 0.5
_BUSY = (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT)
_COUNTED = ("imported", "changed", "facts", "delisted", "unchanged", "skipped_other_state")


@dataclass(slots=True)
class Result:
    """The counts of all parts of a file, and a remark about the entire file."""

    counts: Counter[str] = field(default_factory=Counter)
    note: str | None = None

    def add(self, reply: ImportReport | ImportedRows) -> None:
        self.counts.update({name: value for name in _COUNTED if (value := getattr(reply, name, 0))})
        self.counts["rejected"] += len(reply.rejects)
        self.note = reply.note or self.note


async def import_file(dataset: Dataset, vintage: Vintage, path: Path, headings: Headings, ask: Ask) -> Result:
    """Send all parts of a file; raises `AskFailed`, and `Unreadable`."""
    most = MOST_BYTES
    while True:
        try:
            return await _sent(dataset, vintage, path, headings, ask, most)
        except AskFailed as failed:
            if failed.code != HTTPStatus.REQUEST_ENTITY_TOO_LARGE or most < 10_000:
                raise
            most //= 2


async def _sent(dataset: Dataset, vintage: Vintage, path: Path, headings: Headings, ask: Ask, most: int) -> Result:
    result = Result()
    commands = _names if dataset.imports == "aliases" else _rows
    for number, (kind, fields) in enumerate(commands(dataset, vintage, path, headings, most)):
        request = kind(
            **fields, command_id=uuid5(vintage.import_id, f"{most} {number}"), actor=f"dataset {dataset.name}"
        )
        result.add(await _answered(request, ask))
    return result


def _rows(
    dataset: Dataset, vintage: Vintage, path: Path, headings: Headings, most: int
) -> Iterator[tuple[type[Command[Any]], Mapping[str, Any]]]:
    options: dict[str, Any] = {"import_id": vintage.import_id, "file_name": file_name(vintage), "size": vintage.size}
    if dataset.imports in ("facilities", "quality"):
        options["as_of"] = vintage.as_of
    if dataset.imports == "facilities":
        options |= {"state": dataset.state, "complete": dataset.complete}
    with opened(path) as file:
        options["sha256"] = file.sha256
        for part in TableParts(file, path, headings, registry=dataset.imports == "facilities", most=most):
            yield TABLES[dataset.imports], {**options, **part.fields}


def _names(
    dataset: Dataset, vintage: Vintage, path: Path, headings: Headings, most: int
) -> Iterator[tuple[type[Command[Any]], Mapping[str, Any]]]:
    with opened(path) as file:
        read = (row for row in file.records() if isinstance(row, Record))
        for chunk in chunks(((row.line, as_stated(row, headings)) for row in read), most):
            rows = [row for _, row in chunk]
            yield ImportAliases, {"rows": rows, "file_name": file_name(vintage), "state": dataset.state}


async def _answered(request: Command[Any], ask: Ask) -> Any:
    """The reply to a part. Its service may be restarting; a part that is sent again has one effect."""
    for _ in range(TRIES):
        try:
            return await ask(request, service="")
        except AskFailed as failed:
            if failed.code not in _BUSY:
                raise
            await asyncio.sleep(WAIT_SECONDS)
    return await ask(request, service="")


def file_name(vintage: Vintage) -> str:
    """The name under which an import is recorded."""
    name = (vintage.url or "").partition("?")[0].rpartition("/")[2]
    return name if 0 < len(name) <= 200 else f"{vintage.dataset}.jsonl"
