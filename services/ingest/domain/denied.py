"""From which sites is no posting accepted? (R10)"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

# Nearly all URLs match this, which takes a tenth of the time of parsing.
USUAL_URL = re.compile(r"https?://([A-Za-z0-9.-]+)(?:[/?#]|$)")


@dataclass(frozen=True, slots=True)
class Denied:
    """A site that no posting may come from: its name, and its hosts with other names."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    name: str
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceRules:
    """The deny-list of the pack."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    denied: tuple[Denied, ...]

    def __post_init__(self) -> None:
        # An invariant of the product: a pack may add sites but not remove these.
        missing = {"indeed", "linkedin"} - {entry.name for entry in self.denied}
        if missing:
            raise ValueError(f"the deny-list must include {' and '.join(sorted(missing))}")


def denied_source(rules: SourceRules, source: str) -> str | None:
    """The denied site in a source's name, in any spelling: `Linked-In jobs` -> `linkedin`."""
    letters = "".join(c for c in unicodedata.normalize("NFKC", source).casefold() if c.isalnum())
    return next((entry.name for entry in rules.denied if entry.name in letters), None)


def denied_host(rules: SourceRules, host: str) -> str | None:
    """The denied site that a host belongs to, by its domain, any subdomain or any country's domain."""
    labels = host.split(".")
    return next((entry.name for entry in rules.denied if entry.name in labels or _within(host, entry.hosts)), None)


def host_of(url: str) -> str:
    """The host that a URL leads to, in lower case."""
    usual = USUAL_URL.match(url)
    host = usual[1].lower() if usual else urlsplit(unicodedata.normalize("NFKC", url)).hostname or ""
    return host.rstrip(".")


def _within(host: str, domains: tuple[str, ...]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)
