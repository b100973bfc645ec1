"""What does the fake of SmartRecruiters' postings answer? Place: `smartrecruiters/COMPANY`."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from cli.fakes import people
from cli.fakes.asking import Asked
from cli.fakes.replies import Reply, as_json, remembered, status
from cli.fakes.world import Posting


def answer(asked: Asked) -> Reply:
    parts = asked.parts
    if parts[:2] != ["v1", "companies"] or parts[3:4] != ["postings"]:
        return status(404)
    place = f"smartrecruiters/{unquote(parts[2])}"
    if len(parts) == 5:
        posting = asked.posting(place, unquote(parts[4]))
        if posting is None:
            return status(404, "Posting not found")
        return remembered(as_json(_detail(posting)), asked.headers.get("if-none-match", ""))
    offset, size = asked.number("offset", 0, 10**6), asked.number("limit", 10, 100)
    rows, total = asked.page(asked.listed(place), offset, size)  # an unknown company has no postings
    return as_json({"offset": offset, "limit": size, "totalFound": total, "content": [_record(each) for each in rows]})


def _record(posting: Posting) -> dict[str, Any]:
    company = posting.at.partition("/")[2]
    person = people.recruiter(posting)
    return {
        "id": posting.source_posting_id,
        "name": posting.title,
        "uuid": f"00000000-0000-4000-8000-{len(posting.title):012}",
        "refNumber": f"REF-{posting.source_posting_id}",
        "company": {"identifier": company, "name": posting.employer_name or company},
        "releasedDate": f"{posting.posted.isoformat()}T12:00:00.000Z",
        "location": {"city": posting.city, "region": posting.state, "country": "us"},
        "department": {"label": "Care"},
        "creator": {"name": person.name},
    }


def _detail(posting: Posting) -> dict[str, Any]:
    record = _record(posting)
    record["location"] |= {"postalCode": posting.zip, "address": posting.address}
    sections = {"jobDescription": {"title": "Job Description", "text": people.text(posting)}}
    return (
        record
        | {"jobAd": {"sections": sections}, "creator": people.recruiter(posting)._asdict()}
        | ({"postingUrl": posting.url} if posting.url else {})
    )
