"""What does an answer of CareerOneStop's job search state? `GET api.careeronestop.org/v2/jobsearch/...`.

Its versions and clients spell fields differently: `AcquisitionDate` and `AccquisitionDate`, `JobCount` and `Jobcount`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import engines.postings.values as values
from engines.postings.found import Found
from engines.postings.places import place

Record = dict[str, Any]


def is_posting(record: Record) -> bool:
    return "JvId" in record and "JobTitle" in record


def id_of(record: Record) -> str:
    return values.id_of(record.get("JvId"))


def found(record: Record, day: date | None = None) -> Found | str:
    name, title = id_of(record), values.line(record["JobTitle"])
    if not name or not title:
        return "no id or no title"
    where = place(record.get("Location"))
    return Found(
        source_posting_id=name,
        title=title,
        employer_name=values.line(record.get("Company")),
        city=where.city,
        state=where.state,
        zip=where.zip,
        address=where.address,
        url=values.url(values.first(record, "URL", "Url")),
        description=values.description(values.first(record, "Description", "DescriptionSnippet")),
        posted_on=values.day(values.first(record, "AcquisitionDate", "AccquisitionDate", "DatePosted")),
    )


def total(answer: Any) -> int | None:
    """How many postings the search has, over all of its pages."""
    stated = values.text(values.first(answer, "JobCount", "Jobcount", "jobCount")) if isinstance(answer, dict) else ""
    return int(stated) if stated.isdigit() and len(stated) < 10 else None
