"""How are the postings of Coresignal's licensed search fetched?

What it collected from a "professional network", which is LinkedIn, or from Indeed is left out and counted. Ask the
vendor how much remains, before you buy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final
from urllib.parse import quote

from pydantic import Field
from pydantic.dataclasses import dataclass

from services.ingest.adapters.asking import Batch, List, listed
from services.ingest.adapters.options import CONFIG, Base, Words, own_host
from services.ingest.adapters.protocol import SECRET, Adapter, Answer, Page, Request, Steps

_CURSOR: Final = "x-next-page-after"
_HEADERS: Final = (("apikey", SECRET), ("content-type", "application/json"), ("accept", "application/json"))


@dataclass(frozen=True, config=CONFIG)
class Options:
    titles: Annotated[tuple[Words, ...], Field(min_length=1, max_length=20)]
    """Titles to search for, any of them."""
    location: Annotated[str, Field(max_length=100)] = ""
    """Words of the place: `New York, United States`; anywhere by default."""
    size: Annotated[int, Field(ge=1, le=1_000)] = 20
    """Postings a page, as the licence has it."""
    base: Base = "https://api.coresignal.com"


def fetch(options: Options, pages: Mapping[str, Page], today: date) -> Steps:
    """One search for active postings; each page states where the next one begins."""
    url = f"{options.base}/cdapi/v2/job_multi_source/search/es_dsl/preview"
    body = json.dumps(_query(options)).encode()

    def request(_: int, place: str) -> Request:
        return Request(f"{url}?after={quote(place, safe='')}" if place else url, "POST", _HEADERS, body)

    return listed(List("coresignal", request, _batch, options.size), today)


def _query(options: Options) -> dict[str, Any]:
    titles = [{"match_phrase": {"title": title}} for title in options.titles]
    must: list[dict[str, Any]] = [{"bool": {"should": titles, "minimum_should_match": 1}}, {"term": {"status": 1}}]
    if options.location:
        must.append({"match_phrase": {"location": options.location}})
    return {"query": {"bool": {"must": must}}}


def _batch(stated: Any, answer: Answer) -> Batch:
    return Batch(stated if isinstance(stated, list) else None, None, answer.headers.get(_CURSOR, ""))


ADAPTER = Adapter("coresignal", "Coresignal", Options, fetch, "licensed_api", True, own_host)
