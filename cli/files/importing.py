"""How are files imported?

The command line splits a file into chunks and sends them to the services, which interpret the columns. A rejected row
is written to a file of rejects with its line number and the reason; the other rows are imported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args
from uuid import uuid4

from pydantic_core import to_json

from cli.client.actor import OPERATOR, who
from cli.client.connection import made, persistently
from cli.files.report import Reject, Report, Stopped
from engines.datasets import crm
from engines.datasets.chunks import CHUNK, MOST_BYTES, TableParts, as_stated, chunks
from engines.datasets.facts import Headings
from engines.datasets.reading import File, Record, Row, Unread, Unreadable, opened
from engines.datasets.rosters import people_in
from engines.packs import section
from shared.contracts.imports import FileRows, ImportedRows
from shared.contracts.ingest import FileChunk, ImportedFile, ImportFacilities, SubmitPostings
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Command
from shared.contracts.sequencer import ImportContacts
from shared.contracts.sequencer_imports import ImportLeads

if TYPE_CHECKING:
    from shared.messaging.broker import Broker

CHUNK_OF_PREVIEW = 250
"""The reply to a preview contains the rows, each value before and after."""
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
    """Send a table, in commands of a kind; `options` are part of every command."""
    report = Report()
    with opened(path) as file, _accounted(report):
        registry = kind is ImportFacilities
        parts = TableParts(file, path, section("fields", Headings), registry=registry, most=request_bytes(broker))
        options_of_all = {
            "import_id": uuid4(),
            "sha256": file.sha256,
            "file_name": path.name,
            "actor": who(unknown=OPERATOR),
            **options,
        }
        for part in parts:
            reply = await persistently(broker, made(kind, **part.fields, **options_of_all), patience=PATIENCE)
            report.sent(len(part), part.last_line)
            report.unread(part.unread)
            report.warnings += [Reject(row.line, _spans(row)) for row in part.rows if row.last > row.line]
            report.add_chunk(reply)
            progress(len(part))
        if parts.newest and parts.newest.earlier:
            report.older_days_skipped(parts.newest, path.name)
        report.findings(file)
    return report


def postings_of(file: File) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """Line and posting of every row; for an invalid row, the problem as text."""
    for row in file.records():
        yield row.line, row.values if isinstance(row, Record) else row.reason


def _spans(row: Row) -> str:
    return f"the row continues to line {row.last}: a quoted cell contains line breaks; check whether that is intended"


async def import_postings(
    broker: Broker,
    rows: Iterable[tuple[int, dict[str, Any] | str]],
    source: str | None,
    progress: Progress,
    file: ImportedFile | None = None,
) -> Report:
    """Submit postings, which a file contains; the source of a row is `source`, or else its own column."""
    report = Report()
    with _accounted(report):
        for chunk in chunks(rows, request_bytes(broker)):
            read = [
                (line, _fitting(row if source else _with_source(row), request_bytes(broker))) for line, row in chunk
            ]
            good = [(line, row) for line, row in read if not isinstance(row, str)]
            await _submit(broker, source, good, report, file)
            report.sent(len(chunk), chunk[-1][0])
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
    broker: Broker,
    source: str | None,
    members: list[tuple[int, dict[str, Any]]],
    report: Report,
    file: ImportedFile | None,
) -> None:
    if not members:
        return
    postings = [row for _, row in members]
    command = made(SubmitPostings, source=source, postings=postings, file=file, actor=who(unknown=OPERATOR))
    reply = await persistently(broker, command, patience=PATIENCE)
    report.submitted(members, reply.results)


def imported(file: File) -> ImportedFile:
    """What the ledger states of a file of postings."""
    return ImportedFile(import_id=uuid4(), name=file.name, sha256=file.sha256)


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
            report.sent(len(chunk), chunk[-1][0])
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
    """A row as services expect it, with the headings of CRM systems as ours."""
    return as_stated(row, section("fields", Headings), _SPELLINGS.get(kind.NAME, {}))


_SPELLINGS = {
    "import_accounts": crm.ACCOUNTS,
    "import_contacts": crm.CONTACTS,
    "import_leads": crm.LEADS,
    "import_reps": crm.REPS,
    "import_suppressions": crm.SUPPRESSIONS,
}


def request_bytes(broker: Broker) -> int:
    """The maximum bytes of rows in one request; a quarter of the message size of NATS is left for the rest."""
    return min(MOST_BYTES, broker.max_bytes * 3 // 4)
