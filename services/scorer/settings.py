"""Which scheme does the pack of this deployment hold?"""

from __future__ import annotations

from typing import Any

from engines.scoring.pack import Policy, Scheme, ScoringSection, scheme_in
from shared import packs

SECTIONS: dict[str, Any] = {"scoring": ScoringSection, "tiers": Policy}
"""By file of the pack: what it has to be. The linter reads them as this service does."""


def scheme() -> Scheme:
    return scheme_in(packs.pack_folder())
