"""What do an adapter and the runner of fetches say to each other?

An adapter is a generator without side effects: it yields the requests that it needs and what it found, and is sent the
answers. It opens nothing, never sleeps and knows no clock. The runner does all of that: it sends the requests, paces
and repeats them, and records what was found.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from engines.postings.found import Found

Rule = Literal["public_api", "licensed_api", "robots", "accepted_terms", "own_file"]
"""What allows a fetch."""

SECRET = "{secret}"  # noqa: S105  what stands for a secret, and none itself
"""Stands for the secret of the source in the value of a header; the runner replaces it."""


NOT_PERMITTED = 451
"""The status of the runner's answer to a request that it may not send: by robots.txt, the deny-list, or the host."""


class Request(NamedTuple):
    """A request that the runner is to send."""

    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    page: bool = False
    """Whether the runner remembers this page, and asks for it on condition that it has changed."""


class Answer(NamedTuple):
    """An answer of status 2xx, 304 or 4xx. The runner handles 429, 5xx and broken connections itself."""

    status: int
    url: str
    headers: Mapping[str, str]
    """By their names in lower case."""
    body: bytes
    unchanged: bool = False
    """Whether the page is as it was remembered: status 304, or the same content."""


class Listed(NamedTuple):
    """Postings that are listed now."""

    postings: Sequence[Found]
    page: str | None = None
    """The page that states these postings and no other, to be remembered."""
    lastmod: str | None = None
    """When that page was changed, as its sitemap states it."""
    unread: Sequence[str] = ()
    """The ids of postings that are listed as well, but cannot be read."""


class Again(NamedTuple):
    """A page that is still listed and has not changed: the postings remembered of it are listed again."""

    page: str


class Listing(NamedTuple):
    """The end of a fetch. If it is incomplete, no posting may be closed because it was not listed."""

    complete: bool
    notes: tuple[str, ...] = ()


class Page(NamedTuple):
    """What is remembered of a page."""

    lastmod: str | None
    ids: tuple[str, ...]


Steps = Generator[Request | Listed | Again, Answer | None, Listing]
"""A fetch. It is sent the answer to each request, and None for everything else that it yields."""


class Adapter(NamedTuple):
    """How a kind of source is fetched."""

    name: str
    title: str
    options: type[Any]
    """A frozen dataclass that pydantic validates. An option is never a secret."""
    fetch: Callable[[Any, Mapping[str, Page], date], Steps]
    """From the options, the pages remembered, and today in the zone of the deployment."""
    rule: Rule
    secret: bool
    """Whether the source needs a secret."""
    hosts: Callable[[Any], Sequence[str]]
    """The hosts that the source is on, and never leaves: `HOST`, `HOST:PORT`, or `.DOMAIN` for all of a domain."""
