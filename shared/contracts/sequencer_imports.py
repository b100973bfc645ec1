"""Which questions and commands about imports does the sequencer handle?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from shared.contracts.imports import CellsOfRow, FileRows, ImportedRows
from shared.contracts.limits import BEGINNING_OF_ID, Cell, ShortText
from shared.contracts.requests import Command, Question, Reply

ImportKind = Literal["accounts", "contacts", "leads", "reps"]


class AccountCells(CellsOfRow):
    facility_id: Cell = None
    status: Cell = None
    owner: Cell = None
    next_follow_up_on: Cell = None
    note: Cell = None


class ImportAccounts(FileRows, Command[ImportedRows]):
    """State which accounts are active clients, and who owns them (R45, R188); an empty cell changes nothing."""

    rows: list[AccountCells] = Field(max_length=10_000)
    status: ShortText | None = None
    """The status of rows without one."""


class LeadCells(CellsOfRow):
    """The other columns are the fields of the pack's intake form; those that it does not have are ignored."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, Cell]

    facility_id: Cell = None
    stage: Cell = None
    owner: Cell = None
    amount: Cell = None
    currency: Cell = None
    close_on: Cell = None
    reason: Cell = None
    source: Cell = None
    next_follow_up_on: Cell = None
    note: Cell = None


class ImportLeads(FileRows, Command[ImportedRows]):
    """Add existing leads, or bring the leads of accounts up to date; an empty cell changes nothing (R188)."""

    rows: list[LeadCells] = Field(max_length=10_000)


class SuppressedPlaceCells(CellsOfRow):
    """A row of a list of suppressions: a facility or a chain."""

    scope: Cell = None
    target: Cell = None
    channels: Cell = None
    reason: Cell = None


class ImportSuppressedPlaces(Command[ImportedRows]):
    """Suppress the facilities and chains of a list, or lift their suppressions; `reason` is that of rows without one.

    With `preview`, the rows are only compared with what is stored.
    """

    file_name: ShortText = ""
    reason: Annotated[ShortText, Field(min_length=1)] = "on an imported list"
    lift: bool = False
    preview: bool = False
    rows: list[SuppressedPlaceCells] = Field(max_length=10_000)


class RepCells(CellsOfRow):
    rep: Cell = None
    name: Cell = None
    email: Cell = None
    phone: Cell = None
    hours: Cell = None
    timezone: Cell = None
    territories: Cell = None


class ImportReps(FileRows, Command[ImportedRows]):
    """Reps join the team today, or their data change; an empty cell changes nothing (R188)."""

    rows: list[RepCells] = Field(max_length=10_000)


class ImportRow(Reply):
    """An import, and what it did; one that changed nothing is not recorded."""

    import_id: UUID
    kind: ImportKind
    file_name: str
    sha256: str
    imported_by: str
    imported_on: date
    imported_at: datetime
    added: int
    changed: int
    undone_at: datetime | None
    undone_by: str | None


class Imports(Question[list[ImportRow]]):
    """The latest imports, newest first."""


class KeptRow(Reply):
    """Something that an import changed, and that stays because it was changed since."""

    subject: str
    key: str
    why: str


class UndoneImport(Reply):
    """What an undo put back: how much of each subject; and what it left as it is."""

    import_id: UUID
    kind: ImportKind
    file_name: str
    changed: bool = True
    """False, if it had been undone before."""
    put_back: dict[str, int] = Field({})
    stopped: int = 0
    """The enrollments that had started because of the import, and ended."""
    kept: list[KeptRow] = Field([])


class UndoImport(Command[UndoneImport]):
    """Put back everything that an import added or changed, unless it was changed since."""

    import_id: Annotated[ShortText, Field(pattern=BEGINNING_OF_ID)]
    """The id, or its first characters."""
    preview: bool = False
