"""What does the fake of CareerOneStop's job search v2 answer?

A path with an empty part, or one too many because a slash was not encoded, is not found, as is an unknown name of the
column to sort by. A request without the key is refused with 401. Place: `careeronestop`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from urllib.parse import unquote

from cli.fakes import people
from cli.fakes.asking import TOKEN, Asked
from cli.fakes.replies import Reply, as_json, status
from cli.fakes.world import Posting

PLACE: Final = "careeronestop"
_SORTS: Final = {"acquisitiondate", "accquisitiondate", "0", "dateposted", "relevance", "location", "company"}
_LARGEST: Final = 500


def answer(asked: Asked) -> Reply:
    parts = asked.parts
    if parts[:2] != ["v2", "jobsearch"] or asked.method != "GET" or "" in parts:
        return status(404)
    if asked.headers.get("authorization") != f"Bearer {TOKEN}":
        return status(401, "Authorization has been denied for this request.")
    if len(parts) == 4:
        return _detail(asked, unquote(parts[3]))
    if len(parts) != 11:
        return status(404)
    keyword, location, radius, sort, order, start, size, days = map(unquote, parts[3:])
    numbers = (radius, start, size, days)
    if sort.lower() not in _SORTS or order.lower() not in ("asc", "desc", "0") or not all(map(str.isdigit, numbers)):
        return status(404)
    found = [each for each in asked.listed(PLACE) if _fits(each, keyword, location)]
    if int(days):
        found = [each for each in found if each.posted >= asked.today - timedelta(days=int(days))]
    found.sort(key=lambda each: each.posted, reverse=order.lower() != "asc")
    rows, total = asked.page(found, int(start), min(int(size), _LARGEST))
    if not rows and not total:
        return as_json({"Jobs": [], "JobCount": "0"})
    return as_json({"Jobs": [_record(each) for each in rows], "JobCount": str(total)})


def _fits(posting: Posting, keyword: str, location: str) -> bool:
    text = f"{posting.title} {posting.description}".casefold()
    where = {posting.state.casefold(), posting.place.casefold(), posting.zip, "0", "us"}
    return (keyword == "0" or keyword.casefold() in text) and location.casefold() in where


def _record(posting: Posting) -> dict[str, Any]:
    return {
        "JvId": posting.source_posting_id,
        "JobTitle": posting.title,
        "Company": posting.employer_name,
        "AcquisitionDate": f"{posting.posted.isoformat()} 00:00:00",
        "URL": posting.url or f"https://de.jobsyn.org/{posting.source_posting_id}",
        "Location": posting.place,
        "Distance": "3.2",
        "Fc": "0",
        "DescriptionSnippet": people.text(posting),
    }


def _detail(asked: Asked, name: str) -> Reply:
    posting = asked.posting(PLACE, name)
    if posting is None:
        return status(404)
    return as_json(_record(posting) | {"Description": people.text(posting), "Contact": people.recruiter(posting).name})
