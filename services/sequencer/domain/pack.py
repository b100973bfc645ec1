"""What does a pack define about follow-up?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engines.naming.capitals import Spellings
from services.sequencer.domain.assignment import EVERYWHERE, Assignment
from services.sequencer.domain.calendar import Holidays
from services.sequencer.domain.exits import Exits
from services.sequencer.domain.roles import ContactRoles
from services.sequencer.domain.sequences import STRICT, Sequence
from services.sequencer.domain.stages import Stages


@dataclass(frozen=True, slots=True)
class TierRule:
    """How the accounts of a tier are worked (R40 to R42); a missing limit does not apply."""

    __pydantic_config__ = STRICT

    sequence: str
    gate: Literal["call", "any"] | None = None
    """An enrollment starts only if a person can be called (R47), or if at least one step can reach a person."""
    ask_again_after: int = 3
    """Business days after which unsuccessful research is due again, while the enrollment is blocked."""
    per_rep: int | None = None
    """Active enrollments of this tier per rep."""
    blocked_per_rep: int | None = None
    """Blocked enrollments per rep, each of which needs research."""
    new_per_rep_and_week: int | None = None
    new_per_day: int | None = None
    slip_days: int = 0
    """The business days by which the planner may move a touch (2b)."""

    def __post_init__(self) -> None:
        limits = (self.per_rep, self.blocked_per_rep, self.new_per_rep_and_week, self.new_per_day, self.slip_days)
        if any(limit is not None and limit < 0 for limit in limits) or self.ask_again_after < 1:
            raise ValueError("limits are at least 0, and ask_again_after is at least 1")


@dataclass(frozen=True, slots=True)
class Names:
    """The usual spelling of names that are in capitals in registries and rosters, and the credentials after them."""

    __pydantic_config__ = STRICT

    spellings: tuple[str, ...] = ()
    """Abbreviations and names with a capital inside: `CareOne`."""
    clipped: tuple[str, ...] = ()
    """Words without a vowel that are not initialisms: `Hlth`."""
    credentials: tuple[str, ...] = ()
    """Credentials after a person's name: `LNHA`."""

    def __post_init__(self) -> None:
        # A repeated spelling is found when the service starts.
        Spellings(self.spellings, self.clipped)


@dataclass(frozen=True, slots=True)
class TouchCap:
    """The maximum number of touches on a business day (R43)."""

    __pydantic_config__ = STRICT

    scope: Literal["team", "rep"]
    max: int

    def __post_init__(self) -> None:
        if self.max < 1:
            raise ValueError("max is at least 1")


@dataclass(frozen=True, slots=True)
class LetterCap:
    """The maximum number of letters to one person, in all sequences, within some days."""

    __pydantic_config__ = STRICT

    max: int
    days: int

    def __post_init__(self) -> None:
        if self.max < 1 or self.days < 1:
            raise ValueError("max and days are at least 1")


@dataclass(frozen=True, slots=True)
class NoContact:
    """Phrases in the reason of a loss that forbid contact on these channels."""

    __pydantic_config__ = STRICT

    phrases: tuple[str, ...] = ()
    """Found anywhere in a reason, as complete words."""
    exactly: tuple[str, ...] = ()
    """The complete reason."""
    channels: tuple[Literal["all", "call", "email", "linkedin"], ...] = ("all",)

    def __post_init__(self) -> None:
        if not (self.phrases or self.exactly) or not self.channels:
            raise ValueError("a rule has `phrases` or `exactly`, and at least one channel")


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The rules for the reason of a loss."""

    __pydantic_config__ = STRICT

    no_contact: tuple[NoContact, ...]


@dataclass(frozen=True, slots=True)
class Capacity:
    """The capacity of a team."""

    __pydantic_config__ = STRICT

    touches_per_day: TouchCap
    signal_factor: str
    """The factor of the scoring model that scores open postings."""
    tiers: dict[int, TierRule]
    letters_per_person: LetterCap | None = None
    research_per_day: int | None = None
    """The research on the worklists at the same time; it counts as touches, and leaves the other places to them."""

    def __post_init__(self) -> None:
        if self.research_per_day is not None and self.research_per_day < 1:
            raise ValueError("research_per_day is at least 1")


@dataclass(frozen=True, slots=True)
class Playbook:
    """The complete configuration of follow-up."""

    capacity: Capacity
    sequences: dict[str, Sequence]
    closed: Holidays
    outcomes: Outcomes
    roles: ContactRoles
    stages: Stages
    exits: Exits
    assignment: Assignment = EVERYWHERE

    @property
    def tiers(self) -> list[int]:
        return sorted(self.capacity.tiers)

    def rule(self, tier: int) -> TierRule:
        return self.capacity.tiers[tier]

    def sequence(self, tier: int) -> Sequence:
        return self.sequences[self.rule(tier).sequence]
