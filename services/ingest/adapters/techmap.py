"""How are the postings of Techmap's licensed search fetched, which were created lately?

Its answers list what is new, never what is still listed, so they close nothing. Ten postings are one request.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from pydantic import Field
from pydantic.dataclasses import dataclass

from services.ingest.adapters.asking import Batch, List, listed
from services.ingest.adapters.options import CONFIG, Base, Words, host_of, own_host
from services.ingest.adapters.protocol import SECRET, Adapter, Answer, Listing, Page, Request, Steps

_SIZE: Final = 10


@dataclass(frozen=True, config=CONFIG)
class Options:
    titles: Annotated[tuple[Words, ...], Field(min_length=1, max_length=20)]
    """Titles to search for, one search each."""
    state: Annotated[str, Field(max_length=60)] = ""
    """The name of a state; the whole country by default."""
    days: Annotated[int, Field(ge=1, le=30)] = 2
    """How many days up to today are searched."""
    base: Base = "https://daily-international-job-postings.p.rapidapi.com"


def fetch(options: Options, pages: Mapping[str, Page], today: date) -> Steps:
    """One search for each title and day."""
    ended = True
    notes: list[str] = []
    for title in options.titles:
        for ago in range(options.days):
            listing = yield from listed(_search(options, title, today - timedelta(days=ago)), today)
            ended = ended and listing.complete
            notes += listing.notes
    if ended:
        notes.append("Only new postings are listed, so none is closed by this.")
    return Listing(False, tuple(dict.fromkeys(notes)))


def _search(options: Options, title: str, day: date) -> List:
    asked = {"dateCreated": day.isoformat(), "countryCode": "us", "title": title, "format": "json"}
    asked |= {"state": options.state} if options.state else {}
    headers = (("x-rapidapi-key", SECRET), ("x-rapidapi-host", host_of(options.base)), ("accept", "application/json"))

    def request(offset: int, _: str) -> Request:
        url = f"{options.base}/api/v2/jobs/search?{urlencode(asked | {'page': str(offset // _SIZE + 1)})}"
        return Request(url, headers=headers)

    return List("techmap", request, _batch, _SIZE, f"The search for {title} of {day.isoformat()}")


def _batch(stated: Any, answer: Answer) -> Batch:
    records = stated.get("result", stated.get("results")) if isinstance(stated, dict) else None
    total = stated.get("totalCount") if isinstance(stated, dict) else None
    return Batch(records if isinstance(records, list) else None, total if isinstance(total, int) else None)


ADAPTER = Adapter("techmap", "Techmap", Options, fetch, "licensed_api", True, own_host)
