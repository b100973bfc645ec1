"""What is a scheme of scores and tiers, and how are two of them compared?"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.limits import ShortText
from shared.contracts.requests import Reply


class Scheme(BaseModel):
    """The scoring model and tier policy of a pack, with the hash of the pack."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pack: Annotated[ShortText, Field(min_length=1, max_length=64)]
    model: dict[str, Any]
    policy: dict[str, Any]


class ComparedScheme(Reply):
    """A scheme applied to the cohort."""

    pack: str
    cuts: dict[int, Decimal]
    sizes: dict[int, int]
    ties: dict[int, int]
    unknown: dict[str, int]
    """For each factor, the number of facilities for which it is unknown."""


class MovedFactor(Reply):
    """The points of a factor, or the multiplier, in both schemes; none if a scheme lacks it."""

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
    """Two schemes applied to one cohort."""

    cohort: int
    rescored: int
    before: ComparedScheme
    after: ComparedScheme
    crossings: list[CrossingFacility]
    at_once: int
    """The number of facilities that would change their tier with the cuts in force."""
