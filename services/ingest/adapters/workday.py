"""How are the postings of a career site on Workday fetched?

Its interface is not documented, so it is off until an operator states who accepted the employer's terms, and when.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import quote

from pydantic.dataclasses import dataclass

from engines.postings.found import Found
from engines.postings.workday import site
from services.ingest.adapters.asking import Batch, List, named
from services.ingest.adapters.detailed import detailed
from services.ingest.adapters.options import CONFIG, Base, Name, own_host
from services.ingest.adapters.protocol import Adapter, Answer, Page, Request, Steps

_SIZE: Final = 20
"""The most that Workday gives at once."""
_HEADERS: Final = (("content-type", "application/json"), ("accept", "application/json"))


@dataclass(frozen=True, config=CONFIG)
class Options:
    base: Base
    """The site of the employer: https://maple.wd5.myworkdayjobs.com"""
    tenant: Name
    """The name of the employer, which the host begins with: `maple`."""
    site: Name
    """The name of the career site: `External`."""
    facilities: bool = False
    """Whether locations have the names of facilities. The location of a posting is then its employer."""
    search: str = ""
    """Words that postings must contain; all postings by default."""
    details: bool = True
    """Fetch each new posting's own page, too: only that has its description and the day on which it was posted."""


def fetch(options: Options, pages: Mapping[str, Page], today: date) -> Steps:
    """Pages of twenty, and once the details of each posting."""
    url = f"{options.base}/wday/cxs/{quote(options.tenant, safe='')}/{quote(options.site, safe='')}"
    shown = f"{options.base}/{quote(options.site, safe='')}"
    of = List(
        "workday", lambda offset, _: _request(url, options.search, offset), _Totals(), _SIZE, f"The site {options.site}"
    )
    return detailed(
        of,
        today,
        pages,
        lambda record: _detail(url, record) if options.details else None,
        lambda record, posting: _finished(options, shown, record, posting),
    )


def _request(url: str, search: str, offset: int) -> Request:
    asked = {"appliedFacets": {}, "limit": _SIZE, "offset": offset, "searchText": search}
    return Request(f"{url}/jobs", "POST", _HEADERS, json.dumps(asked).encode())


class _Totals:
    """Only the first page states how many postings there are; later ones state 0."""

    def __init__(self) -> None:
        self._first: int | None = None

    def __call__(self, stated: Any, answer: Answer) -> Batch:
        if not isinstance(stated, dict) or not isinstance(records := stated.get("jobPostings"), list):
            return Batch(None)
        total = stated.get("total")
        if self._first is None and isinstance(total, int):
            self._first = total
        return Batch(records, self._first)


def _path(record: Any) -> str:
    path = record.get("externalPath") if isinstance(record, dict) else None
    return path if isinstance(path, str) and path.startswith("/") else ""


def _detail(url: str, record: Any) -> tuple[str, str] | None:
    path = _path(record)
    return (url + path, f"{record.get('title')} | {record.get('locationsText')}") if path else None


def _finished(options: Options, shown: str, record: Any, posting: Found) -> Found:
    """The posting with its address, which the list states without the site."""
    (found,) = named([posting], site(record) if options.facilities else "")
    return found if found.url or not _path(record) else found._replace(url=shown + _path(record))


ADAPTER = Adapter("workday", "Workday", Options, fetch, "accepted_terms", False, own_host)
