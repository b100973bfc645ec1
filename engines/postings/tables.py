"""Which postings does a table in CSV list, as an export of AAPACN's job board or a published sheet does?

A column is recognized by its heading in any usual spelling. Others, such as the person to contact, are not read.
"""

from __future__ import annotations

import io
from typing import Any, Final

import engines.postings.values as values
from engines.crawling.denied import denied_origin
from engines.datasets import rows
from engines.datasets.headings import letters
from engines.datasets.reading import File
from engines.postings.found import DAMAGED_ROW, Found, Unreadable
from engines.postings.places import NOWHERE, place, state, zip_code

Row = dict[str, Any]
MOST_ROWS: Final = 200_000
_HEADINGS: Final = {
    "id": "sourcepostingid postingid jobid id reqid requisitionid requisitionnumber requisition reference jobnumber"
    " referencenumber jobcode externalid",
    "title": "title jobtitle position positiontitle job jobname posting postingtitle role",
    "employer": "employername employer company companyname organization organizationname facility facilityname"
    " hiringorganization businessname",
    "city": "city town locality joblocationcity jobcity",
    "state": "state province region joblocationstate jobstate stateprovince",
    "zip": "zip zipcode postalcode postcode",
    "address": "address streetaddress street address1",
    "location": "location joblocation citystate place",
    "url": "url link joburl joblink applyurl webpage website postingurl jobpostingurl",
    "description": "description jobdescription summary details",
    "posted": "postedon posted dateposted posteddate postdate postingdate startdate datelisted listed activationdate"
    " createdon created",
    "closes": "closeson closes closingdate expires expirationdate expirydate enddate deadline applicationdeadline"
    " validthrough closedon",
    "origin": "source origin site jobboard",
}
_FIELD_OF: Final = {heading: field for field, headings in _HEADINGS.items() for heading in headings.split()}


def read(name: str, content: bytes) -> tuple[list[Found], list[str]]:
    """The postings of a table, and the problems with its rows; raises `Unreadable`."""
    found: list[Found] = []
    problems: list[str] = []
    try:
        table = File(name or "This", io.BytesIO(content)).table()
        fields = _fields(table.header)
        for number, row in enumerate(table.rows):
            if number >= MOST_ROWS:
                raise Unreadable(f"This has more than {MOST_ROWS:,} rows.")
            if isinstance(row, rows.Unread):
                problems.append(f"{DAMAGED_ROW} ({row.reason})")
                continue
            posting = _posting({field: row.cells[index] for field, index in fields.items()})
            if isinstance(posting, str):
                problems.append(posting)
            else:
                found.append(posting)
    except rows.Unreadable as unreadable:
        raise Unreadable(str(unreadable)) from None
    return found, problems


def _fields(header: list[str]) -> dict[str, int]:
    """The position of each field; of several columns for a field, the first one counts."""
    found: dict[str, int] = {}
    for index, heading in enumerate(header[:500]):
        field = _FIELD_OF.get(letters(heading[:100]))
        if field:
            found.setdefault(field, index)
    if "title" not in found:
        raise Unreadable("This is no known format: no page, no JSON, and no table with a column for the title.")
    if not found.keys() & {"employer", "url", "id", "city", "location"}:
        raise Unreadable("Its header names a title, but no column for an employer, a place, an id or a URL.")
    return found


def _posting(row: Row) -> Found | str:
    title, employer = values.line(row["title"]), values.line(row.get("employer"))
    if not title:
        return "no title"
    if site := denied_origin(row.get("origin", "")[:200]):
        return f"from {site}"
    whole = place(row.get("location")) if row.get("location") else NOWHERE
    code = state(row.get("state")) or whole.state
    city = values.line(row.get("city")) or whole.city
    url = values.url(row.get("url"))
    name = values.id_of(row.get("id")) or values.id_of(url)
    return Found(
        source_posting_id=name or values.derived_id(title, employer, city, code),
        title=title,
        employer_name=employer,
        city=city or None,
        state=code,
        zip=zip_code(row.get("zip"), code) or whole.zip,
        address=values.line(row.get("address")) or whole.address,
        url=url,
        description=values.description(row.get("description")),
        posted_on=values.day(row.get("posted")),
        closes_on=values.day(row.get("closes")),
    )
