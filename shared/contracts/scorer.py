"""What can the scorer be asked?"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.events import Crossing, FactorScore
from shared.contracts.limits import MAX_INT, FacilityId, ShortText
from shared.contracts.requests import Command, Paged, Question, Reply
from shared.contracts.schemes import Comparison, Scheme

# --- why a score is what it is -------------------------------------------------------------------------------


class ScoredFacility(Reply):
    facility_id: str
    name: str
    city: str
    state: str
    chain: str | None
    listed: bool


class ScoreLine(FactorScore):
    """One line of a score, and the kind of event that brought its evidence."""

    source: str | None = None


class RecordedSignal(Reply):
    """A signal as it was recorded, also after it expired."""

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
    """A day on which the numbers changed."""

    scored_on: date
    score: Decimal
    tier: int
    multiplier: Decimal
    cause: str
    pack: str
    changed: list[ChangedFactor]


class WayUp(Reply):
    """Factors that, at their highest, would lift a score to a cut."""

    factors: list[str]
    score: Decimal


class NextTier(Reply):
    tier: int
    cut: Decimal
    missing: Decimal
    ways: list[WayUp]


class ScoreReasons(Reply):
    """A score taken apart; of a past day it is replayed."""

    facility: ScoredFacility
    on: date | None = None
    """The past day."""
    score: Decimal
    tier: int
    scored_on: date
    """Since when score, tier and values have been what they are."""
    score_version: int | None = None
    multiplier: Decimal
    multiplier_evidence: str
    urgency: int | None = None
    last_seen_on: date | None = None
    measure: Decimal | None = None
    recheck_on: date | None = None
    """The next day on which the score may change although nothing is reported."""
    pack: str
    breakdown: list[ScoreLine]
    cuts: dict[int, Decimal]
    calibrated_on: date | None
    signals: list[RecordedSignal]
    history: list[ScoredDay]
    unknown: list[str]
    """Factors of which nothing is known."""
    next_tier: NextTier | None
    stored: bool | None = None
    """Of a past day: whether this is what was stored then."""


class Why(Question[ScoreReasons]):
    """Why is a facility's score what it is: today, or at the end of a past day?"""

    facility_id: FacilityId
    on: date | None = None


class DifferingScore(Reply):
    """A facility whose replayed score is not the one that was stored."""

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
    """After it the next page goes on; none at the end."""
    differing: list[DifferingScore]


class Replay(Question[ReplayedScores]):
    """Rebuild a page of scores from what was recorded by the end of a day: which differ from what was stored?"""

    to: date
    after: ShortText | None = None
    limit: int = Field(default=2_000, ge=1, le=5_000)


# --- scores and tiers ----------------------------------------------------------------------------------------


class ExportedScore(Reply):
    facility_id: str
    name: str
    score: Decimal
    tier: int
    scored_on: date
    multiplier: Decimal
    points: dict[str, Decimal]
    """By factor."""


class ExportScores(Paged, Question[list[ExportedScore]]):
    """The scores of all listed facilities, by their ids."""


class DiscoveredFacility(Reply):
    facility_id: str
    name: str
    city: str
    state: str
    score: Decimal
    tier: int
    scored_on: date
    because: list[str]
    """The evidence that speaks for it."""


class Discovery(Question[list[DiscoveredFacility]]):
    """Which facilities score best that have no open posting?"""

    limit: int = Field(default=20, ge=1, le=2_000)


class ScorerCounts(Reply):
    tiers: dict[int, int]
    """How many listed facilities each holds."""
    cuts: dict[int, Decimal]
    calibrated_on: date | None
    cohort: int
    listed: int


class Counts(Question[ScorerCounts]):
    """How many listed facilities does each tier hold, and by which calibration?"""


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


class Calibrations(Question[list[Calibration]]):
    """The latest calibrations, newest first."""

    limit: int = Field(default=20, ge=1, le=500)


class Calibrate(Command[Calibration]):
    """Set the cuts between the tiers anew, once a day at most."""


# --- other schemes -------------------------------------------------------------------------------------------


class TriedScheme(Reply):
    on: date
    comparison: Comparison
    names: dict[str, str]
    """Of the facilities that would cross."""


class WhatIf(Scheme, Question[TriedScheme]):
    """Who would cross a tier by this scheme, compared with the one in force or with another one?"""

    instead_of: Scheme | None = None


class SchemeInForce(Question[Scheme]):
    """The scheme in force, in the form in which another one is tried and published."""


class PublishedScheme(Reply):
    pack: str
    before: str
    published: bool
    """False where it was in force already."""


class PublishScheme(Scheme, Command[PublishedScheme]):
    """Put a scheme in force: every facility is scored by it at once."""


class Publication(Reply):
    publication_no: int
    pack: str
    name: str
    published_by: str
    published_at: datetime


class Publications(Question[list[Publication]]):
    """The schemes as they came into force, newest first."""

    limit: int = Field(default=20, ge=1, le=500)


# --- what became of leads ------------------------------------------------------------------------------------


class OutcomeRate(Reply):
    """How many of a group ended well, and between which shares the truth lies nineteen times in twenty."""

    group: str
    counted: int
    good: int
    low: float
    high: float


class WeighedOutcomes(Reply):
    decided: int
    deciles: list[OutcomeRate]
    factors: list[tuple[OutcomeRate, OutcomeRate]]
    """Where a factor counted, and where it did not."""
    advice: list[str]
    refused: str | None
    """Why nothing is advised."""


class WeighOutcomes(Question[WeighedOutcomes]):
    """Do higher scores win more? Nothing is ever applied by itself."""

    good: tuple[Literal["won", "lost", "meeting"], ...] = Field(default=("won",), max_length=3)
    at_least: int = Field(default=30, ge=1, le=MAX_INT)
    """Decided leads below which nothing is advised."""
