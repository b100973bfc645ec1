"""How are the postings of an employer's own career site fetched: from its pages with schema.org, as robots.txt allows?

The pages are those that its sitemaps list, or that an operator lists. A page that its sitemap states to be unchanged is
not asked for again; any other is asked for on condition that it has changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Annotated, Final
from urllib.parse import urljoin
from zlib import crc32

from pydantic import AfterValidator, Field
from pydantic.dataclasses import dataclass

import services.ingest.adapters.sitemaps as sitemaps
from engines.datasets.urls import is_url
from engines.postings import Found, Unreadable, read
from services.ingest.adapters.asking import GONE, ask, is_good, refused
from services.ingest.adapters.options import CONFIG, Address, Base, Words, host_of
from services.ingest.adapters.protocol import (
    NOT_PERMITTED,
    Adapter,
    Again,
    Answer,
    Listed,
    Listing,
    Page,
    Request,
    Steps,
)
from services.ingest.adapters.sitemaps import Entry

_DEEPEST: Final = 3
"""Sitemaps that list sitemaps that list sitemaps."""
_MOST_SITEMAPS: Final = 500
_LONGEST_ROBOTS: Final = 512_000
DAYS_BETWEEN_LOOKS: Final = 7
_TO_LOOK_AT: Final = 10
"""Notes on pages; further ones are counted."""


def _pattern(value: str) -> str:
    """A part of an address, in which `*` stands for any characters."""
    if value.count("*") > 5:
        raise ValueError("must have at most 5 asterisks")
    return value


@dataclass(frozen=True, config=CONFIG)
class Options:
    site: Base | None = None
    """The site, whose robots.txt names its sitemaps; without any, its /sitemap.xml: https://www.maple.example"""
    sitemaps: Annotated[tuple[Address, ...], Field(max_length=50)] = ()
    """The sitemaps of the site, instead of those that its robots.txt names."""
    pages: Annotated[tuple[Address, ...], Field(max_length=1_000)] = ()
    """Pages with postings, instead of a sitemap or beside it."""
    pattern: Annotated[str, Field(max_length=200), AfterValidator(_pattern)] = ""
    """What the addresses of postings contain: `/jobs/*-albany`. By default, every page is looked at once."""
    hosts: Annotated[tuple[Words, ...], Field(max_length=20)] = ()
    """Other hosts of the employer that its sitemap lists: `jobs.maple.example`."""
    most: Annotated[int, Field(ge=1, le=100_000)] = 20_000
    """The number of pages that are looked at."""

    def __post_init__(self) -> None:
        if not self.site and not self.sitemaps and not self.pages:
            raise ValueError("state the site, its sitemaps, or pages with postings")


def hosts(options: Options) -> Sequence[str]:
    stated = [options.site] if options.site else []
    own = [host_of(address) for address in (*stated, *options.sitemaps, *options.pages)]
    return list(dict.fromkeys([*own, *(host.lower() for host in options.hosts)]))


def fetch(options: Options, pages: Mapping[str, Page], today: date) -> Steps:
    """Look at each page, and list the postings of those that have any."""
    entries, notes = yield from _entries(options)
    complete = not notes
    for entry in entries:
        known = pages.get(entry.url)
        if known and entry.lastmod and known.lastmod == entry.lastmod and (known.ids or not _is_due(entry.url, today)):
            yield Again(entry.url)
            continue
        note = yield from _page(entry, known, today)
        if note:
            complete = False
            notes.append(note)
    shown = list(dict.fromkeys(notes))
    if len(shown) > _TO_LOOK_AT:
        shown[_TO_LOOK_AT:] = [f"{len(shown) - _TO_LOOK_AT} more notes like these."]
    return Listing(complete, tuple(shown))


def _page(
    entry: Entry, known: Page | None, today: date
) -> Generator[Request | Listed | Again, Answer | None, str | None]:
    """List the postings of a page; returns a note if it could not be looked at."""
    answer = yield from ask(Request(entry.url, page=True))
    if answer.unchanged and known is not None:
        yield Again(entry.url)
    elif is_good(answer):
        return (yield from _changed(entry, known, answer, today))
    elif answer.status == NOT_PERMITTED:
        return "Pages that had postings may not be asked for any more." if known and known.ids else None
    elif answer.status not in GONE:
        return f"Pages were refused with status {answer.status}."
    return None


def _changed(
    entry: Entry, known: Page | None, answer: Answer, today: date
) -> Generator[Listed, Answer | None, str | None]:
    found: list[Found] = []
    stated = b"jobposting" in answer.body.lower()
    if stated:  # most pages of a site have no posting
        with suppress(Unreadable):
            found = read(answer.body, url=answer.url, day=today).postings
    if stated and not found and known is not None and known.ids:
        return "Pages that had postings have some that cannot be read now; see `pipeline source read`."
    # A site that is down may answer with another page, and status 200. So one that had postings is asked for again.
    had = known is not None and known.ids and not found
    yield Listed(found, entry.url, None if had else entry.lastmod)
    return None


def _is_due(url: str, today: date) -> bool:
    """Whether a page without postings is looked at today, although its sitemap states that it has not changed.

    That is once a week, each page on its own day, because what it answered may have been an error.
    """
    return (crc32(url.encode()) + today.toordinal()) % DAYS_BETWEEN_LOOKS == 0


def _entries(options: Options) -> Generator[Request, Answer | None, tuple[list[Entry], list[str]]]:
    """The pages to look at, each once, and notes on what is missing."""
    own, fits = set(hosts(options)), _fits(options.pattern)
    found = {page: Entry(page, None) for page in options.pages}
    notes: list[str] = []
    first = list(options.sitemaps)
    if options.site and not first:
        first = yield from _named(options.site, own)
    waiting = [(url, 0) for url in first]
    known = set(first)
    elsewhere: dict[str, int] = {}
    for _ in range(_MOST_SITEMAPS):
        if not waiting:
            break
        url, depth = waiting.pop(0)
        answer = yield from ask(Request(url))
        sitemap, note = _sitemap(answer, url)
        notes += [note] if note else []
        for entry in (*sitemap.sitemaps, *sitemap.pages):
            if host_of(entry.url) not in own:
                elsewhere[host_of(entry.url)] = elsewhere.get(host_of(entry.url), 0) + 1
        for entry in sitemap.sitemaps:
            if host_of(entry.url) not in own or entry.url in known:
                continue
            known.add(entry.url)
            if depth + 1 < _DEEPEST:
                waiting.append((entry.url, depth + 1))
            else:
                notes.append(f"Sitemaps that are nested deeper than {_DEEPEST} levels were not fetched.")
        for entry in sitemap.pages:
            if host_of(entry.url) in own and fits(entry.url):
                found.setdefault(entry.url, entry)
    if waiting:
        notes.append(f"The site has more than {_MOST_SITEMAPS} sitemaps; the rest was not fetched.")
    notes += [f"{count} addresses on {host[:100]} were left out; state it in hosts if it is the employer's."
              for host, count in list(elsewhere.items())[:5]]  # fmt: skip
    if len(found) > options.most:
        notes.append(f"The sitemaps list {len(found)} pages, and {options.most} were looked at; state a pattern.")
    return list(found.values())[: options.most], notes


def _named(site: str, own: set[str]) -> Generator[Request, Answer | None, list[str]]:
    """The sitemaps on its own hosts that the robots.txt of a site names; /sitemap.xml if it names none."""
    answer = yield from ask(Request(urljoin(f"{site}/", "/robots.txt")))
    lines = answer.body[:_LONGEST_ROBOTS].decode("utf-8", "replace").splitlines() if is_good(answer) else []
    stated = [line.partition(":") for line in lines]
    urls = [url.strip() for name, _, url in stated if name.strip().lower() == "sitemap"]
    return list(dict.fromkeys(url for url in urls if is_url(url) and host_of(url) in own))[:50] or [
        f"{site}/sitemap.xml"
    ]


def _sitemap(answer: Answer, url: str) -> tuple[sitemaps.Sitemap, str | None]:
    nothing = sitemaps.Sitemap([], [])
    if not is_good(answer):
        return nothing, refused(answer, f"The sitemap {url}")
    try:
        found = sitemaps.read(answer.body)
    except sitemaps.NotSitemap as error:
        return nothing, f"The sitemap {url} cannot be read: {error}."
    return found, f"The sitemap {url} {found.cut}." if found.cut else None


def _fits(pattern: str) -> Callable[[str], bool]:
    if not pattern:
        return lambda _: True
    compiled = re.compile(".*?".join(map(re.escape, pattern.split("*"))))
    return lambda url: compiled.search(url) is not None


ADAPTER = Adapter("career_site", "Career site", Options, fetch, "robots", False, hosts)
