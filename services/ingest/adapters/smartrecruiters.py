"""How are the postings of a company on SmartRecruiters fetched? Its interface for postings is public."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import quote

from pydantic.dataclasses import dataclass

from services.ingest.adapters.asking import Batch, List
from services.ingest.adapters.detailed import detailed
from services.ingest.adapters.options import CONFIG, Base, Name, own_host
from services.ingest.adapters.protocol import Adapter, Answer, Page, Request, Steps

_SIZE: Final = 100


@dataclass(frozen=True, config=CONFIG)
class Options:
    company: Name
    """The name of the company: `MapleGroup` of jobs.smartrecruiters.com/MapleGroup."""
    details: bool = True
    """Fetch each new posting's own page, too: only that has its description and street."""
    base: Base = "https://api.smartrecruiters.com"


def fetch(options: Options, pages: Mapping[str, Page], today: date) -> Steps:
    """Pages of a hundred, and once the details of each posting."""
    url = f"{options.base}/v1/companies/{quote(options.company, safe='')}/postings"
    name = f"The list of {options.company}"
    of = List("smartrecruiters", lambda offset, _: Request(f"{url}?limit={_SIZE}&offset={offset}"), _batch, _SIZE, name)
    return detailed(of, today, pages, lambda record: _detail(url, record) if options.details else None)


def _batch(stated: Any, answer: Answer) -> Batch:
    records = stated.get("content") if isinstance(stated, dict) else None
    total = stated.get("totalFound") if isinstance(stated, dict) else None
    return Batch(records if isinstance(records, list) else None, total if isinstance(total, int) else None)


def _detail(url: str, record: Any) -> tuple[str, str] | None:
    name = record.get("id")
    if not isinstance(name, str | int) or not str(name):
        return None
    return f"{url}/{quote(str(name), safe='')}", str(record.get("releasedDate"))


ADAPTER = Adapter("smartrecruiters", "SmartRecruiters", Options, fetch, "public_api", False, own_host)
