"""How is a list of the services written to a file: CSV for spreadsheets, Parquet for programs?"""

from __future__ import annotations

import csv
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from cli.client.connection import pages
from cli.files.lists import EXPORTS, Export
from cli.files.parquet import write_parquet
from engines.packs import account_key
from engines.reports.cells import escaped

if TYPE_CHECKING:
    from shared.messaging.broker import Broker

Format = Literal["csv", "parquet"]
SPREAD = "points"
"""A field that has a column for each of its names."""


async def export(broker: Broker, what: str, path: Path, form: Format = "csv") -> int:
    """Write a list, atomically and a page at a time; returns the number of rows."""
    write = _csv if form == "csv" else _parquet
    draft = path.with_name(f".{path.name}.part")
    try:
        count = await write(EXPORTS[what], _pages(broker, EXPORTS[what]), draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return count


async def _pages(broker: Broker, export: Export) -> AsyncIterator[list[dict[str, Any]]]:
    asked = [(export.question, export.key), *([export.more] if export.more else [])]
    for question, key in asked:
        if not key:
            yield [_fields(row) for row in await broker.ask(question)]
            continue
        async for page in pages(broker, question, key):
            yield [_fields(row) for row in page]


async def _csv(export: Export, found: AsyncIterator[list[dict[str, Any]]], draft: Path) -> int:
    count, names = 0, list(export.columns)
    with draft.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        async for rows in found:
            if not count and rows:
                names += rows[0].get(SPREAD, {})
                writer.writerow(map(heading, names))
            writer.writerows([cell({**row, **row.get(SPREAD, {})}.get(name)) for name in names] for row in rows)
            count += len(rows)
        if not count:
            writer.writerow(map(heading, names))
    return count


async def _parquet(export: Export, found: AsyncIterator[list[dict[str, Any]]], draft: Path) -> int:
    """The rows go to a file of JSON first, so that memory is bounded; it is gone afterwards."""
    between, count, spread = draft.with_suffix(".json"), 0, list[str]()
    try:
        with between.open("w", encoding="utf-8") as file:
            async for rows in found:
                if not count and rows:
                    spread = list(rows[0].get(SPREAD, {}))
                for row in rows:
                    all_of_it = {**row, **row.get(SPREAD, {})}
                    named = {heading(name): all_of_it.get(name) for name in (*export.columns, *spread)}
                    file.write(json.dumps(named) + "\n")
                count += len(rows)
        write_parquet(export.question, export.columns, tuple(spread), heading, between, draft)
    finally:
        between.unlink(missing_ok=True)
    return count


def heading(name: str) -> str:
    """The heading of a column; the pack names the account key."""
    return account_key().column if name == "facility_id" else name


def _fields(row: Any) -> dict[str, Any]:
    """The fields of a row, as in JSON."""
    fields: dict[str, Any] = row if isinstance(row, dict) else row.model_dump(mode="json")
    return fields


def cell(value: Any) -> Any:
    """A value as a cell: text is escaped, a list is joined."""
    if isinstance(value, list | tuple):
        value = "|".join(map(str, value))
    return escaped(value) if isinstance(value, str) else value
