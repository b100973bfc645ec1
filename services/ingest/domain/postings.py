"""What is a posting, given everything that was submitted about it?

A posting is (source, source_posting_id). Its state is a fold over the set of submissions, so neither their order nor
their repetition matters: content is that of the latest sighting, first and last seen are the extremes, and the latest
report that it is gone stands while it is not older than the last sighting. Only where two contents share a moment does
the order count: the later receipt holds (docs/decisions/0014).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

NAMESPACE = UUID("6f0c1f1e-2b0b-5d53-9a52-6f7a1e0c9b11")


@dataclass(frozen=True, slots=True)
class Content:
    """What of a posting is kept: that the job exists, where, and nothing about candidates (R11)."""

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


@dataclass(frozen=True, slots=True)
class Submission:
    """One thing said about a posting at one time, classified. `raw_no` is the number under which it was recorded."""

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
    """The sighting's date in the deployment's time zone; a posting reported gone was not seen after it had gone."""
    closed_on: date | None = None
    raw_no: int = 0


@dataclass(frozen=True, slots=True)
class Posting:
    """The state of a posting. `version` grows with every change that others can see."""

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
    content_seen_at: datetime
    content_raw_no: int


def posting_id(source: str, source_posting_id: str) -> UUID:
    """The same posting has the same id wherever and whenever it is seen."""
    return uuid5(NAMESPACE, json.dumps([source, source_posting_id]))


def content_hash(content: Content, urgency: int, closed_on: date | None) -> str:
    """Of everything that is kept. The description is not: it counts through the urgency that it led to."""
    said = json.dumps([*said_by(content).values(), urgency, closed_on], default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def said_by(content: Content) -> dict[str, Any]:
    return {name: getattr(content, name) for name in _CONTENT}


def fold(held: Posting | None, submissions: Sequence[Submission]) -> Posting:
    """The state after further submissions of the same posting, of which there is at least one."""
    first = min(s.seen_on for s in submissions)
    last = max(s.seen_on for s in submissions)
    report = max((s.closed_on for s in submissions if s.closed_on), default=None)
    newest = max(submissions, key=lambda s: (s.seen_at, s.raw_no))
    if held is None:
        return _stated_by(newest, 1, first, last, report)
    first, last = min(first, held.first_seen_on), max(last, held.last_seen_on)
    report = _latest(report, held.reported_closed_on)
    if (newest.seen_at, newest.raw_no) > (held.content_seen_at, held.content_raw_no):
        state = _stated_by(newest, held.version, first, last, report)
    else:
        state = _seen(held, first, last, report)
    return _counted(held, state)


def close(held: Posting, closed_on: date) -> Posting:
    """The state after the source's report that the posting is gone."""
    report = _latest(held.reported_closed_on, closed_on)
    return _counted(held, _seen(held, held.first_seen_on, held.last_seen_on, report))


def _stated_by(s: Submission, version: int, first: date, last: date, report: date | None) -> Posting:
    return Posting(
        posting_id=s.posting_id,
        version=version,
        source=s.source,
        source_posting_id=s.source_posting_id,
        **said_by(s.content),
        role_family=s.role_family,
        urgency=s.urgency,
        pack=s.pack,
        first_seen_on=first,
        last_seen_on=last,
        closed_on=_standing(report, last),
        reported_closed_on=report,
        content_seen_at=s.seen_at,
        content_raw_no=s.raw_no,
    )


def _seen(held: Posting, first: date, last: date, report: date | None) -> Posting:
    return replace(
        held,
        first_seen_on=first,
        last_seen_on=last,
        closed_on=_standing(report, last),
        reported_closed_on=report,
    )


def _standing(report: date | None, last_seen_on: date) -> date | None:
    return report if report is not None and report >= last_seen_on else None


def _latest(one: date | None, other: date | None) -> date | None:
    return max((day for day in (one, other) if day is not None), default=None)


def _counted(held: Posting, state: Posting) -> Posting:
    """With the next version if anybody else can see a difference."""
    same = all(getattr(held, name) == getattr(state, name) for name in _SEEN_BY_OTHERS)
    return state if same else replace(state, version=held.version + 1)


_CONTENT = tuple(Content.__dataclass_fields__)
# The pack is not among them: a new pack by itself classifies nothing anew.
_SEEN_BY_OTHERS = (*_CONTENT, "role_family", "urgency", "first_seen_on", "last_seen_on", "closed_on")
