"""Which scheme does the pack of this deployment define?"""

from __future__ import annotations

from typing import Any

from engines import packs
from engines.scoring.pack import Policy, Scheme, ScoringSection, scheme_in

SECTIONS: dict[str, Any] = {"scoring": ScoringSection, "tiers": Policy}
"""The type of each section, by file of the pack. The linter validates packs with the same types."""


def scheme() -> Scheme:
    return scheme_in(packs.pack_folder())


def check_pack() -> None:
    """What startup does with the pack besides reading its sections; raises `PackInvalid`."""
    scheme()
