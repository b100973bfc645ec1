"""What is known of a task that needs a text?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from engines.drafting.accounts import Line


@dataclass(frozen=True, slots=True)
class Posting:
    """The open posting that a text may mention."""

    role_family: str
    first_seen_on: date
    last_seen_on: date
    reposted_on: date | None = None

    @property
    def since(self) -> date:
        return self.reposted_on or self.first_seen_on


@dataclass(frozen=True, slots=True)
class Closed:
    """A posting that was taken down."""

    role_family: str
    closed_on: date


@dataclass(frozen=True, slots=True)
class Home:
    """A facility that a text for a person of a chain is about."""

    name: str
    hiring: bool = False
    as_of: date | None = None
    """When it was found to be hiring."""


@dataclass(frozen=True, slots=True)
class Task:
    """A task that needs a text, as stated by its event."""

    task_id: UUID
    enrollment_id: UUID | None
    step_no: int
    channel: str
    template: str | None
    facility_id: str
    facility: str
    city: str
    state: str
    persona: str
    rep_id: str
    rep: str | None = None
    """The name of the sender; None for one who is not in the team."""
    rep_phone: str | None = None
    person: str | None = None
    """The complete name; None for a placeholder."""
    greeting: str | None = None
    """The name after "Hi"."""
    email: str | None = None
    contact_source: str | None = None
    in_role_since: date | None = None
    chain: str | None = None
    homes: tuple[Home, ...] = ()
    """For a person of a chain: every facility that it covers, best first."""
    posting: Posting | None = None
    closed: Closed | None = None
    lines: tuple[Line, ...] = ()
    """What the score of the account says."""
