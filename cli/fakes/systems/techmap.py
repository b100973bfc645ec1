"""What does the fake of Techmap's search answer: ten postings a page, created on a day? Place: `techmap`."""

from __future__ import annotations

from typing import Any, Final

from cli.fakes import people
from cli.fakes.asking import TOKEN, Asked
from cli.fakes.replies import Reply, as_json, status
from cli.fakes.schema_org import job_posting
from cli.fakes.world import Posting

PLACE: Final = "techmap"
_SIZE: Final = 10


def answer(asked: Asked) -> Reply:
    if asked.headers.get("x-rapidapi-key") != TOKEN or not asked.headers.get("x-rapidapi-host"):
        return status(401, "Invalid API key. Go to https://docs.rapidapi.com/docs/keys for more info.")
    if asked.path != "/api/v2/jobs/search":
        return status(404, "Endpoint '/' does not exist")
    day, title, state = (asked.query.get(name, "") for name in ("dateCreated", "title", "state"))
    found = [
        each
        for each in asked.listed(PLACE)
        if (not day or each.posted.isoformat() == day)
        and title.casefold() in each.title.casefold()
        and state in ("", each.state)
    ]
    page = max(1, asked.number("page", 1, 10**6))
    rows, total = asked.page(found, (page - 1) * _SIZE, _SIZE)
    return as_json({"totalCount": total, "page": page, "size": _SIZE, "result": [_record(each) for each in rows]})


def _record(posting: Posting) -> dict[str, Any]:
    return {
        "id": posting.source_posting_id,
        "title": posting.title,
        "company": posting.employer_name,
        "city": posting.city,
        "dateCreated": posting.posted.isoformat(),
        "portal": posting.style or "own site",
        "recruiter": people.recruiter(posting)._asdict(),
        "jsonLD": job_posting(posting, posting.url or f"https://jobs.example/{posting.source_posting_id}"),
    }
