"""What can ingest be asked?"""

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
"""What a source calls a posting: 4001, 4001.0 and "4001" are one."""


# --- postings ------------------------------------------------------------------------------------------------


class SubmittedPosting(Reply):
    """What became of one posting of a submission."""

    index: int
    posting_id: UUID | None
    status: int
    """201 where it is new, 200 where it was known, 422 where it was not taken."""
    errors: dict[str, str] = Field({})
    ignored_fields: list[str] = Field([])
    warnings: dict[str, str] = Field({})
    """Fields that were left out, though the posting was taken."""


class Submitted(Reply):
    results: list[SubmittedPosting]


class SubmitPostings(Command[Submitted]):
    """Take postings of one source; without `source` each posting names its own."""

    SUBJECT: ClassVar[str] = "ingest.submit"
    source: ShortText | None = None
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
    """The latest report that it is gone, whether or not it was seen since."""


class NamedPosting(BaseModel):
    """The part of a request that names a posting by its id, or by what its source calls it."""

    posting_id: UUID | None = None
    source: ShortText | None = None
    source_posting_id: SourcePostingId | None = None


class PostingDetails(NamedPosting, Question[Posting]):
    """What is known of a posting?"""


class ClosePosting(NamedPosting, Versioned[Posting]):
    """Record the source's report that a posting is gone: today, if it gives no day."""

    closed_on: date | None = None


class ExportedPosting(Reply):
    """A line of the export; what became of the posting is the matcher's to say."""

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
    """Everything different that was ever submitted about them."""
    postings_closed: int
    by_role: dict[str, int]
    facilities: int
    delisted: int
    imports: int


class Counts(Question[IngestCounts]):
    """How much has ingest taken in?"""


# --- keys of sources -----------------------------------------------------------------------------------------


class Sources(Question[list[KeyHolder]]):
    """Which sources may submit postings over HTTP?"""


class AddSource(NewKey, Command[None]):
    """Let a source submit over HTTP; again, and the new key takes the place of the old one."""


class RemoveSource(Holder, Command[None]):
    """End a source's key; what it brought stays."""


# --- files about facilities, in chunks -----------------------------------------------------------------------


class UnreadLine(BaseModel, extra="forbid", frozen=True):
    """A line of the file that is no row. If it begins with a key, that one at least is still in the file."""

    line: int = Field(ge=1, le=MAX_INT)
    reason: LongText
    begins: ShortText = ""


class MissingFacility(Reply):
    """A facility that a complete file lacks."""

    facility_id: str
    name: str
    city: str
    state: str


class ImportReport(Reply):
    """What became of a chunk; counts are of this chunk alone."""

    import_no: int
    imported: int = 0
    changed: int = 0
    facts: int = 0
    delisted: int = 0
    skipped_other_state: int = 0
    rejects: list[RejectedLine] = Field([])
    warnings: list[RejectedLine] = Field([])
    """Cells that could not be taken, of rows that otherwise were; facilities that a newer file shows to be gone."""
    note: str | None = None
    gone: list[MissingFacility] = Field([])
    """What a complete file lacks: delisted, or else what would be."""
    dataset: str | None = None
    """What kind of file this was taken for."""
    fields: list[str] = Field([])


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
