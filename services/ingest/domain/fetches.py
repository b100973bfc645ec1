"""What is a fetch: one slice of work on a source, and what came of it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple

from services.ingest.domain.postings import Submission
from services.ingest.domain.scheduling import Schedule

MOST_POSTINGS = 2_000
"""Postings after which a fetch ends at the next page; the next one goes on there."""
SECONDS = 120.0
"""The same for its time, ..."""
MOST_SECONDS = 220.0
"""... and when it ends even if it cannot be continued."""
LISTING_AGE = timedelta(hours=12)
"""How long a listing may be continued; after that, a new one begins."""
SLOWEST = 60.0
"""The most seconds between two requests that a robots.txt may ask for; a slower site is not fetched."""

Outcome = Literal["complete", "incomplete", "continued", "failed", "test", "accepted"]
"""Of a fetch: the listing ended, and may close postings or not; it goes on; it failed; nothing was stored. Of a push or
a file: it was accepted, except what was refused."""


class Source(NamedTuple):
    """A source that is fetched, as it is stored."""

    name: str
    lane: str
    hosts: list[str]
    adapter: str
    options: dict[str, Any]
    employer_name: str | None
    every: str | None
    at: str | None
    per_second: float | None
    terms_by: str | None
    terms_on: date | None
    licence_until: date | None
    paused: bool
    paused_by: str | None
    pause_reason: str | None
    added_by: str
    added_at: datetime
    next_at: datetime
    listing_no: int
    listing_since: datetime | None
    failures: int
    error: str | None
    empty_listings: int
    last_at: datetime | None
    last_complete_at: datetime | None
    test_asked_at: datetime | None
    tested_at: datetime | None
    test: dict[str, Any] | None

    def schedule(self, of_pack: Mapping[str, Schedule]) -> Schedule:
        """Its own schedule, or that of the pack for its adapter."""
        base = of_pack.get(self.adapter, Schedule())
        return Schedule(self.every or base.every, self.at or base.at, base.jitter, self.per_second or base.per_second)

    def listing(self, now: datetime) -> tuple[int, datetime]:
        """The number of the listing that a fetch goes on with, or begins, and since when."""
        if self.listing_since and now - self.listing_since < LISTING_AGE:
            return self.listing_no, self.listing_since
        return self.listing_no + 1, now


class Remembered(NamedTuple):
    """What is stored of a page."""

    source: str
    page: str
    listing_no: int
    """The listing in which it was looked at last."""
    status: int
    lastmod: str | None
    etag: str | None
    last_modified: str | None
    sha256: str | None
    ids: list[str]


class Robots(NamedTuple):
    """The robots.txt of a host."""

    host: str
    status: int
    sha256: str
    content: bytes
    fetched_at: datetime


class Rule(NamedTuple):
    """What allowed a fetch, as the ledger has it."""

    rule: str
    detail: str
    sha256: str | None = None


class Taken(NamedTuple):
    """A posting that a fetch found, and its last day if the source states one."""

    submission: Submission
    closes_on: date | None


class Problem(NamedTuple):
    """Why a fetch failed, and how long its host wants us to wait."""

    reason: str
    patience: timedelta = timedelta()
    host: str | None = None
    """The host that asked us to wait."""


@dataclass(eq=False)
class Slice:
    """What one fetch has found so far."""

    requests: int = 0
    bytes: int = 0
    asked: list[tuple[str, int]] = field(default_factory=list)
    """The first addresses that were asked for, with the status of their answers; 0 for none."""
    taken: list[Taken] = field(default_factory=list)
    unread: dict[str, None] = field(default_factory=dict)
    """The ids of postings that are listed, but cannot be read or are refused: a known one is still listed."""
    refusals: Counter[str] = field(default_factory=Counter)
    pages: dict[str, Remembered] = field(default_factory=dict)
    """Pages whose postings were listed."""
    gone: dict[str, int] = field(default_factory=dict)
    """Pages that were refused or are gone, with the status."""
    again: dict[str, None] = field(default_factory=dict)
    """Pages that are listed and have not changed, in order."""
    notes: dict[str, None] = field(default_factory=dict)
    """Sentences for people, in order."""
    robots: dict[str, Robots] = field(default_factory=dict)
    """Those that were asked for anew."""
    paced: dict[str, float] = field(default_factory=dict)
    """Seconds until each host may be asked again."""
    rule: Rule = field(default=Rule("", ""))
    complete: bool | None = None
    """Whether the listing is complete; None if it has not ended."""
    blocked: bool = False
    """A request that was no page's was refused, so the listing shows nothing."""
    problem: Problem | None = None

    def note(self, text: str) -> None:
        self.notes.setdefault(text)

    @property
    def notes_text(self) -> str | None:
        """What went wrong, and what else is worth a sentence."""
        notes = " ".join(self.notes)
        problem = self.problem.reason if self.problem else ""
        return (notes if problem in notes else f"{problem} {notes}".strip())[:2_000] or None
