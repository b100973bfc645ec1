"""Which sources does ingest fetch, what came of it, and which rule allowed each posting?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from shared.contracts.ingest import NamedPosting
from shared.contracts.keys import Holder
from shared.contracts.limits import Count, LongText, Name, ShortText
from shared.contracts.requests import PAGE, Command, Question, Reply

LONGEST_LIST = 500
Rate = Annotated[float, Field(gt=0, le=1_000)]


class AcceptedTerms(BaseModel, extra="forbid", frozen=True):
    """Who accepted the terms of an employer's job board, and when."""

    by: Name
    on: date


class LedgerRow(Reply):
    """A fetch, a push, or a part of an imported file, and the rule that allowed it."""

    fetch_no: int
    source: str
    kind: str
    """`fetch`, `test`, `push` or `file`."""
    adapter: str | None
    rule: str
    """`public_api`, `licensed_api`, `robots`, `accepted_terms`, `own_file`; `key`, `command`, `file`."""
    rule_sha256: str | None
    """Of the robots.txt, or of the file."""
    detail: str
    """The rule in words."""
    actor: str | None
    import_id: UUID | None
    started_at: datetime
    finished_at: datetime
    requests: int
    bytes: int
    outcome: str
    """Of a fetch `complete`, `incomplete`, `continued` or `failed`; `test`; of others `accepted`."""
    note: str | None
    new: int
    seen: int
    """Postings that were known, and listed with their content."""
    again: int
    """Postings on pages that have not changed."""
    refused: int
    refusals: dict[str, int]
    closed: int


class SourceState(Reply):
    """A source of postings, and how it is doing."""

    name: str
    kind: str
    """`fetched`, `pushed` (with a key) or `imported` (from files, or by commands)."""
    adapter: str | None = None
    employer_name: str | None = None
    state: str
    """Of a fetched source `waiting`, `fetching`, `paused`, `failing`, or `stopped`: it failed so often that it is tried
    only on its schedule. Of others `ready`."""
    warning: str | None = None
    rule: str | None = None
    """What allows it; as in its rows of the ledger. Only of a fetched source, as are the following ones."""
    failures: int = 0
    """Fetches in a row that failed, the last of them because of `error`."""
    error: str | None = None
    paused_by: str | None = None
    pause_reason: str | None = None
    next_at: datetime | None = None
    last_at: datetime | None = None
    last_complete_at: datetime | None = None
    listed: int = 0
    """Open postings that it lists."""
    missed: int = 0
    """Those that its last listing did not have."""
    last: LedgerRow | None = None


class SourceList(Question[list[SourceState]]):
    """Which sources are there, and how are they doing?"""


class RobotsOfHost(Reply):
    """The robots.txt of a host, as it was read last."""

    host: str
    status: int
    sha256: str
    fetched_at: datetime


class SourceDetail(Reply):
    """Everything about a source."""

    state: SourceState
    options: dict[str, Any] = Field({})
    hosts: list[str] = Field([])
    schedule: str | None = None
    """In words: every 1d at 05:00, spread over 30m, 1 request a second."""
    terms: AcceptedTerms | None = None
    licence_until: date | None = None
    pages: int = 0
    """The number of pages that are remembered."""
    added_by: str | None = None
    added_at: datetime | None = None
    robots: list[RobotsOfHost] = Field([])
    ledger: list[LedgerRow] = Field([])
    """The newest rows."""


class SourceDetails(Holder, Question[SourceDetail]):
    """What is known about a source?"""


class AddFetchedSource(Holder, Command[SourceDetail]):
    """Fetch a source by an adapter from now on. A source of that name and adapter is changed."""

    adapter: ShortText
    options: dict[str, Any] = Field({}, max_length=50)
    employer_name: Annotated[ShortText, Field(max_length=200)] | None = None
    """Of postings that do not state their employer."""
    every: ShortText | None = None
    at: ShortText | None = None
    per_second: Rate | None = None
    terms: AcceptedTerms | None = None
    licence_until: date | None = None
    paused: bool = False


class ChangeSource(Holder, Command[SourceDetail]):
    """Pause or resume a source, or state until when its licence is valid; what is None stays as it is."""

    paused: bool | None = None
    reason: LongText | None = None
    """Why it is paused."""
    licence_until: date | None = None


class FetchesAsked(Reply):
    names: list[str]
    """The sources that are due now."""
    at: datetime
    """Rows of the ledger that begin at this time or later are about these fetches."""
    after: int
    """The number of the newest row of the ledger so far."""


class FetchNow(Command[FetchesAsked]):
    """Fetch these sources now; all that are not paused, without names."""

    names: list[Annotated[ShortText, Field(min_length=1)]] = Field([], max_length=LONGEST_LIST)


# --- tests ---------------------------------------------------------------------------------------------------


class TestedPosting(Reply):
    """A posting that a fetch would take."""

    __test__ = False  # pytest takes classes of such a name for tests

    source_posting_id: str
    title: str
    employer_name: str
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    role_family: str
    urgency: int
    posted_on: date | None = None
    closes_on: date | None = None
    url: str | None = None


class AskedAddress(Reply):
    url: str
    status: int


class TestedSource(Reply):
    """What a test of a source found; nothing of it was stored."""

    __test__ = False

    name: str
    asked_at: datetime | None
    """None: no test waits."""
    tested_at: datetime | None
    rule: str | None = None
    error: str | None = None
    asked: list[AskedAddress] = Field([])
    found: int = 0
    """The postings of the first page that has any; `postings` has the first of them."""
    postings: list[TestedPosting] = Field([])
    refusals: dict[str, int] = Field({})
    notes: list[str] = Field([])


class TestSource(Holder, Command[TestedSource]):
    """Fetch the first page of a source that has postings, and store nothing of it. `SourceTest` has the result."""

    __test__ = False


class SourceTest(Holder, Question[TestedSource]):
    """What did the last test of a source find?"""


# --- the ledger ----------------------------------------------------------------------------------------------


class Ledger(Question[list[LedgerRow]]):
    """Rows of the ledger, the newest first."""

    source: ShortText | None = None
    day: date | None = None
    rule: ShortText | None = None
    before: Count | None = None
    """The number of the last row of the previous page."""
    limit: int = Field(default=200, ge=1, le=PAGE)


class LedgerSum(Reply):
    kind: str
    rule: str
    rows: int
    requests: int
    new: int
    refused: int
    closed: int


class LedgerSums(Reply):
    """What the ledger accounts for."""

    postings: int
    missing: int
    """Postings without a row of the ledger; always 0."""
    sums: list[LedgerSum]


class LedgerTotals(Question[LedgerSums]):
    """How many rows does the ledger have, and does it account for every posting?"""

    source: ShortText | None = None


class Sighting(Reply):
    """A content of a posting, when it was seen first on its day, and the row that accounts for it."""

    seen_at: datetime
    seen_on: date
    title: str
    closed_on: date | None
    row: LedgerRow | None


class PostingAccount(Reply):
    """Why do we have a posting?"""

    posting_id: UUID
    source: str
    source_posting_id: str
    title: str
    employer_name: str
    first_seen_on: date
    last_seen_on: date
    closed_on: date | None
    sightings: list[Sighting]
    times_listed: int = 0
    """How many fetches listed it, also on pages that had not changed."""
    last_listed: LedgerRow | None = None
    """The last of them."""


class PostingLedger(NamedPosting, Question[PostingAccount]):
    """Which rules allowed the sightings of a posting?"""
