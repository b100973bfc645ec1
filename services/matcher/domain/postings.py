"""What is the state of a posting, and how does a decision change it?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from services.matcher.domain.policy import Policy
from services.matcher.domain.resolve import Decision, Employer

ROLE = Decision("ignored", "role", method="rule")
"""The role family is not a buying signal (R12)."""


class Posting(NamedTuple):
    """A posting as last reported, and its outcome."""

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
    stated_facility_id: str | None
    role_family: str
    urgency: int
    first_seen_on: date
    last_seen_on: date
    closed_on: date | None
    event_id: UUID | None
    employer_key: str
    city_key: str
    state_key: str
    group_key: str
    outcome: str = ""
    facility_id: str | None = None
    confidence: float | None = None
    method: str | None = None
    reason: str = ""
    candidates: Sequence[dict[str, Any]] = ()
    decided_by: str | None = None
    decision_no: int = 0
    waiting_since: date | None = None
    dismissed_on: date | None = None

    @property
    def employer(self) -> Employer:
        return Employer(
            self.employer_name,
            self.city,
            self.state,
            self.stated_facility_id,
            zip=self.zip,
            address=self.address,
            phone=self.phone,
            title=self.title,
        )

    @property
    def pair(self) -> tuple[str, str] | None:
        """The facility and role family of its signals."""
        return (self.facility_id, self.role_family) if self.facility_id else None

    @property
    def waits(self) -> bool:
        return self.outcome == "queued" and self.dismissed_on is None


def is_relevant(posting: Posting, policy: Policy) -> bool:
    return posting.role_family in policy.relevant_roles


def decided(before: Posting | None, reported: Posting, decision: Decision, today: date) -> Posting:
    """The posting with its outcome. A dismissed posting stays dismissed until it is seen on a later day (K9)."""
    waiting_since, dismissed_on = _waiting(before, reported, decision, today)
    decision_no = before.decision_no if before else 0
    after = reported._replace(
        outcome=decision.outcome,
        facility_id=decision.facility_id,
        confidence=decision.confidence,
        method=decision.method,
        reason=decision.reason,
        candidates=[candidate._asdict() for candidate in decision.candidates],
        decided_by=decision.decided_by,
        waiting_since=waiting_since,
        dismissed_on=dismissed_on,
        decision_no=decision_no + 1,
    )
    return after if is_new_outcome(before, after) else after._replace(decision_no=decision_no)


def is_new_outcome(before: Posting | None, after: Posting) -> bool:
    return before is None or _outcome(before) != _outcome(after)


def affected_pairs(before: Iterable[Posting], after: Iterable[Posting]) -> list[tuple[str, str]]:
    """The facilities and role families whose sightings may have changed, sorted."""
    return sorted({posting.pair for posting in [*before, *after] if posting.pair})


def joined(before: Mapping[UUID, Posting], after: Iterable[Posting]) -> dict[tuple[str, str], list[UUID]]:
    """The postings that were matched to each facility and role family."""
    pairs: defaultdict[tuple[str, str], list[UUID]] = defaultdict(list)
    for posting in after:
        earlier = before.get(posting.posting_id)
        if posting.pair and (earlier is None or earlier.pair != posting.pair):
            pairs[posting.pair].append(posting.posting_id)
    return pairs


def reopened(posting: Posting) -> Posting:
    """The posting before the decision that is undone: one that was dismissed had been queued."""
    return posting._replace(outcome="queued") if posting.dismissed_on else posting


def waiting_anew(posting: Posting) -> Posting:
    """A dismissed posting as if it had just arrived."""
    return posting._replace(outcome="", waiting_since=None, dismissed_on=None)


def _waiting(
    before: Posting | None, reported: Posting, decision: Decision, today: date
) -> tuple[date | None, date | None]:
    seen_again = before is not None and reported.last_seen_on > before.last_seen_on
    if decision.outcome != "queued":
        # A person's decision may be undone, and the posting is dismissed again then.
        keeps = before and before.dismissed_on and decision.decided_by and not seen_again
        return (before.waiting_since, before.dismissed_on) if before and keeps else (None, None)
    if before is None or before.outcome != "queued" or (before.dismissed_on and seen_again):
        return today, None
    return before.waiting_since, before.dismissed_on


def _outcome(posting: Posting) -> tuple[object, ...]:
    return (
        posting.outcome,
        posting.facility_id,
        posting.confidence,
        posting.method,
        posting.reason,
        posting.candidates,
        posting.decided_by,
        posting.dismissed_on,
    )
