"""Which sections of the pack does ingest use?"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Annotated, Any

from pydantic import field_validator

from engines import packs
from engines.crawling.denied import DenyList
from engines.datasets.facts import Headings
from services.ingest.domain.datasets import CATALOGUES, Published
from services.ingest.domain.denied import SourceRules
from services.ingest.domain.roles import Classifier, RoleRules
from shared.outbound.settings import OutboundSettings
from shared.settings import LIST, Settings, settings_of

SECTIONS: dict[str, Any] = {
    "roles": RoleRules,
    "sources": SourceRules,
    "fields": Headings,
    "datasets": Published,
}
"""The type of each section, by file of the pack. The linter validates packs with the same types."""
MAX_BYTES = 8_000_000
"""The size of an HTTP request."""


class IngestSettings(Settings, OutboundSettings):
    """The settings of ingest."""

    catalogues: Annotated[tuple[str, ...], *LIST] = ()
    """Where catalogues are instead of the pack's addresses: `pdc=http://127.0.0.1:8099/...`."""

    @field_validator("catalogues")
    @classmethod
    def _names_catalogues(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for each in given:
            name, _, url = each.partition("=")
            if name not in CATALOGUES or not url.startswith(("https://", "http://")):
                raise ValueError(f"PIPELINE_INGEST_CATALOGUES: {each!r} is not like pdc=https://HOST/path")
        return given


def deployed() -> IngestSettings:
    return settings_of("ingest", IngestSettings)


def published() -> Published:
    """The datasets of the pack, with the catalogues of this deployment."""
    found = packs.section("datasets", Published)
    elsewhere = dict(each.split("=", 1) for each in deployed().catalogues)
    return replace(found, catalogues={name: elsewhere.get(name, url) for name, url in found.catalogues.items()})


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
