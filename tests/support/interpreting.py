"""How is a file read for an import, as far as no service is needed, and is every line accounted for?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from engines.datasets import quality, registry
from engines.datasets.facts import Headings, read_fact
from engines.datasets.json_rows import as_text
from engines.datasets.reading import File, Record, Row, Table, Unread, Unreadable, opened
from engines.matching.pack import trade
from engines.packs import section
from services.ingest.commands.import_facts import cells_of, fact_columns
from services.ingest.usecases import submissions
from services.matcher.domain import aliases
from services.sequencer.domain import lists
from services.sequencer.domain.importing.accounts import row_of
from services.sequencer.domain.reps import team_of
from services.sequencer.domain.roles import ContactRoles
from shared.contracts.refusals import Refused
from shared.contracts.sequencer import ContactCells
from shared.contracts.sequencer_imports import AccountCells

ROLES = section("contacts", ContactRoles)
HEADINGS = section("fields", Headings)
TRADE = trade()
TODAY = date(2026, 7, 1)
Became = Counter[str]


def read_file(path: Path, kind: str) -> Became:
    """How many rows were accepted, rejected or not read; a refused file counts as `refused`.

    Any other exception is a defect, and so is a line that is not accounted for.
    """
    try:
        with opened(path) as file:
            return _by_table(file, kind) if kind in _TABLES else _by_record(file, kind)
    except (Unreadable, registry.UnknownLayout, Refused) as refused:
        return Became(refused=_in_a_sentence(str(refused)))


def _in_a_sentence(message: str) -> int:
    assert message.strip()
    assert "\n" not in message.strip(), message
    return 1


def _by_table(file: File, kind: str) -> Became:
    table = file.table()
    rows = list(table.rows)
    account(file, table, rows)
    good = [(row.line, row.cells) for row in rows if isinstance(row, Row)]
    became = _TABLES[kind](table.header, good)
    assert became.total() == len(good), became
    return became + Became(unread=len(rows) - len(good))


def _by_record(file: File, kind: str) -> Became:
    rows = list(file.records())
    became = Became()
    for row in rows:
        became["unread" if isinstance(row, Unread) else _RECORDS[kind](row)] += 1
    assert became.total() == len(rows)
    return became


def account(file: File, table: Table, rows: list[Row | Unread]) -> None:
    """Every line of a CSV file belongs to one row, is reported as unread, is blank, or belongs to the header."""
    content = file._content
    content.seek(0)
    raw = content.read()
    spans = [(row.line, row.last) for row in rows]
    assert all(before[1] < after[0] for before, after in pairwise(spans)), spans
    if (
        raw[:2] == b"PK"
        or raw.lstrip(b"\xef\xbb\xbf \t\r\n\0")[:1] in (b"[", b"{")
        or file._survey.encoding[:5] != "utf-8"
    ):
        return
    lines = len(re.findall(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", raw))
    header = 1 + sum(len(re.findall(r"\r\n|\r|\n", cell)) for cell in table.header)
    assert sum(last - line + 1 for line, last in spans) + file.findings.blank + header == lines


def _facilities(header: list[str], rows: list[tuple[int, list[str]]]) -> Became:
    chunk = registry.read_chunk(registry.layout_of(HEADINGS, header), rows, None, TODAY)
    return Became(accepted=len(chunk.listings), rejected=len(chunk.rejects))


def _quality(header: list[str], rows: list[tuple[int, list[str]]]) -> Became:
    found = quality.must_state(quality.recognize(HEADINGS, header), HEADINGS)
    return Became(
        "rejected" if isinstance(one, registry.Reject) else "accepted"
        for one in quality.read(found, HEADINGS, rows, TODAY)
    )


def _facts(header: list[str], rows: list[tuple[int, list[str]]]) -> Became:
    columns = fact_columns(header)
    return Became(_tried(partial(_fact, columns, cells)) for _, cells in rows)


def _fact(columns: dict[str, int], cells: list[str]) -> object:
    return read_fact(HEADINGS, cells_of(columns, cells))


def _tried(work: Callable[[], object]) -> str:
    try:
        work()
    except ValueError as error:
        _in_a_sentence(str(error))
        return "rejected"
    return "accepted"


def _texts(row: Record) -> dict[str, Any]:
    return {("facility_id" if name == "ccn" else name): as_text(value) for name, value in row.values.items()} | {
        "line": row.line
    }


def _alias(row: Record) -> str:
    return _tried(
        lambda: aliases.read({name: cell for name, cell in _texts(row).items() if name != "line"}, HEADINGS, TRADE)
    )


def _contact(row: Record) -> str:
    cells = ContactCells(**_texts(row)).model_dump(exclude={"line"})
    return _tried(lambda: lists.contact_of(cells, HEADINGS.key, ROLES, date.max))


def _account(row: Record) -> str:
    cells = AccountCells(**_texts(row)).model_dump(exclude={"line"})
    return _tried(lambda: row_of(cells, HEADINGS.key, team_of(["rep-1"]), TODAY))


def _posting(row: Record) -> str:
    reading = submissions.read(row.values, None, datetime(2026, 7, 1, tzinfo=UTC))
    return "accepted" if reading.submission else "rejected"


_TABLES: dict[str, Callable[[list[str], list[tuple[int, list[str]]]], Became]] = {
    "facilities": _facilities,
    "quality": _quality,
    "facts": _facts,
}
_RECORDS: dict[str, Callable[[Record], str]] = {
    "aliases": _alias,
    "contacts": _contact,
    "accounts": _account,
    "postings": _posting,
}


def summed(all_of_them: Iterable[Became]) -> Became:
    return sum(all_of_them, Became())
