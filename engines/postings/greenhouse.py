"""What does an answer of Greenhouse's job board state? `GET boards-api.greenhouse.io/v1/boards/TOKEN/jobs`.

The questions to candidates, the demographic ones and the departments' people are in the same answer, and not read.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import engines.postings.values as values
from engines.postings.found import Found
from engines.postings.places import place, site_name
from engines.postings.values import at

Record = dict[str, Any]


def is_posting(record: Record) -> bool:
    own = record.get("internal_job_id", record.get("updated_at", record.get("requisition_id"))) is not None
    return "absolute_url" in record and "title" in record and "id" in record and own


def id_of(record: Record) -> str:
    return values.id_of(record.get("id"))


def found(record: Record, day: date | None = None) -> Found | str:
    """The list has no day of posting on older boards, only the day of the last change, which is not taken for it."""
    name, title = id_of(record), values.line(record["title"])
    if not name or not title:
        return "no id or no title"
    where = place(at(record, "location", "name"))
    if not where.state:
        # "Corporate office": its office may state where that is.
        offices = [place(office.get("location")) for office in values.records(record.get("offices"))[:20]]
        stated = {(office.city, office.state) for office in offices if office.state}
        where = next((office for office in offices if office.state), where) if len(stated) == 1 else where
    return Found(
        source_posting_id=name,
        title=title,
        employer_name=values.line(record.get("company_name")),
        city=where.city,
        state=where.state,
        zip=where.zip,
        address=where.address,
        url=values.url(record["absolute_url"]),
        description=values.description(record.get("content")),
        posted_on=values.day(record.get("first_published")),
        closes_on=values.day(record.get("application_deadline")),
    )


def site(record: Record) -> str:
    """The name of the only office, which may be a facility's."""
    offices = values.records(record.get("offices"))
    return site_name(offices[0].get("name")) if len(offices) == 1 else ""
