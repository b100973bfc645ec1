"""What does an answer of Techmap's job search state? Each of its records contains a JobPosting of schema.org."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import engines.postings.values as values
from engines.crawling.denied import denied_origin
from engines.postings.found import Found
from engines.postings.job_posting import Graph
from engines.postings.job_posting import found as of_schema
from engines.postings.lenient_json import NotJson, read
from engines.postings.places import place

Record = dict[str, Any]
_POSTINGS: Final = ("jsonLD", "jsonLd", "jsonld", "json_ld")
_ORIGINS: Final = ("source", "portal", "sourceName")


def is_posting(record: Record) -> bool:
    return any(name in record for name in _POSTINGS)


def id_of(record: Record) -> str:
    return values.id_of(values.first(record, "id", "_id", "idInSource"))


def found(record: Record, day: date | None = None) -> Found | str:
    """The posting of a record, unless it comes from a site that is never read (R10)."""
    if site := denied_origin(" ".join(values.line(record.get(name)) for name in _ORIGINS)):
        return f"from {site}"
    stated = values.first(record, *_POSTINGS)
    if isinstance(stated, str):
        try:
            stated = read(stated)
        except NotJson:
            return "the JobPosting is not JSON"
    node = next(iter(values.records(stated)), None)
    if node is None:
        return "no JobPosting"
    posting = of_schema(node, Graph(()), values.url(values.first(record, "url", "jobUrl")))
    if isinstance(posting, str):
        return posting
    where = place(values.first(record, "location", "city")) if not (posting.city or posting.state) else None
    return posting._replace(
        source_posting_id=id_of(record) or posting.source_posting_id,
        employer_name=posting.employer_name or values.line(record.get("company")),
        city=where.city if where else posting.city,
        state=where.state if where else posting.state,
        posted_on=posting.posted_on or values.day(record.get("dateCreated")),
    )
