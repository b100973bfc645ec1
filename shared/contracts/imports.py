"""What are the rows of a file, and what is the reply to an import of them, in every service?"""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.limits import Count, ShortText
from shared.contracts.requests import Reply, Request


class CellsOfRow(BaseModel):
    """A row of a file. Each row is validated separately, so that an invalid one does not affect the others.

    Unknown columns are ignored.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    line: Count


class FileRows(Request):
    """Rows of a file, which are a part of an import."""

    import_id: UUID | None = None
    """The import, which can be undone; without it, the rows cannot be taken back together."""
    file_name: ShortText = ""
    sha256: ShortText = ""
    preview: bool = False
    """Only compare the rows with what is stored; nothing changes."""


class RejectedLine(Reply):
    """A line of a file that was rejected, entirely or in part, and why."""

    line: int
    reason: str
    facility_id: str | None = None


class ChangedField(Reply):
    """A field that a row changes; None stands for no value."""

    field: str
    before: str | None
    after: str | None


class RowChange(Reply):
    """What a row adds or changes."""

    line: int
    key: str
    """The account, person, lead or rep."""
    added: bool
    fields: list[ChangedField]


class ImportedRows(Reply):
    """The result of importing one chunk of rows."""

    imported: int
    """The rows that added or changed something or, in a preview, would."""
    unchanged: int = 0
    skipped_other_state: int = 0
    rejects: list[RejectedLine] = Field([])
    note: str | None = None
    """A remark about the entire file."""
    changed: int = 0
    """Those of the imported rows that changed something that existed."""
    changes: list[RowChange] = Field([])
    """In a preview: each of these rows."""
    ended: int = 0
    """The enrollments that end because of the rows."""
