"""What does an answer of Coresignal's job search state?

A record says from which sites it was collected. "Professional network" stands for LinkedIn. A record that comes from
there or from Indeed, or that does not state its origin, is left out (R10).
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import engines.postings.values as values
from engines.crawling.denied import denied_origin
from engines.datasets.headings import letters
from engines.postings.found import Found
from engines.postings.places import is_foreign, place
from engines.postings.values import at, records

Record = dict[str, Any]
_LINKEDIN: Final = "professionalnetwork"
"""By this name, records are of LinkedIn."""
_ADDRESSES: Final = ("url", "external_url", "job_url", "application_url", "redirected_url")


def is_posting(record: Record) -> bool:
    names = ("id", "title", "company_name", "created_at")
    return "job_sources" in record or ("_score" in record and all(name in record for name in names))


def id_of(record: Record) -> str:
    return values.id_of(record.get("id"))


def found(record: Record, day: date | None = None) -> Found | str:
    sources = records(record.get("job_sources"))
    if not sources:
        return "no origin is stated"
    origins = [values.line(at(source, name)) for source in sources for name in ("source", "url", "source_url")]
    origins += [values.line(record.get(name)) for name in _ADDRESSES]
    if site := next(filter(None, map(_denied, origins)), None):
        return f"from {site}"
    name, title = id_of(record), values.line(record.get("title"))
    if not name or not title:
        return "no id or no title"
    where = place(record.get("location"))
    if is_foreign(record.get("country")):
        where = where._replace(state=None, zip=None)
    address = next(filter(None, (values.url(record.get(each)) for each in _ADDRESSES)), None)
    return Found(
        source_posting_id=name,
        title=title,
        employer_name=values.line(record.get("company_name")),
        city=where.city,
        state=where.state,
        zip=where.zip,
        address=where.address,
        url=address or next(filter(None, (values.url(source.get("url")) for source in sources)), None),
        description=values.description(record.get("description")),
        posted_on=values.day(values.first(record, "date_posted", "created_at", "created")),
        closes_on=values.day(record.get("valid_through")),
    )


def _denied(origin: str) -> str | None:
    return "LinkedIn" if _LINKEDIN in letters(origin) else denied_origin(origin)
