"""Which model and which tiers are in force?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from services.scorer.domain.model import STRICT, Factor, Model
from services.scorer.domain.tiers import TierPolicy
from shared.packs import section


@dataclass(frozen=True)
class ScoringSection(Model):
    """The model as `scoring.yaml` spells it: the kind of a factor says which keys it has, so errors name the key."""

    __pydantic_config__ = STRICT

    factors: tuple[Annotated[Factor, Field(discriminator="kind")], ...]


def model() -> Model:
    return section("scoring", ScoringSection)


def policy() -> TierPolicy:
    return section("tiers", TierPolicy)
