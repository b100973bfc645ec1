"""Which sections of the pack does the matcher use?"""

from __future__ import annotations

from typing import Any

from engines.matching import pack
from engines.matching.model import Model
from engines.matching.trade import Trade
from engines.packs import section
from services.matcher.domain.policy import Policy
from services.matcher.domain.verdicts import VerdictKind

SECTIONS: dict[str, Any] = {"matching": Policy, **pack.SECTIONS}
"""The type of each section, by file of the pack. The linter validates packs with the same types."""
NOWHERE = "-"
"""The lock key, instead of a state, of postings that may match any facility: with an account key or without a state."""
MAX_QUERIES = 1_000
"""Queries in an HTTP request."""
MAX_BYTES = 2_000_000
"""The size of an HTTP request."""


def verdicts() -> dict[str, VerdictKind]:
    """The reasons for naming no facility, by name."""
    return {verdict.name: verdict for verdict in policy().verdicts}


def is_final(reason: str) -> bool:
    """Whether a group with this verdict is ignored from now on."""
    return reason in verdicts() and verdicts()[reason].is_final


def policy() -> Policy:
    return section("matching", Policy)


def trade() -> Trade:
    return pack.trade()


def model() -> Model | None:
    """The fitted model; None for a pack that matches by the source's rule."""
    return pack.fitted() if policy().fitted else None


def check_pack() -> None:
    """What startup does with the pack besides reading its sections; raises `PackInvalid`."""
    model()
