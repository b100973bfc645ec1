"""What is a scheme of scores and tiers, and how do two of them compare?"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.limits import ShortText
from shared.contracts.requests import Reply


class Scheme(BaseModel):
    """How a pack scores and tiers: its two files, under the hash of the whole pack."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pack: Annotated[ShortText, Field(min_length=1, max_length=64)]
    model: dict[str, Any]
    policy: dict[str, Any]


class ComparedScheme(Reply):
    """A scheme over the cohort."""

    pack: str
    cuts: dict[int, Decimal]
    sizes: dict[int, int]
    ties: dict[int, int]
    unknown: dict[str, int]
    """Facilities of which each factor knows nothing."""


class MovedFactor(Reply):
    """The points of a factor, or the multiplier, under either scheme; none where a scheme does not have it."""

    factor: str
    before: Decimal | None
    after: Decimal | None


class CrossingFacility(Reply):
    """A facility that would be in another tier."""

    facility_id: str
    from_tier: int
    to_tier: int
    score_before: Decimal
    score_after: Decimal
    because: list[MovedFactor]


class Comparison(Reply):
    """Two schemes over one cohort."""

    cohort: int
    rescored: int
    before: ComparedScheme
    after: ComparedScheme
    crossings: list[CrossingFacility]
    at_once: int
    """How many cross while the cuts in force stand."""
