"""What is the result of importing a file?"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from engines.datasets.reading import File, Unread
from engines.datasets.snapshots import NewestRows
from engines.reports.cells import escaped
from shared.contracts.imports import ImportedRows, RowChange
from shared.contracts.ingest import ImportReport, MissingFacility, SubmittedPosting
from shared.contracts.refusals import AskFailed


@dataclass(frozen=True)
class Reject:
    """A rejected row."""

    line: int
    reason: str
    row: str = ""


@dataclass
class Report:
    """The result of an import."""

    rows: int = 0
    last_line: int = 0
    """The last line that was sent."""
    counts: dict[str, int] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    warnings: list[Reject] = field(default_factory=list)
    """Warnings about rows that were imported."""
    remarks: list[str] = field(default_factory=list)
    """Warnings about the entire file."""
    note: str | None = None
    gone: list[MissingFacility] = field(default_factory=list)
    """Facilities that a complete file lacks: delisted, or those that would be."""
    ignored_fields: set[str] = field(default_factory=set)

    preview: bool = False
    import_id: UUID | None = None
    changes: list[RowChange] = field(default_factory=list)
    """In a preview: what each row would add or change."""
    ended: int = 0
    """The enrollments that ended because of the rows."""

    def begin(self, options: Mapping[str, Any]) -> None:
        self.preview = bool(options.get("preview"))
        self.import_id = options.get("import_id")

    def add(self, part: Report) -> None:
        """Add the result of importing more rows."""
        self.rows += part.rows
        self.rejects += part.rejects
        self.ignored_fields |= part.ignored_fields
        for name, count in part.counts.items():
            self.counts[name] = self.counts.get(name, 0) + count

    def add_chunk(self, reply: ImportReport) -> None:
        """Add the reply to a chunk of a table."""
        self._add(reply, ("imported", "changed", "facts", "delisted", "skipped_other_state"))
        self.warnings += [Reject(one.line, one.reason) for one in reply.warnings]
        self.gone = reply.gone or self.gone
        self.ignored_fields.update(reply.ignored_fields)
        if reply.dataset:
            self.note = f"Imported as {reply.dataset}: {', '.join(reply.fields) or 'facts that the rows name'}."

    def add_rows(self, reply: ImportedRows) -> None:
        """Add the reply to rows by column name."""
        self._add(reply, ("imported", "changed", "unchanged", "skipped_other_state"))
        self.changes += reply.changes
        self.ended += reply.ended

    def _add(self, reply: ImportReport | ImportedRows, names: Iterable[str]) -> None:
        for name in names:
            self.counts[name] = self.counts.get(name, 0) + getattr(reply, name)
        self.rejects += [Reject(one.line, one.reason) for one in reply.rejects]
        self.note = reply.note or self.note

    def submitted(self, members: Sequence[tuple[int, dict[str, Any]]], results: Iterable[SubmittedPosting]) -> None:
        """Add what came of postings, each with its line."""
        for result in results:
            line, row = members[result.index]
            self.ignored_fields.update(result.ignored_fields)
            self.left_out(line, result)
            if result.status >= 400:
                reasons = "; ".join(f"{name}: {what}" for name, what in result.errors.items())
                self.rejects.append(Reject(line, reasons, str(row.get("source_posting_id", ""))))
            else:
                name = "new" if result.status == 201 else "known"
                self.counts[name] = self.counts.get(name, 0) + 1

    def left_out(self, line: int, result: SubmittedPosting) -> None:
        """Add the invalid fields of a posting that was accepted."""
        warnings = result.warnings if result.status < 400 else None
        if warnings:
            self.counts["fields_left_out"] = self.counts.get("fields_left_out", 0) + len(warnings)
            self.warnings.append(Reject(line, "; ".join(f"{name}: {what}" for name, what in warnings.items())))

    def sent(self, rows: int, last_line: int) -> None:
        self.rows += rows
        self.last_line = last_line or self.last_line

    def unread(self, rows: Iterable[Unread]) -> None:
        self.rejects += [Reject(one.line, one.reason) for one in rows]

    def older_days_skipped(self, newest: NewestRows, file_name: str) -> None:
        """Add the skipped rows of a registry with several days."""
        self.rows += newest.skipped
        self.counts["skipped_earlier_day"] = newest.skipped
        days = ", ".join(map(str, newest.earlier))
        self.remarks.append(
            f"The file has several days of the same registry; only the newest was imported, not {days}."
            f" `pipeline import aliases {file_name}` imports the names that facilities had before."
        )

    def findings(self, file: File) -> None:
        """Add the findings from reading the file, and sort everything by line."""
        self.warnings += [Reject(note.line, note.reason) for note in file.findings.warnings]
        self.remarks += file.findings.remarks
        self.warnings.sort(key=_line)
        self.rejects.sort(key=_line)


def _line(one: Reject) -> int:
    return one.line


class Stopped(AskFailed):
    """An import stopped before the end of the file; `report` has the result until then."""

    def __init__(self, report: Report, reason: Exception) -> None:
        super().__init__(
            f"Nothing was imported from line {report.last_line + 1} on: {reason}\n"
            "Once that is fixed, import the entire file again: imported rows change nothing.",
            getattr(reason, "code", 400),
        )
        self.report = report


def write_rejects(report: Report, path: Path, target: Path | None = None) -> Path | None:
    """Write the rejects of an import to `target`, by default `<path>.rejects.csv`; returns None without rejects."""
    if not report.rejects:
        return None
    target = target or path.with_name(f"{path.name}.rejects.csv")
    with target.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "reason", "id"])
        writer.writerows([r.line, escaped(r.reason), escaped(r.row)] for r in report.rejects)
    return target
