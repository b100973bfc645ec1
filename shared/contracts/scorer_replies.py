"""What are the replies of the scorer?"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from shared.contracts.events import Crossing, FactorScore
from shared.contracts.requests import Reply
from shared.contracts.schemes import Comparison

# --- explanation of a score ---------------------------------------------------------------------------------


class ScoredFacility(Reply):
    facility_id: str
    name: str
    city: str
    state: str
    chain: str | None
    listed: bool


class ScoreLine(FactorScore):
    """One factor of a score, and the subject of the event that contained its evidence."""

    source: str | None = None


class RecordedSignal(Reply):
    """A signal as it was recorded, expired ones included."""

    role_family: str
    signal_id: UUID
    title: str
    first_seen_on: date
    last_seen_on: date
    expires_on: date
    urgency: int
    chronic: bool
    postings: int
    sources: list[str] | None
    open: bool


class ChangedFactor(Reply):
    factor: str
    before: Decimal | None
    after: Decimal


class ScoredDay(Reply):
    """A day on which the score or a factor changed."""

    scored_on: date
    score: Decimal
    tier: int
    multiplier: Decimal
    cause: str
    pack: str
    changed: list[ChangedFactor]


class WayUp(Reply):
    """Factors whose maximum would raise a score to a cut."""

    factors: list[str]
    score: Decimal


class NextTier(Reply):
    tier: int
    cut: Decimal
    missing: Decimal
    ways: list[WayUp]


class ScoreReasons(Reply):
    """The breakdown of a score; replayed for a past day."""

    facility: ScoredFacility
    on: date | None = None
    """The past day."""
    score: Decimal
    tier: int
    scored_on: date
    """The day since which score, tier and values are unchanged."""
    score_version: int | None = None
    multiplier: Decimal
    multiplier_evidence: str
    urgency: int | None = None
    last_seen_on: date | None = None
    measure: Decimal | None = None
    recheck_on: date | None = None
    """The next day on which the score can change without an event."""
    pack: str
    breakdown: list[ScoreLine]
    cuts: dict[int, Decimal]
    calibrated_on: date | None
    signals: list[RecordedSignal]
    history: list[ScoredDay]
    unknown: list[str]
    """Factors without a known fact."""
    next_tier: NextTier | None
    stored: bool | None = None
    """For a past day: whether the stored score was the same."""


class DifferingScore(Reply):
    """A facility whose replayed score differs from the stored one."""

    facility_id: str
    stored: Decimal | None
    stored_tier: int | None
    replayed: Decimal | None
    replayed_tier: int | None


class ReplayedScores(Reply):
    to: date
    aged_on: date
    pack: str
    facilities: int
    last: str | None
    """The `after` of the next page; none at the end."""
    differing: list[DifferingScore]


# --- scores and tiers ----------------------------------------------------------------------------------------


class ExportedScore(Reply):
    facility_id: str
    name: str
    score: Decimal
    tier: int
    scored_on: date
    multiplier: Decimal
    points: dict[str, Decimal]
    """Points by factor."""


class ScoredAccount(Reply):
    facility_id: str
    name: str
    city: str
    state: str
    score: Decimal
    tier: int
    breakdown: list[FactorScore]


class DiscoveredFacility(Reply):
    facility_id: str
    name: str
    city: str
    state: str
    score: Decimal
    tier: int
    scored_on: date
    because: list[str]
    """The evidence in favor of it."""


class ScorerCounts(Reply):
    tiers: dict[int, int]
    """The number of listed facilities in each tier."""
    cuts: dict[int, Decimal]
    calibrated_on: date | None
    cohort: int
    listed: int


class Calibration(Reply):
    calibration_id: UUID
    calibrated_on: date
    cohort: int
    cuts: dict[int, Decimal]
    hysteresis: Decimal
    sizes: dict[int, int]
    ties: dict[int, int]
    """Facilities exactly at a cut."""
    crossings: list[Crossing]
    pack: str


# --- other schemes -------------------------------------------------------------------------------------------


class TriedScheme(Reply):
    on: date
    comparison: Comparison
    names: dict[str, str]
    """The names of the facilities that would change their tier."""


class PublishedScheme(Reply):
    pack: str
    previous: str
    published: bool
    """False if it was in force already."""


class Publication(Reply):
    publication_no: int
    pack: str
    name: str
    published_by: str
    published_at: datetime


# --- outcomes of leads ---------------------------------------------------------------------------------------


class OutcomeRate(Reply):
    """The share of good outcomes in a group, with its 95 % interval."""

    group: str
    counted: int
    good: int
    low: float
    high: float


class OutcomeFinding(Reply):
    text: str
    leads: list[str]


class EvaluatedOutcomes(Reply):
    decided: int
    deciles: list[OutcomeRate]
    factors: list[tuple[OutcomeRate, OutcomeRate]]
    """Leads with and without the factor."""
    advice: list[str]
    refused: str | None
    """Why there is no advice."""
    findings: tuple[OutcomeFinding, ...] = ()
    """High and won, low and won, high and not won."""
    proposed: str | None = None
    """The name of the next version of the model, if anything speaks for one."""
