"""What does the matcher reply about outcomes, its automatic matches and the decisions of people?"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from shared.contracts.requests import Reply


class SourceOutcome(Reply):
    """What a source may know of the outcome of one of its postings."""

    no: int
    """Grows with every change, within the source."""
    source_posting_id: str
    posting_id: UUID
    outcome: str
    """`matched`, `queued` (waits for a person), `dismissed` (no person decided in time) or `ignored`."""
    facility_id: str | None
    facility_name: str | None
    closed_on: date | None
    changed_at: datetime | None
    """None for what was decided before this was recorded."""


class FacilityChoice(Reply):
    facility_id: str
    name: str
    address: str | None
    city: str


class MatchToJudge(Reply):
    """An automatic match, which does not reveal the matched facility or its confidence."""

    key: str
    employer_name: str
    city: str | None
    state: str | None
    zip: str | None
    address: str | None
    candidates: list[FacilityChoice]


class JudgedMatch(Reply):
    agreed: bool
    accepted: str
    """The facility that was matched."""
    key: str
    """The key of the group in the inbox."""
    disputed: bool = False
    """The person contradicted the match; doubt does not count as a contradiction."""
    queued: int = 0
    """The number of its postings that wait there now."""


class MeasuredPrecision(Reply):
    judged: int
    agreed: int
    unsure: int
    """Judged as well, but not counted in the precision."""
    precision: float | None
    low: float | None
    high: float | None
    """Wilson's 95 % interval."""
    share: float
    """The share of automatic matches that is chosen for judgment."""
    waiting: int


class Verdict(Reply):
    """A reason not to name a facility, as defined by the pack."""

    name: str
    label: str
    is_final: bool
    """The postings are ignored from now on; otherwise they keep waiting."""
    of_matches: bool
    """Also valid for a person who judges an automatic match without seeing it."""
