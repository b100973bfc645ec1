"""What is a posting, given everything that was submitted about it?

A posting is identified by (source, source_posting_id). Its state is a fold over the set of submissions, so their order
and repetition do not matter. The content is that of the latest sighting. The latest report that the posting is closed
counts unless the last sighting is later. The order matters only between two contents of the same moment: the one
received later counts (docs/decisions/0014).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID, uuid5

NAMESPACE = UUID("6f0c1f1e-2b0b-5d53-9a52-6f7a1e0c9b11")
_JSON = json.JSONEncoder(default=str)


class Content(NamedTuple):
    """The stored content of a posting: the job and its place, and nothing about candidates (R11)."""

    title: str
    employer_name: str
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    address: str | None = None
    phone: str | None = None
    facility_id: str | None = None
    url: str | None = None
    posted_on: date | None = None


class Submission(NamedTuple):
    """One submission of a posting, classified. `raw_no` is the number of its record."""

    posting_id: UUID
    source: str
    source_posting_id: str
    content: Content
    content_hash: str
    role_family: str
    urgency: int
    pack: str
    seen_at: datetime
    seen_on: date
    """The sighting's date in the deployment's time zone; not later than `closed_on`."""
    closed_on: date | None = None
    raw_no: int = 0
    fetch_no: int | None = None
    """The row of the ledger that accounts for it."""


class Posting(NamedTuple):
    """The state of a posting. `version` grows with every change that is published."""

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
    content_seen_at: datetime
    content_raw_no: int


def posting_id(source: str, source_posting_id: str) -> UUID:
    """The same posting always has the same id."""
    return uuid5(NAMESPACE, json.dumps([source, source_posting_id]))


def content_hash(content: Content, urgency: int, closed_on: date | None) -> str:
    """The hash of everything that is stored. The description is not stored, and counts through the urgency."""
    stored = _JSON.encode([*content, urgency, closed_on])
    return hashlib.sha256(stored.encode()).hexdigest()[:32]


def fold(current: Posting | None, submissions: Sequence[Submission]) -> Posting:
    """The state after at least one further submission of the same posting."""
    seen = [s.seen_on for s in submissions]
    first, last = min(seen), max(seen)
    report = max([s.closed_on for s in submissions if s.closed_on], default=None)
    newest = max(submissions, key=lambda s: (s.seen_at, s.raw_no))
    if current is None:
        return _from_submission(newest, 1, first, last, report)
    first, last = min(first, current.first_seen_on), max(last, current.last_seen_on)
    report = _latest(report, current.reported_closed_on)
    if (newest.seen_at, newest.raw_no) > (current.content_seen_at, current.content_raw_no):
        state = _from_submission(newest, current.version, first, last, report)
    else:
        state = _with_days(current, first, last, report)
    return _with_version(current, state)


def close(current: Posting, closed_on: date) -> Posting:
    """The state after the source's report that the posting is closed."""
    report = _latest(current.reported_closed_on, closed_on)
    return _with_version(current, _with_days(current, current.first_seen_on, current.last_seen_on, report))


def _from_submission(s: Submission, version: int, first: date, last: date, report: date | None) -> Posting:
    return Posting(
        posting_id=s.posting_id,
        version=version,
        source=s.source,
        source_posting_id=s.source_posting_id,
        **s.content._asdict(),
        role_family=s.role_family,
        urgency=s.urgency,
        pack=s.pack,
        first_seen_on=first,
        last_seen_on=last,
        closed_on=_effective(report, last),
        reported_closed_on=report,
        content_seen_at=s.seen_at,
        content_raw_no=s.raw_no,
    )


def _with_days(current: Posting, first: date, last: date, report: date | None) -> Posting:
    return current._replace(
        first_seen_on=first,
        last_seen_on=last,
        closed_on=_effective(report, last),
        reported_closed_on=report,
    )


def _effective(report: date | None, last_seen_on: date) -> date | None:
    return report if report is not None and report >= last_seen_on else None


def _latest(one: date | None, other: date | None) -> date | None:
    return max((day for day in (one, other) if day is not None), default=None)


def _with_version(current: Posting, state: Posting) -> Posting:
    """The state with the next version, if a published field changed."""
    same = all(getattr(current, name) == getattr(state, name) for name in _PUBLISHED)
    return state if same else state._replace(version=current.version + 1)


# The pack is not included: a new pack alone is not a change of the posting.
_PUBLISHED = (*Content._fields, "role_family", "urgency", "first_seen_on", "last_seen_on", "closed_on")
