"""How are the postings of CareerOneStop's job search fetched?

The U.S. Department of Labor gives a key for 36 months, for the use that the application states, and expects to be named
as the source. A request with an empty or a wrong part in its path is answered with 404, which looks like an outage.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from pydantic import Field
from pydantic.dataclasses import dataclass

from engines.postings import careeronestop
from engines.postings.found import Found
from services.ingest.adapters.asking import Batch, List, listed
from services.ingest.adapters.options import CONFIG, Base, Name, Words, own_host
from services.ingest.adapters.protocol import SECRET, Adapter, Answer, Listed, Listing, Page, Request, Steps

_HEADERS = (("authorization", f"Bearer {SECRET}"), ("accept", "application/json"))


@dataclass(frozen=True, config=CONFIG)
class Options:
    user_id: Name
    """The id of the user that the key was given to."""
    keywords: Annotated[tuple[Words, ...], Field(min_length=1, max_length=50)]
    """Words that postings must contain, one search each: titles as employers write them."""
    locations: Annotated[tuple[Words, ...], Field(min_length=1, max_length=100)]
    """Where to search, one search each: `NY`, `Albany, NY` or a ZIP code."""
    radius: Annotated[int, Field(ge=0, le=500)] = 50
    """Miles around a city or a ZIP code."""
    days: Annotated[int, Field(ge=0, le=365)] = 30
    """The age of postings; 0 for all."""
    sort: Name = "acquisitiondate"
    """The name of the column to sort by, which versions of the interface spell differently."""
    size: Annotated[int, Field(ge=1, le=500)] = 100
    """Postings a page."""
    base: Base = "https://api.careeronestop.org"


def fetch(options: Options, pages: Mapping[str, Page], today: date) -> Steps:
    """One search for each keyword and location. A posting that several searches find is listed once."""
    seen: set[str] = set()
    complete = True
    notes: list[str] = []
    for keyword in options.keywords:
        for location in options.locations:
            listing = yield from _new(listed(_search(options, keyword, location), today), seen)
            complete = complete and listing.complete
            notes += listing.notes
    return Listing(complete, tuple(dict.fromkeys(notes)))


def _search(options: Options, keyword: str, location: str) -> List:
    url, name = _url(options, keyword, location), f"The search for {keyword} in {location}"
    not_found = f"{name} was answered with status 404: it finds nothing, or a part of its address is wrong."
    return List(
        "careeronestop", lambda offset, _: _request(url, options, offset), _batch, options.size, name, not_found
    )


def _new(steps: Steps, seen: set[str]) -> Steps:
    """The same steps, without the postings that were seen before."""
    answer: Answer | None = None
    while True:
        try:
            step = steps.send(answer)
        except StopIteration as ended:
            return ended.value  # type: ignore[no-any-return]  # it is what the steps return
        if isinstance(step, Listed):
            fresh: list[Found] = [posting for posting in step.postings if posting.source_posting_id not in seen]
            seen.update(posting.source_posting_id for posting in fresh)
            step = step._replace(postings=fresh)
        answer = yield step


def _url(options: Options, keyword: str, location: str) -> str:
    """No part of the path may be empty, and a slash within one must be encoded."""
    parts = (options.user_id, keyword, location, str(options.radius), options.sort, "desc")
    return f"{options.base}/v2/jobsearch/" + "/".join(quote(part.strip() or "0", safe="") for part in parts)


def _request(url: str, options: Options, offset: int) -> Request:
    shown = "enableJobDescriptionSnippet=true&enableMetaData=false&showFilters=false"
    return Request(f"{url}/{offset}/{options.size}/{options.days}?{shown}", headers=_HEADERS)


def _batch(stated: Any, answer: Answer) -> Batch:
    records = stated.get("Jobs") if isinstance(stated, dict) else None
    return Batch(records if isinstance(records, list) else None, careeronestop.total(stated))


ADAPTER = Adapter("careeronestop", "CareerOneStop", Options, fetch, "licensed_api", True, own_host)
