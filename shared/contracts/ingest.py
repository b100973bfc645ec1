"""What can ingest be asked?"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from shared.contracts.limits import MAX_INT, LongText, ShortText, State
from shared.contracts.requests import Request

MAX_POSTINGS = 1_000
"""Postings in one submission."""
SourcePostingId = Annotated[ShortText, Field(min_length=1, coerce_numbers_to_str=True)]
"""What a source calls a posting: 4001, 4001.0 and "4001" are one."""


# --- postings ------------------------------------------------------------------------------------------------


class SubmitPostings(Request):
    """Postings of one source; without `source` each posting names its own."""

    source: ShortText | None = None
    postings: list[Any] = Field(min_length=1, max_length=MAX_POSTINGS)


class PostingDetails(Request):
    """A posting by its id, or by what its source calls it."""

    posting_id: UUID | None = None
    source: ShortText | None = None
    source_posting_id: SourcePostingId | None = None


class ClosePosting(Request):
    """The source's report that a posting is gone; today, if it gives no day."""

    posting_id: UUID | None = None
    source: ShortText | None = None
    source_posting_id: SourcePostingId | None = None
    closed_on: date | None = None


class ExportPostings(Request):
    """A page of all postings, by id: what follows the id that the page before ended with."""

    after: UUID | None = None
    limit: int = Field(1_000, ge=1, le=5_000)


# --- files about facilities, in chunks -----------------------------------------------------------------------


class UnreadLine(Request):
    """A line of the file that is no row. If it begins with a key, that one at least is still in the file."""

    line: int = Field(ge=1, le=MAX_INT)
    reason: LongText
    begins: ShortText = ""


class FileChunk(Request):
    """A chunk of a file: its rows, each with its line. `final` ends the file."""

    import_id: UUID
    file_name: Annotated[ShortText, Field(min_length=1)]
    header: list[ShortText] = Field(min_length=1, max_length=500)
    rows: list[list[str]] = Field(max_length=10_000)
    lines: list[Annotated[int, Field(ge=1, le=MAX_INT)]] = Field(max_length=10_000)
    unread: list[UnreadLine] = Field([], max_length=10_000)
    final: bool = False
    cut: LongText | None = None
    """Why the file may have lost its end; comes with the final chunk."""
    size: int | None = Field(None, ge=0, le=2**53)
    sha256: ShortText | None = None


class ImportFacilities(FileChunk):
    """A chunk of a registry file; `as_of` is for files that do not give their date."""

    state: State | None = None
    """Only rows of this state are taken."""
    complete: State | None = None
    """The state, or `US`, all of whose facilities the file lists: the others are delisted at its end."""
    delist: int | None = Field(None, ge=0, le=MAX_INT)
    """How many facilities a person has seen that the file lacks, and wants delisted, whatever speaks against it."""
    as_of: date | None = None


class ImportQuality(FileChunk):
    """A chunk of a file about quality; `as_of` is for files that do not give their date."""

    as_of: date | None = None


class ImportFacts(FileChunk):
    """A chunk of a file of facts: rows of `facility_id, field, value, as_of`; an empty value is known to be unknown."""
