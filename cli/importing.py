"""How do files get into the pipeline?

The command line splits them into chunks and hands these to the services, which know what the columns mean. A row that
cannot be taken lands in a rejects file with its line number and the reason; the rest goes on.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from cli.client import persistently
from cli.reading import Unreadable, records, table
from shared.broker import Broker

T = TypeVar("T")

CHUNK = 1_000
PATIENCE = 60.0

Progress = Callable[[int], None]
"""Told the number of rows handed over, chunk by chunk."""


@dataclass(frozen=True)
class Reject:
    """A row that was not taken."""

    line: int
    reason: str
    row: str = ""


@dataclass
class Report:
    """What became of a file."""

    rows: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    warnings: list[Reject] = field(default_factory=list)
    """Rows that were taken, with something that a person should know."""
    note: str | None = None
    ignored_fields: set[str] = field(default_factory=set)

    def add(self, reply: dict[str, Any], names: Iterable[str]) -> None:
        for name in names:
            self.counts[name] = self.counts.get(name, 0) + int(reply.get(name) or 0)
        self.rejects += [Reject(r["line"], r["reason"]) for r in reply.get("rejects", [])]
        self.warnings += [Reject(w["line"], w["reason"]) for w in reply.get("warnings", [])]
        self.note = reply.get("note") or self.note
        if reply.get("dataset"):
            self.note = f"Taken as {reply['dataset']}: {', '.join(reply['fields']) or 'facts that the rows name'}."


async def import_table(broker: Broker, kind: str, path: Path, options: dict[str, Any], progress: Progress) -> Report:
    """Hand a CSV over as it is: `kind` is `facilities`, `facts` or `quality`; `options` go with every chunk."""
    lines = table(path)
    header = next(lines, None)
    if header is None:
        raise Unreadable(f"{path.name} is empty.")
    report, import_id = Report(), str(uuid4())
    for chunk, final in _with_last(_consecutive(lines)):
        request = {
            "import_id": import_id,
            "file_name": path.name,
            "header": header[1],
            "rows": [cells for _, cells in chunk],
            "first_line": chunk[0][0] if chunk else 2,
            "final": final,
            **options,
        }
        reply = await persistently(broker, f"ingest.ask.import_{kind}", request, PATIENCE)
        report.rows += len(chunk)
        report.add(reply, ("imported", "changed", "facts", "delisted", "skipped_other_state"))
        progress(len(chunk))
    return report


async def import_postings(
    broker: Broker, rows: Iterable[tuple[int, dict[str, Any] | str]], source: str | None, progress: Progress
) -> Report:
    """Submit postings; each row's source is `source`, else its own column."""
    report = Report()
    for chunk in _chunks(rows):
        report.rows += len(chunk)
        report.rejects += [Reject(line, row) for line, row in chunk if isinstance(row, str)]
        for name, members in _by_source(chunk, source).items():
            await _submit(broker, name, members, report)
        progress(len(chunk))
    report.rejects.sort(key=lambda reject: reject.line)
    return report


async def _submit(broker: Broker, source: str, members: list[tuple[int, dict[str, Any]]], report: Report) -> None:
    request = {"source": source, "postings": [row for _, row in members]}
    reply = await persistently(broker, "ingest.submit", request, PATIENCE)
    for result in reply["results"]:
        line, row = members[result["index"]]
        report.ignored_fields.update(result.get("ignored_fields") or ())
        if result["status"] >= 400:
            reasons = "; ".join(f"{name}: {what}" for name, what in result["errors"].items())
            report.rejects.append(Reject(line, reasons, str(row.get("source_posting_id", ""))))
        else:
            name = "new" if result["status"] == 201 else "known"
            report.counts[name] = report.counts.get(name, 0) + 1


async def import_rows(broker: Broker, subject: str, path: Path, progress: Progress) -> Report:
    """Hand over contacts or clients: rows by column name, each with its line number."""
    report = Report()
    for chunk in _chunks(records(path)):
        good = [{"line": line, **row} for line, row in chunk if not isinstance(row, str)]
        report.rejects += [Reject(line, row) for line, row in chunk if isinstance(row, str)]
        reply = await persistently(broker, subject, {"rows": good}, PATIENCE)
        report.rows += len(chunk)
        report.add(reply, ("imported", "unchanged"))
        progress(len(chunk))
    return report


def write_rejects(report: Report, path: Path) -> Path | None:
    """The rejects of an import, in `<path>.rejects.csv`; None without rejects."""
    if not report.rejects:
        return None
    target = path.with_name(f"{path.name}.rejects.csv")
    with target.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "reason", "id"])
        writer.writerows([r.line, _harmless(r.reason), _harmless(r.row)] for r in report.rejects)
    return target


def _harmless(text: str) -> str:
    """A spreadsheet must not take a cell for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _by_source(
    chunk: list[tuple[int, dict[str, Any] | str]], source: str | None
) -> dict[str, list[tuple[int, dict[str, Any]]]]:
    groups: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for line, row in chunk:
        if isinstance(row, dict):
            groups.setdefault(source or str(row.get("source") or "file"), []).append((line, row))
    return groups


def _chunks(items: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def _consecutive(lines: Iterable[tuple[int, list[str]]]) -> Iterator[list[tuple[int, list[str]]]]:
    """Chunks whose line numbers follow from the first: blank lines and cells of several lines end a chunk."""
    chunk: list[tuple[int, list[str]]] = []
    for line, cells in lines:
        if chunk and (len(chunk) == CHUNK or line != chunk[-1][0] + 1):
            yield chunk
            chunk = []
        chunk.append((line, cells))
    if chunk:
        yield chunk


def _with_last(chunks: Iterator[list[T]]) -> Iterator[tuple[list[T], bool]]:
    """Each chunk, and whether it is the last one; an empty file is one empty last chunk."""
    current = next(chunks, [])
    for following in chunks:
        yield current, False
        current = following
    yield current, True
