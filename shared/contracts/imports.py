"""What did an import of a file's rows do, whichever service took them?"""

from __future__ import annotations

from pydantic import Field

from shared.contracts.requests import Reply


class RejectedLine(Reply):
    """A line of a file that was not taken, or a part of one, and why."""

    line: int
    reason: str
    facility_id: str | None = None


class ImportedRows(Reply):
    """Counts of one chunk of rows by column name."""

    imported: int
    unchanged: int = 0
    skipped_other_state: int = 0
    rejects: list[RejectedLine] = Field([])
    note: str | None = None
    """What a person should know of the file as a whole."""
