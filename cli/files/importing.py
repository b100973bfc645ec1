"""How are files imported?

The command line splits a file into chunks and sends them to the services, which interpret the columns. A rejected row
is written to a file of rejects with its line number and the reason; the other rows are imported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args
from uuid import uuid4

from pydantic_core import to_json

from cli.client.actor import OPERATOR, who
from cli.client.connection import made, persistently
from cli.files.report import Reject, Report, Stopped
from engines.datasets import crm
from engines.datasets.crm import renamed
from engines.datasets.facts import Headings
from engines.datasets.headings import column
from engines.datasets.json_rows import as_text
from engines.datasets.reading import File, Record, Row, Unread, Unreadable, opened
from engines.datasets.rosters import people_in
from engines.datasets.snapshots import NewestRows
from engines.packs import section
from shared.contracts.imports import FileRows, ImportedRows
from shared.contracts.ingest import FileChunk, ImportFacilities, SubmitPostings, UnreadLine
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Command
from shared.contracts.sequencer import ImportContacts
from shared.contracts.sequencer_imports import ImportLeads

if TYPE_CHECKING:
    from shared.messaging.broker import Broker

T = TypeVar("T")

CHUNK = 1_000
CHUNK_OF_PREVIEW = 250
"""The reply to a preview contains the rows, each value before and after."""
MOST_BYTES = 2_000_000
"""The maximum size of the rows in one request, if NATS accepts as much."""
PATIENCE = 60.0

Progress = Callable[[int], None]
"""Called with the number of rows of each chunk that was sent."""


@contextmanager
def _accounted(report: Report) -> Iterator[None]:
    """Raises `Stopped`, with the report, for a failure after the first chunk."""
    try:
        yield
    except (AskFailed, Unreadable) as error:
        if not report.rows:
            raise
        raise Stopped(report, error) from error


async def import_table(
    broker: Broker, kind: type[FileChunk], path: Path, options: dict[str, Any], progress: Progress
) -> Report:
    """Send a table unchanged, in commands of a kind; `options` are part of every command."""
    report = Report()
    with opened(path) as file, _accounted(report):
        table = file.table()
        rows: Iterable[Row | Unread] = table.rows
        newest = None
        if kind is ImportFacilities:
            rows = newest = NewestRows(table, path, section("fields", Headings))
        options_of_all = {
            "import_id": uuid4(),
            "sha256": file.sha256,
            "file_name": path.name,
            "actor": who(unknown=OPERATOR),
            **options,
        }
        for chunk, final in _with_last(chunks(((row.line, row) for row in rows), request_bytes(broker))):
            good = [row for _, row in chunk if isinstance(row, Row)]
            unread = [row for _, row in chunk if isinstance(row, Unread)]
            command = made(
                kind,
                header=table.header,
                rows=[row.cells for row in good],
                lines=[row.line for row in good],
                unread=[UnreadLine(line=row.line, reason=row.reason, begins=row.begins) for row in unread],
                cut=file.findings.cut if final else None,
                final=final,
                **options_of_all,
            )
            reply = await persistently(broker, command, patience=PATIENCE)
            report.sent(chunk)
            report.unread(unread)
            report.warnings += [Reject(row.line, _spans(row)) for row in good if row.last > row.line]
            report.add_chunk(reply)
            progress(len(chunk))
        if newest and newest.earlier:
            report.older_days_skipped(newest, path.name)
        report.findings(file)
    return report


def postings_of(file: File) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """Line and posting of every row; for an invalid row, the problem as text."""
    for row in file.records():
        yield row.line, row.values if isinstance(row, Record) else row.reason


def _spans(row: Row) -> str:
    return f"the row continues to line {row.last}: a quoted cell contains line breaks; check whether that is intended"


async def import_postings(
    broker: Broker, rows: Iterable[tuple[int, dict[str, Any] | str]], source: str | None, progress: Progress
) -> Report:
    """Submit postings; the source of a row is `source`, or else its own column."""
    report = Report()
    with _accounted(report):
        for chunk in chunks(rows, request_bytes(broker)):
            read = [
                (line, _fitting(row if source else _with_source(row), request_bytes(broker))) for line, row in chunk
            ]
            await _submit(broker, source, [(line, row) for line, row in read if not isinstance(row, str)], report)
            report.sent(chunk)
            report.rejects += [Reject(line, row) for line, row in read if isinstance(row, str)]
            report.rejects.sort(key=lambda reject: reject.line)
            progress(len(chunk))
    return report


def _with_source(row: dict[str, Any] | str) -> dict[str, Any] | str:
    """The row, or the problem that it has no source: with a made-up source, it would be another posting."""
    if isinstance(row, str) or str(row.get("source") or "").strip():
        return row
    return "source: is missing; give --source NAME"


def _fitting(row: dict[str, Any] | str, most: int) -> dict[str, Any] | str:
    """The row, or the problem that it exceeds a request; a character has at most four bytes, or six if escaped."""
    if isinstance(row, str) or sum(len(cell) for cell in row.values() if isinstance(cell, str)) * 6 <= most:
        return row
    size = len(to_json(row))
    return row if size <= most else f"has {size:,} bytes; a row can have {most:,} at most"


async def _submit(
    broker: Broker, source: str | None, members: list[tuple[int, dict[str, Any]]], report: Report
) -> None:
    if not members:
        return
    command = made(SubmitPostings, source=source, postings=[row for _, row in members], actor=who(unknown=OPERATOR))
    reply = await persistently(broker, command, patience=PATIENCE)
    for result in reply.results:
        line, row = members[result.index]
        report.ignored_fields.update(result.ignored_fields)
        report.left_out(line, result)
        if result.status >= 400:
            reasons = "; ".join(f"{name}: {what}" for name, what in result.errors.items())
            report.rejects.append(Reject(line, reasons, str(row.get("source_posting_id", ""))))
        else:
            name = "new" if result.status == 201 else "known"
            report.counts[name] = report.counts.get(name, 0) + 1


async def import_rows(
    broker: Broker,
    kind: type[Command[ImportedRows]],
    path: Path,
    progress: Progress,
    more: dict[str, Any] | None = None,
    other: tuple[type[Command[ImportedRows]], Callable[[dict[str, Any]], bool]] | None = None,
) -> Report:
    """Send accounts, contacts, leads, reps or aliases: rows by column name, and `more` with each command.

    `other` is the command of rows that another service owns, and which rows these are.
    """
    report = Report()
    with opened(path) as file, _accounted(report):
        options = _import_of(kind, file, path) | (more or {})
        report.begin(options)
        most, known = CHUNK_OF_PREVIEW if report.preview else CHUNK, _columns(kind)
        for chunk in chunks(((row.line, row) for row in file.records()), request_bytes(broker), most):
            good = [cells for _, row in chunk if isinstance(row, Record) for cells in _rows(row, kind)]
            for owner, rows in _by_owner(good, kind, other):
                command = made(owner, rows=rows, **options, actor=who(unknown=OPERATOR))
                report.add_rows(await persistently(broker, command, patience=PATIENCE))
            report.sent(chunk)
            report.ignored_fields.update(name for cells in good for name in cells if known and name not in known)
            report.unread(row for _, row in chunk if isinstance(row, Unread))
            progress(len(chunk))
        report.findings(file)
    return report


def _by_owner(
    rows: list[dict[str, Any]],
    kind: type[Command[ImportedRows]],
    other: tuple[type[Command[ImportedRows]], Callable[[dict[str, Any]], bool]] | None,
) -> list[tuple[type[Command[ImportedRows]], list[dict[str, Any]]]]:
    """The rows of each command."""
    if other is None:
        return [(kind, rows)]
    also, is_other = other
    parts = (kind, [row for row in rows if not is_other(row)]), (also, [row for row in rows if is_other(row)])
    return [(owner, part) for owner, part in parts if part]


def _import_of(kind: type[Command[ImportedRows]], file: File, path: Path) -> dict[str, Any]:
    """The import that rows are a part of, if the service can undo it."""
    if not issubclass(kind, FileRows):
        return {}
    return {"import_id": uuid4(), "file_name": path.name, "sha256": file.sha256}


def _columns(kind: type[Command[ImportedRows]]) -> set[str]:
    """The columns that lists of a kind may have; none if that is not known."""
    if not issubclass(kind, FileRows):
        return set()
    [cells] = get_args(kind.model_fields["rows"].annotation)
    fields = section("stages", dict[str, Any])["intake"] if kind is ImportLeads else ()
    return {*cells.model_fields, *(each["field"] for each in fields)}


def _rows(row: Record, kind: type[Command[ImportedRows]]) -> list[dict[str, Any]]:
    """The rows that a row of a file states: a roster may name several people of a facility."""
    cells = _cells(row, kind)
    if kind is not ImportContacts:
        return [cells]
    return [each | {"line": row.line} for each in people_in(section("fields", Headings).rosters, cells)]


def _cells(row: Record, kind: type[Command[ImportedRows]]) -> dict[str, Any]:
    """A row as services expect it: the pack's account key becomes `facility_id`, and headings of CRM systems ours."""
    names = renamed(list(row.values), _SPELLINGS.get(kind.NAME, {}), _key_spellings())
    return dict(zip(names, map(as_text, row.values.values()), strict=True)) | {"line": row.line}


_SPELLINGS = {
    "import_accounts": crm.ACCOUNTS,
    "import_contacts": crm.CONTACTS,
    "import_leads": crm.LEADS,
    "import_reps": crm.REPS,
    "import_suppressions": crm.SUPPRESSIONS,
}


def _key_spellings() -> dict[str, str]:
    """The headings of the account key in the pack."""
    headings = section("fields", Headings)
    known = [*headings.identity.get("facility_id", ()), headings.key.title, headings.key.column]
    return {column(heading): "facility_id" for heading in known}


def request_bytes(broker: Broker) -> int:
    """The maximum bytes of rows in one request; a quarter of the message size of NATS is left for the rest."""
    return min(MOST_BYTES, broker.max_bytes * 3 // 4)


def chunks(
    rows: Iterable[tuple[int, T]], most: int = MOST_BYTES, most_rows: int = CHUNK
) -> Iterator[list[tuple[int, T]]]:
    """Rows in chunks that fit into one request."""
    chunk: list[tuple[int, T]] = []
    size = 0
    for line, row in rows:
        more = len(to_json(row))
        if chunk and (len(chunk) == most_rows or size + more > most):
            yield chunk
            chunk, size = [], 0
        chunk.append((line, row))
        size += more
    if chunk:
        yield chunk


def _with_last(chunks: Iterator[list[T]]) -> Iterator[tuple[list[T], bool]]:
    """Each chunk, and whether it is the last one; an empty file is one empty last chunk."""
    current = next(chunks, [])
    for following in chunks:
        yield current, False
        current = following
    yield current, True
