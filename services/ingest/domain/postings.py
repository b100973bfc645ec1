"""What is a posting, given everything that was submitted about it?

A posting is (source, source_posting_id). Its state is a fold over the set of submissions, so neither their order nor
their repetition matters: content is that of the latest sighting, first and last seen are the extremes, and the latest
report that it is gone stands while it is not older than the last sighting.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
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
    ccn: str | None = None
    url: str | None = None
    posted_on: date | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """One thing said about a posting at one time, classified. `raw_no` is the number under which it was recorded."""

    source: str
    source_posting_id: str
    content: Content
    role_family: str
    urgency: int
    pack: str
    seen_at: datetime
    seen_on: date
    """The sighting's date in the deployment's time zone; a posting reported gone was not seen after it had gone."""
    closed_on: date | None = None
    raw_no: int = 0

    @property
    def posting_id(self) -> UUID:
        return posting_id(self.source, self.source_posting_id)

    @property
    def content_hash(self) -> str:
        """Of everything that is kept. The description is not: it counts through the urgency that it led to."""
        said = [*_said(self.content).values(), self.urgency, self.closed_on]
        return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()[:32]


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
    ccn: str | None
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


def fold(held: Posting | None, submissions: Iterable[Submission]) -> Posting:
    """The state after further submissions of the same posting, of which there is at least one."""
    state = held
    for submission in submissions:
        state = _after(state or _first(submission), submission)
    assert state is not None, "a posting without a submission"  # noqa: S101  a bug, not a case
    return _counted(held, state)


def close(held: Posting, closed_on: date) -> Posting:
    """The state after the source's report that the posting is gone."""
    return _counted(held, _settled(replace(held, reported_closed_on=_latest(held.reported_closed_on, closed_on))))


def _first(s: Submission) -> Posting:
    return Posting(
        posting_id=s.posting_id,
        version=0,
        source=s.source,
        source_posting_id=s.source_posting_id,
        **_said(s.content),
        role_family=s.role_family,
        urgency=s.urgency,
        pack=s.pack,
        first_seen_on=s.seen_on,
        last_seen_on=s.seen_on,
        closed_on=None,
        reported_closed_on=None,
        content_seen_at=s.seen_at,
        content_raw_no=s.raw_no,
    )


def _after(state: Posting, s: Submission) -> Posting:
    if (s.seen_at, s.raw_no) > (state.content_seen_at, state.content_raw_no):
        state = replace(
            state,
            **_said(s.content),
            role_family=s.role_family,
            urgency=s.urgency,
            pack=s.pack,
            content_seen_at=s.seen_at,
            content_raw_no=s.raw_no,
        )
    return _settled(
        replace(
            state,
            first_seen_on=min(state.first_seen_on, s.seen_on),
            last_seen_on=max(state.last_seen_on, s.seen_on),
            reported_closed_on=_latest(state.reported_closed_on, s.closed_on),
        )
    )


def _settled(state: Posting) -> Posting:
    report = state.reported_closed_on
    return replace(state, closed_on=report if report is not None and report >= state.last_seen_on else None)


def _latest(one: date | None, other: date | None) -> date | None:
    return max((day for day in (one, other) if day is not None), default=None)


def _counted(held: Posting | None, state: Posting) -> Posting:
    """With the next version if anybody else can see a difference."""
    before = held.version if held else 0
    return replace(
        state, version=before + 1 if held is None or _seen_by_others(held) != _seen_by_others(state) else before
    )


def _seen_by_others(p: Posting) -> tuple[object, ...]:
    # The pack is left out: a new pack by itself classifies nothing anew.
    content = tuple(getattr(p, name) for name in _CONTENT)
    return (*content, p.role_family, p.urgency, p.first_seen_on, p.last_seen_on, p.closed_on)


def _said(content: Content) -> dict[str, Any]:
    return {name: getattr(content, name) for name in _CONTENT}


_CONTENT = tuple(Content.__dataclass_fields__)
