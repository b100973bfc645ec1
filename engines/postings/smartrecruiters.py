"""What does an answer of SmartRecruiters state? `GET api.smartrecruiters.com/v1/companies/COMPANY/postings`.

The person who created a posting is in the same answer, and not read.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import engines.postings.values as values
from engines.postings.found import Found
from engines.postings.places import place, structured
from engines.postings.values import at

Record = dict[str, Any]
_SECTIONS = ("jobDescription", "qualifications", "additionalInformation")


def is_posting(record: Record) -> bool:
    return "id" in record and "name" in record and any(key in record for key in ("releasedDate", "refNumber", "jobAd"))


def id_of(record: Record) -> str:
    return values.id_of(record.get("id"))


def found(record: Record, day: date | None = None) -> Found | str:
    name, title = id_of(record), values.line(record["name"])
    if not name or not title:
        return "no id or no title"
    where = place(record.get("location"))
    if isinstance(stated := record.get("location"), dict):
        parts = (stated.get(part) for part in ("city", "region", "postalCode", "address", "country"))
        where = structured(*parts)
    company = values.id_of(at(record, "company", "identifier"))
    return Found(
        source_posting_id=name,
        title=title,
        employer_name=values.line(at(record, "company", "name")),
        city=where.city,
        state=where.state,
        zip=where.zip,
        address=where.address,
        url=values.url(record.get("postingUrl")) or page(company, name),
        description=values.description(*(at(record, "jobAd", "sections", part, "text") for part in _SECTIONS)),
        posted_on=values.day(record.get("releasedDate")),
    )


def page(company: str, name: str) -> str | None:
    """The page of a posting, which a list does not state."""
    return values.url(f"https://jobs.smartrecruiters.com/{company}/{name}") if company else None
