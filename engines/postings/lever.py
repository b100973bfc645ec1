"""What does an answer of Lever state? `GET api.lever.co/v0/postings/SITE?mode=json`."""

from __future__ import annotations

from datetime import date
from typing import Any

import engines.postings.values as values
from engines.postings.found import Found
from engines.postings.places import is_foreign, place
from engines.postings.values import at, records

Record = dict[str, Any]


def is_posting(record: Record) -> bool:
    return "id" in record and "text" in record and ("hostedUrl" in record or isinstance(record.get("categories"), dict))


def id_of(record: Record) -> str:
    return values.id_of(record.get("id"))


def found(record: Record, day: date | None = None) -> Found | str:
    name, title = id_of(record), values.line(record["text"])
    if not name or not title:
        return "no id or no title"
    where = place(at(record, "categories", "location"))
    if not where.state:
        named = [place(each) for each in (at(record, "categories", "allLocations") or [])[:20] if isinstance(each, str)]
        where = next((each for each in named if each.state), where)
    if is_foreign(record.get("country")):
        where = where._replace(state=None, zip=None)
    lists = [part for each in records(record.get("lists"))[:50] for part in (each.get("text"), each.get("content"))]
    begins = values.first(record, "descriptionPlain", "description")
    return Found(
        source_posting_id=name,
        title=title,
        employer_name="",
        city=where.city,
        state=where.state,
        zip=where.zip,
        address=where.address,
        url=values.url(record.get("hostedUrl")),
        description=values.description(begins, *lists, values.first(record, "additionalPlain", "additional")),
        posted_on=values.day(record.get("createdAt")),
    )
