"""What did the deployment choose about matching, signals and the inbox?"""

from __future__ import annotations

from typing import Any

from engines.matching import pack
from engines.matching.model import Model
from engines.matching.trade import Trade
from services.matcher.domain.policy import Policy
from services.matcher.domain.verdicts import VerdictKind
from shared.packs import section

SECTIONS: dict[str, Any] = {"matching": Policy, **pack.SECTIONS}
"""By file of the pack: what it has to be. The linter reads them as this service does."""
NOWHERE = "-"
"""Locked like a state, for postings whose outcome may depend on any facility: they name a facility, or no state."""
MOST_QUERIES = 1_000
"""In one request over HTTP."""
MOST_BYTES = 2_000_000
"""Of one HTTP request."""


VERDICTS = (
    VerdictKind("none_of_these", is_final=True, of_matches=True),
    VerdictKind("new_facility"),
    VerdictKind("not_an_snf", is_final=True, of_matches=True),
    VerdictKind("unsure", of_matches=True),
)


def verdicts() -> dict[str, VerdictKind]:
    """What a person may find of postings, by name."""
    return {verdict.name: verdict for verdict in VERDICTS}


def is_final(reason: str) -> bool:
    """Whether nothing of a group is to be matched after this verdict."""
    return reason in verdicts() and verdicts()[reason].is_final


def policy() -> Policy:
    return section("matching", Policy)


def trade() -> Trade:
    return pack.trade()


def model() -> Model:
    return pack.fitted()
