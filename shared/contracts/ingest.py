"""Which questions and commands does ingest handle?"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, Field

from shared.contracts.imports import RejectedLine
from shared.contracts.keys import Holder, KeyHolder, NewKey
from shared.contracts.limits import MAX_INT, LongText, ShortText, State
from shared.contracts.requests import Command, Paged, Question, Reply, Versioned

MAX_POSTINGS = 1_000
"""Postings in one submission."""
SourcePostingId = Annotated[ShortText, Field(min_length=1, coerce_numbers_to_str=True)]
"""The source's id of a posting: 4001, 4001.0 and "4001" are equal."""


# --- postings ------------------------------------------------------------------------------------------------


class SubmittedPosting(Reply):
    """The result for one posting of a submission."""

    index: int
    posting_id: UUID | None
    status: int
    """201 for a new posting, 200 for an existing one, 422 for one that was rejected."""
    errors: dict[str, str] = Field({})
    ignored_fields: list[str] = Field([])
    warnings: dict[str, str] = Field({})
    """Fields that were left out of an accepted posting."""


class Submitted(Reply):
    results: list[SubmittedPosting]


class ImportedFile(BaseModel, extra="forbid", frozen=True):
    """The file that postings are imported from, for the ledger; equal in all commands of one import."""

    import_id: UUID
    name: Annotated[ShortText, Field(min_length=1)]
    sha256: ShortText | None = None


class SubmitPostings(Command[Submitted]):
    """Submit postings of one source; without `source`, each posting names its own."""

    SUBJECT: ClassVar[str] = "ingest.submit"
    source: ShortText | None = None
    file: ImportedFile | None = None
    """None: a program submits them."""
    postings: list[Any] = Field(min_length=1, max_length=MAX_POSTINGS)


class Posting(Reply):
    """A posting as people and sources see it."""

    posting_id: UUID
    version: int
    source: str
    source_posting_id: str
    title: str
    employer_name: str
    city: str | None
    state: str | None
    zip: str | None
    address: str | None
    phone: str | None
    facility_id: str | None
    url: str | None
    posted_on: date | None
    role_family: str
    urgency: int
    pack: str
    first_seen_on: date
    last_seen_on: date
    closed_on: date | None
    reported_closed_on: date | None
    """The latest report that it is closed, even if it was seen since."""


class NamedPosting(BaseModel):
    """The part of a request that names a posting, by its id or by its source and the source's id."""

    posting_id: UUID | None = None
    source: ShortText | None = None
    source_posting_id: SourcePostingId | None = None


class PostingDetails(NamedPosting, Question[Posting]):
    """What is the state of a posting?"""


class ClosePosting(NamedPosting, Versioned[Posting]):
    """Record the source's report that a posting is closed: today, if it gives no date."""

    closed_on: date | None = None


class ExportedPosting(Reply):
    """A row of the export; the outcome of the posting comes from the matcher."""

    posting_id: UUID
    source: str
    source_posting_id: str
    role_family: str
    urgency: int
    title: str
    employer_name: str
    city: str | None
    state: str | None
    first_seen_on: date
    last_seen_on: date
    closed_on: date | None


class ExportPostings(Paged, Question[list[ExportedPosting]]):
    """A page of all postings, by id."""


class IngestCounts(Reply):
    postings_seen: int
    submissions: int
    """The different contents that were submitted for them."""
    postings_closed: int
    by_role: dict[str, int]
    facilities: int
    delisted: int
    imports: int


class Counts(Question[IngestCounts]):
    """How many postings, facilities and imports are there?"""


# --- API keys of sources -------------------------------------------------------------------------------------


class Sources(Question[list[KeyHolder]]):
    """Which sources may submit postings over HTTP?"""


class AddSource(NewKey, Command[None]):
    """Allow a source to submit postings over HTTP. A new key replaces the old one."""


class SourceRemoved(Reply):
    closed: int
    open: int
    """Its postings that are still open; their needs end when they expire."""


class RemoveSource(Holder, Command[SourceRemoved]):
    """Revoke a source's API key, or fetch it no more. Its postings stay, and are still open unless they are closed."""

    close_postings: bool = False
    """Close its open postings as of today, since no one will report that they are gone."""


# --- files about facilities, in chunks -----------------------------------------------------------------------


class UnreadLine(BaseModel, extra="forbid", frozen=True):
    """A line of the file that cannot be read as a row.

    If it begins with an account key, that facility counts as listed.
    """

    line: int = Field(ge=1, le=MAX_INT)
    reason: LongText
    begins: ShortText = ""


class MissingFacility(Reply):
    """A facility that is missing from a complete file."""

    facility_id: str
    name: str
    city: str
    state: str


class ImportReport(Reply):
    """The result of importing a chunk; the counts are for this chunk only."""

    import_no: int
    imported: int = 0
    changed: int = 0
    facts: int = 0
    delisted: int = 0
    skipped_other_state: int = 0
    rejects: list[RejectedLine] = Field([])
    warnings: list[RejectedLine] = Field([])
    """Cells that were left out of accepted rows; facilities that are missing from a newer file."""
    note: str | None = None
    gone: list[MissingFacility] = Field([])
    """The facilities that are missing from a complete file. They are delisted, unless a reason prevents it."""
    dataset: str | None = None
    """The kind of file that this was recognized as."""
    fields: list[str] = Field([])
    ignored_fields: list[str] = Field([])
    """The columns of a registry that nothing reads; at the end of the file."""


class FileChunk(Command[ImportReport]):
    """A chunk of a file: its rows, each with its line. `final` ends the file."""

    import_id: UUID
    file_name: Annotated[ShortText, Field(min_length=1)]
    header: list[ShortText] = Field(min_length=1, max_length=500)
    rows: list[list[str]] = Field(max_length=10_000)
    lines: list[Annotated[int, Field(ge=1, le=MAX_INT)]] = Field(max_length=10_000)
    unread: list[UnreadLine] = Field([], max_length=10_000)
    final: bool = False
    cut: LongText | None = None
    """Why the file may be truncated; sent with the final chunk."""
    size: int | None = Field(None, ge=0, le=2**53)
    sha256: ShortText | None = None


class ImportFacilities(FileChunk):
    """A chunk of a registry file; `as_of` is for files that do not give their date."""

    state: State | None = None
    """Only rows of this state are imported."""
    complete: State | None = None
    """The state (or `US`) that the file is complete for; facilities missing from it are delisted at its end."""
    delist: int | None = Field(None, ge=0, le=MAX_INT)
    """The number of missing facilities that a person confirmed; they are delisted despite any doubt."""
    as_of: date | None = None


class ImportQuality(FileChunk):
    """A chunk of a file about quality; `as_of` is for files that do not give their date."""

    as_of: date | None = None


class ImportFacts(FileChunk):
    """A chunk of a file of facts: rows of `facility_id, field, value, as_of`; an empty value means unknown."""
