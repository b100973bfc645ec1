"""What does the fake of Coresignal's search answer? Place: `coresignal`.

A page states in its header where the next one begins. The style of a posting is the site that it was collected from:
"professional network" stands for LinkedIn.
"""

from __future__ import annotations

import json
from typing import Any, Final

from cli.fakes import people
from cli.fakes.asking import TOKEN, Asked
from cli.fakes.replies import Reply, as_json, status
from cli.fakes.world import Posting

PLACE: Final = "coresignal"
_PATH: Final = "/cdapi/v2/job_multi_source/search/es_dsl"
_SIZE: Final = 20


def answer(asked: Asked) -> Reply:
    if asked.headers.get("apikey") != TOKEN:
        return status(401, "Unauthorized")
    if asked.method != "POST" or asked.path not in (_PATH, f"{_PATH}/preview"):
        return status(404)
    query = asked.json()
    if "query" not in query:
        return as_json({"detail": [{"loc": ["body", "query"], "msg": "field required"}]}, 422)
    titles = [title.casefold() for title in _titles(query)]
    found = [each for each in asked.listed(PLACE) if not titles or any(t in each.title.casefold() for t in titles)]
    offset = asked.number("after", 0, 10**6)
    rows, total = asked.page(found, offset, _SIZE)
    headers = (("x-next-page-after", str(offset + _SIZE)),) if offset + _SIZE < total else ()
    if asked.path == _PATH:
        return as_json([each.source_posting_id for each in rows], headers=headers)
    return as_json([_record(each) for each in rows], headers=headers)


def _titles(query: Any) -> list[str]:
    """The titles that are searched for, wherever in the query they are."""
    if isinstance(query, dict):
        own = query.get("match_phrase")
        if isinstance(own, dict) and "title" in own:
            return [str(own["title"])]
        return [title for value in query.values() for title in _titles(value)]
    return [title for value in query for title in _titles(value)] if isinstance(query, list) else []


def _record(posting: Posting) -> dict[str, Any]:
    name = posting.source_posting_id
    return {
        "id": int(name) if name.isdigit() else name,
        "job_sources": [
            {"source": posting.style or "employer site", "url": posting.url or f"https://x.example/{name}"}
        ],
        "created_at": f"{posting.posted.isoformat()} 00:00:00",
        "title": posting.title,
        "seniority": "Associate",
        "location": posting.place,
        "company_name": posting.employer_name,
        "recruiter": json.dumps(people.recruiter(posting)._asdict()),
        "_score": 12.3,
    }
