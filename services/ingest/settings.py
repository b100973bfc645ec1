"""Which parts of the pack does ingest work by?"""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo

from pydantic import Field

from datasets.facts import Headings
from services.ingest.domain.denied import SourceRules
from services.ingest.domain.rate import Rates
from services.ingest.domain.roles import Classifier, RoleRules
from shared import packs
from shared.settings import Settings, settings_of


class IngestSettings(Settings):
    """The kernel's knobs, and how often a source may ask over HTTP."""

    http_rate: float = Field(default=20.0, gt=0)
    """Requests a second with one key, in the long run."""
    http_burst: int = Field(default=100, ge=1)
    """Requests at once, before the rate counts."""


MOST_POSTINGS = 1_000
"""Postings in one submission."""
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


def rates() -> Rates:
    """Nobody has asked yet."""
    knobs = settings_of("ingest", IngestSettings)
    return Rates(knobs.http_rate, knobs.http_burst)


@cache
def timezone() -> ZoneInfo:
    return ZoneInfo(packs.calendar().timezone)


@cache
def pack() -> str:
    """The hash that stamps what this pack classified."""
    return packs.pack_hash()
