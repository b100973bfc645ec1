"""Which model and which tiers are in force?"""

from __future__ import annotations

from scoring.model import Model
from scoring.pack import model_in, policy_in
from scoring.policies import TierPolicy
from shared import packs


def model() -> Model:
    return model_in(packs.pack_folder())


def policy() -> TierPolicy:
    return policy_in(packs.pack_folder())
