"""What does an answer of UKG Pro's job board state? `POST .../JobBoardView/LoadSearchResults`."""

from __future__ import annotations

from datetime import date
from typing import Any

import engines.postings.values as values
from engines.postings.found import Found
from engines.postings.places import NOWHERE, Place, place, site_name, structured
from engines.postings.values import records

Record = dict[str, Any]


def is_posting(record: Record) -> bool:
    own = isinstance(record.get("Locations"), list) or "RequisitionNumber" in record
    return "Id" in record and "Title" in record and own


def id_of(record: Record) -> str:
    return values.id_of(record.get("Id"))


def found(record: Record, day: date | None = None) -> Found | str:
    name, title = id_of(record), values.line(record["Title"])
    if not name or not title:
        return "no id or no title"
    places = [_where(location) for location in records(record.get("Locations"))[:50]]
    where = next((each for each in places if each.state), next(iter(places), NOWHERE))
    return Found(
        source_posting_id=name,
        title=title,
        employer_name="",
        city=where.city,
        state=where.state,
        zip=where.zip,
        address=where.address,
        description=values.description(values.first(record, "Description", "BriefDescription")),
        posted_on=values.day(record.get("PostedDate")),
    )


def _where(location: Record) -> Place:
    address = location.get("Address")
    if not isinstance(address, dict):
        return place(values.first(location, "LocalizedDescription", "LocalizedName"))
    state = values.first(address, "State", "StateCode")
    country = address.get("Country")
    return structured(
        address.get("City"),
        values.first(state, "Code", "Name") if isinstance(state, dict) else state,
        values.first(address, "PostalCode", "ZipCode"),
        values.first(address, "Line1", "AddressLine1"),
        values.first(country, "Code", "Name") if isinstance(country, dict) else country,
    )


def site(record: Record) -> str:
    """The name of the only location, which may be a facility's."""
    locations = records(record.get("Locations"))
    return site_name(locations[0].get("LocalizedName")) if len(locations) == 1 else ""
