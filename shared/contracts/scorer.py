"""Which questions and commands does the scorer handle?"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from shared.contracts.limits import MAX_INT, FacilityId, ShortText
from shared.contracts.requests import Command, Paged, Question
from shared.contracts.schemes import Scheme
from shared.contracts.scorer_replies import (
    Calibration,
    DiscoveredFacility,
    EvaluatedOutcomes,
    ExportedScore,
    Publication,
    PublishedScheme,
    ReplayedScores,
    ScoredAccount,
    ScorerCounts,
    ScoreReasons,
    TriedScheme,
)

# --- explanation of a score ---------------------------------------------------------------------------------


class Why(Question[ScoreReasons]):
    """Why is a facility's score what it is: today, or at the end of a past day?"""

    facility_id: FacilityId
    on: date | None = None


class Replay(Question[ReplayedScores]):
    """Recompute a page of scores from what was recorded by the end of a day: which ones differ from the stored ones?"""

    to: date
    after: ShortText | None = None
    limit: int = Field(default=2_000, ge=1, le=5_000)


# --- scores and tiers ----------------------------------------------------------------------------------------


class ExportScores(Paged, Question[list[ExportedScore]]):
    """The scores of all listed facilities, by their ids."""


class ScoredAccounts(Paged, Question[list[ScoredAccount]]):
    """The listed facilities with every factor of their scores, by their ids: what lists state about them."""


class Discovery(Question[list[DiscoveredFacility]]):
    """The facilities with the highest scores among those without an open posting."""

    limit: int = Field(default=20, ge=1, le=2_000)


class Counts(Question[ScorerCounts]):
    """The number of listed facilities in each tier, and the calibration in force."""


class Calibrations(Question[list[Calibration]]):
    """The latest calibrations, newest first."""

    limit: int = Field(default=20, ge=1, le=500)


class Calibrate(Command[Calibration]):
    """Recompute the tier cuts, at most once a day."""


# --- other schemes -------------------------------------------------------------------------------------------


class WhatIf(Scheme, Question[TriedScheme]):
    """Which facilities would change tier under this scheme, compared with the one in force or another one?"""

    instead_of: Scheme | None = None


class SchemeInForce(Question[Scheme]):
    """The scheme in force, or one that was, in the form that `WhatIf` and `PublishScheme` accept."""

    pack: ShortText | None = None
    """The hash of one that was in force."""


class PublishScheme(Scheme, Command[PublishedScheme]):
    """Put a scheme in force and score every facility with it, in one transaction."""


class Publications(Question[list[Publication]]):
    """The schemes as they came into force, newest first."""

    limit: int = Field(default=20, ge=1, le=500)


# --- outcomes of leads ---------------------------------------------------------------------------------------


class EvaluateOutcomes(Question[EvaluatedOutcomes]):
    """Do higher scores win more often? The result is never applied automatically."""

    good: tuple[Literal["won", "lost", "meeting"], ...] = Field(default=("won",), max_length=3)
    at_least: int = Field(default=30, ge=1, le=MAX_INT)
    """The minimum number of decided leads for advice."""
