"""Which sections of the pack does ingest use?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import SecretStr, field_validator
from pydantic_settings import NoDecode

from engines import packs
from engines.crawling.denied import DenyList
from engines.datasets.facts import Headings
from services.ingest.domain.datasets import CATALOGUES, Published
from services.ingest.domain.denied import SourceRules, denied_url
from services.ingest.domain.roles import Classifier, RoleRules
from services.ingest.domain.scheduling import Schedule
from shared.outbound import Outbound
from shared.outbound.settings import OutboundSettings, user_agent
from shared.settings import LIST, Settings, settings_of, texts_by_name

SECTIONS: dict[str, Any] = {
    "roles": RoleRules,
    "sources": SourceRules,
    "fields": Headings,
    "datasets": Published,
}
"""The type of each section, by file of the pack. The linter validates packs with the same types."""
MAX_BYTES = 8_000_000
"""The size of an HTTP request."""


_SECRETS: Final = texts_by_name("PIPELINE_INGEST_SOURCE_SECRETS", '{"careeronestop-ny": "SECRET"}')


class IngestSettings(Settings, OutboundSettings):
    """The settings of ingest."""

    catalogues: Annotated[tuple[str, ...], *LIST] = ()
    """Where catalogues are instead of the pack's addresses: `pdc=http://127.0.0.1:8099/...`."""

    source_secrets: Annotated[Mapping[str, SecretStr], NoDecode, _SECRETS] = {}
    """The secrets of the sources that need one, by the name of the source."""
    source_folder: Path | None = None
    """The folder that contains the watched folders."""

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


def outbound() -> Outbound:
    """The client that asks the hosts of sources and catalogues."""
    denied = deny_list()
    return Outbound(deployed().outbound_allow, agent(), denied=partial(denied_url, denied), denied_names=denied.hosts)


def agent() -> str | None:
    """Who asks. No one in a simulation, whose days are none: it asks allowed pairs only."""
    return None if deployed().simulation else user_agent(deployed().outbound_contact)


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
def schedules() -> Mapping[str, Schedule]:
    """When sources are fetched, by adapter."""
    return {str(name): schedule for name, schedule in source_rules().adapters.items()}


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
