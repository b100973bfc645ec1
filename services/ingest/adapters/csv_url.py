"""How are the postings of a sheet fetched that its owner publishes as CSV?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Final

from pydantic import Field
from pydantic.dataclasses import dataclass

from engines.postings import Unreadable, read
from services.ingest.adapters.asking import ask, damaged, is_good, refused
from services.ingest.adapters.options import CONFIG, Address, Words, host_of
from services.ingest.adapters.protocol import Adapter, Again, Listed, Listing, Page, Request, Steps

_LEADS_ON: Final = {"docs.google.com": (".googleusercontent.com",)}
"""A published sheet is delivered by a host that changes."""


@dataclass(frozen=True, config=CONFIG)
class Options:
    url: Address
    """The address of the sheet as CSV."""
    hosts: Annotated[tuple[Words, ...], Field(max_length=10)] = ()
    """Hosts that the address leads on to, as those of published sheets do."""


def hosts(options: Options) -> Sequence[str]:
    own = host_of(options.url)
    return [own, *_LEADS_ON.get(own, ()), *(host.lower() for host in options.hosts)]


def fetch(options: Options, pages: Mapping[str, Page], today: date) -> Steps:
    """Read the sheet if it has changed."""
    answer = yield from ask(Request(options.url, page=True))
    if answer.unchanged and options.url in pages:
        yield Again(options.url)
        return Listing(True)
    if not is_good(answer):
        return Listing(False, (refused(answer, "The sheet"),))
    try:
        found = read(answer.body, "The sheet", day=today)
    except Unreadable as unreadable:
        return Listing(False, (str(unreadable),))
    if found.format not in ("csv", "aapacn_csv"):
        return Listing(False, ("The address leads to no table in CSV.",))
    whole = not damaged(found)
    yield Listed(found.postings, options.url if whole else None)  # else the next fetch reads it anew
    return Listing(whole, tuple(found.problems))


ADAPTER = Adapter("csv_url", "Published sheet", Options, fetch, "robots", False, hosts)
