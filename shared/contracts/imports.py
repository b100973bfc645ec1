"""What is the reply to an import of a file's rows, in every service?"""

from __future__ import annotations

from pydantic import Field

from shared.contracts.requests import Reply


class RejectedLine(Reply):
    """A line of a file that was rejected, entirely or in part, and why."""

    line: int
    reason: str
    facility_id: str | None = None


class ImportedRows(Reply):
    """The result of importing one chunk of rows."""

    imported: int
    unchanged: int = 0
    skipped_other_state: int = 0
    rejects: list[RejectedLine] = Field([])
    note: str | None = None
    """A remark about the entire file."""
