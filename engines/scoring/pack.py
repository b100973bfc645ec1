"""Which scoring model and which tiers does a pack have?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, cast

from pydantic import Field, TypeAdapter, ValidationError

from engines import packs
from engines.problems import sentence
from engines.scoring.kinds import STRICT
from engines.scoring.model import Model, Part, Single, SumFactor
from engines.scoring.policies import TierPolicy

Policy = Annotated[TierPolicy, Field(discriminator="policy")]


@dataclass(frozen=True)
class SumSection(SumFactor):
    """A sum in `scoring.yaml`."""

    __pydantic_config__ = STRICT

    parts: tuple[Annotated[Part, Field(discriminator="kind")], ...]


@dataclass(frozen=True)
class ScoringSection(Model):
    """The model in `scoring.yaml`. The kind of a factor determines its keys, so errors name the key."""

    __pydantic_config__ = STRICT

    factors: tuple[Annotated[Single | SumSection, Field(discriminator="kind")], ...]


@dataclass(frozen=True)
class Scheme:
    """The model and tiers of a pack, with the hash that its scores record."""

    pack: str
    model: Model
    policy: TierPolicy


def model_in(folder: Path) -> Model:
    """The model of the pack in a folder; raises `PackInvalid`."""
    return packs.section_of(folder, "scoring", ScoringSection)


def policy_in(folder: Path) -> TierPolicy:
    """The tiers of the pack in a folder; raises `PackInvalid`."""
    policy: TierPolicy = packs.section_of(folder, "tiers", cast(Any, Policy))
    return policy


def scheme_in(folder: Path) -> Scheme:
    return Scheme(packs.hash_of(folder), model_in(folder), policy_in(folder))


def scheme_from(pack: str, model: Any, policy: Any) -> Scheme:
    """A scheme from the output of `dataclasses.asdict`, or from YAML; raises `PackInvalid`."""
    try:
        return Scheme(
            pack, TypeAdapter(ScoringSection).validate_python(model), TypeAdapter(Policy).validate_python(policy)
        )
    except ValidationError as error:
        raise packs.PackInvalid(f"Pack {pack}: {sentence(error, 'file')}") from error
