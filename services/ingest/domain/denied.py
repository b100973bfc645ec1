"""From which sites is no posting accepted? (R10)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from engines.crawling.denied import ALWAYS_DENIED, Denied, DenyList
from services.ingest.domain.scheduling import Schedule

AdapterName = Literal[
    "aapacn_csv",
    "career_site",
    "careeronestop",
    "coresignal",
    "csv_url",
    "folder",
    "greenhouse",
    "lever",
    "smartrecruiters",
    "techmap",
    "ukg",
    "workday",
]


@dataclass(frozen=True, slots=True)
class SourceRules:
    """Pack section `sources`: the deny-list, and when sources are fetched."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    denied: tuple[Denied, ...]
    adapters: Mapping[AdapterName, Schedule] = field(default_factory=dict)
    """When the sources of an adapter are fetched, and how fast; by default daily from 05:00 on, a request a second."""

    def __post_init__(self) -> None:
        # An invariant of the product: a pack may add sites but not remove these.
        missing = {site.name for site in ALWAYS_DENIED} - {entry.name for entry in self.denied}
        if missing:
            raise ValueError(f"the deny-list must include {' and '.join(sorted(missing))}")

    def deny_list(self) -> DenyList:
        """The sites of the pack, with all hosts that are always denied."""
        hosts = {site.name: site.hosts for site in ALWAYS_DENIED}
        merged = (
            Denied(site.name, tuple(dict.fromkeys((*site.hosts, *hosts.get(site.name, ()))))) for site in self.denied
        )
        return DenyList(tuple(merged))


def denied_url(denied: DenyList, url: str) -> str | None:
    """Why nothing is read from a URL: `postings from linkedin are not accepted: lnkd.in is a host of linkedin`."""
    found = denied.url(url)
    return str(found) if found else None
