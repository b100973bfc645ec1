"""Which sections of the pack does ingest use?"""

from __future__ import annotations

from functools import cache
from typing import Any

from engines import packs
from engines.crawling.denied import DenyList
from engines.datasets.facts import Headings
from services.ingest.domain.denied import SourceRules
from services.ingest.domain.roles import Classifier, RoleRules

SECTIONS: dict[str, Any] = {"roles": RoleRules, "sources": SourceRules, "fields": Headings}
"""The type of each section, by file of the pack. The linter validates packs with the same types."""
MAX_BYTES = 8_000_000
"""The size of an HTTP request."""


@cache
def classifier() -> Classifier:
    return Classifier.of(packs.section("roles", RoleRules))


@cache
def source_rules() -> SourceRules:
    return packs.section("sources", SourceRules)


@cache
def deny_list() -> DenyList:
    return source_rules().deny_list()


@cache
def headings() -> Headings:
    return packs.section("fields", Headings)


@cache
def timezone() -> str:
    return packs.calendar().timezone


@cache
def pack() -> str:
    """The hash of the pack, which is stored with what it classified."""
    return packs.pack_hash()
