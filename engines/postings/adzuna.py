"""What does an answer of Adzuna state? It is read from files only; the terms of its interface allow no more."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import engines.postings.values as values
from engines.postings.found import Found
from engines.postings.places import NOWHERE, Place, is_foreign, place, state
from engines.postings.values import at

Record = dict[str, Any]
_CLASS: Final = "Adzuna::API::Response::Job"


def is_posting(record: Record) -> bool:
    own = record.get("__CLASS__") == _CLASS or "adref" in record
    return "title" in record and "id" in record and ("redirect_url" in record or own) and own


def id_of(record: Record) -> str:
    return values.id_of(record.get("id"))


def found(record: Record, day: date | None = None) -> Found | str:
    name, title = id_of(record), values.line(record["title"])
    if not name or not title:
        return "no id or no title"
    where = _where(record)
    return Found(
        source_posting_id=name,
        title=title,
        employer_name=values.line(at(record, "company", "display_name")),
        city=where.city,
        state=where.state,
        url=values.url(record.get("redirect_url")),
        description=values.description(record.get("description")),
        posted_on=values.day(record.get("created")),
    )


def _where(record: Record) -> Place:
    """The place as the names of its areas, from the country inwards: US, New Jersey, Bergen County, Hackensack."""
    area = at(record, "location", "area")
    shown = place(at(record, "location", "display_name"))
    if not isinstance(area, list) or not area:
        return shown
    foreign = is_foreign(area[0])
    region = state(area[1], foreign) if len(area) > 1 else None
    inner = values.line(area[-1]) if len(area) > 2 else ""
    if not inner or inner.casefold().endswith(" county"):
        return NOWHERE._replace(state=region)
    return Place(inner, region)
