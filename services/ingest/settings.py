"""Which parts of the pack does ingest work by?"""

from __future__ import annotations

from functools import cache
from typing import Any

from engines.datasets.facts import Headings
from services.ingest.domain.denied import SourceRules
from services.ingest.domain.roles import Classifier, RoleRules
from shared import packs

SECTIONS: dict[str, Any] = {"roles": RoleRules, "sources": SourceRules, "fields": Headings}
"""By file of the pack: what it has to be. The linter reads them as this service does."""
MOST_BYTES = 8_000_000
"""Of one HTTP request."""


@cache
def classifier() -> Classifier:
    return Classifier.of(packs.section("roles", RoleRules))


@cache
def source_rules() -> SourceRules:
    return packs.section("sources", SourceRules)


@cache
def headings() -> Headings:
    return packs.section("fields", Headings)


@cache
def timezone() -> str:
    return packs.calendar().timezone


@cache
def pack() -> str:
    """The hash that stamps what this pack classified."""
    return packs.pack_hash()
