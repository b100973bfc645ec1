"""What does the fake of Workday's career sites answer? Place: `workday/TENANT`, at `TENANT.wd5.myworkdayjobs.com`.

It gives at most twenty postings at once, and states how many there are on the first page only.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final
from urllib.parse import unquote

from cli.fakes import people
from cli.fakes.asking import Asked
from cli.fakes.replies import Reply, as_json, remembered
from cli.fakes.world import Posting

_MOST: Final = 20


def answer(asked: Asked) -> Reply:
    parts = asked.parts
    place = f"workday/{unquote(parts[2])}" if len(parts) > 4 else ""
    if parts[:2] != ["wday", "cxs"] or not asked.knows(place):
        return as_json({"errorCode": "HTTP_404", "httpStatus": 404}, 404)
    if parts[4] == "job":
        return _detail(asked, place)
    if asked.method != "POST" or parts[4:] != ["jobs"]:
        return as_json({"errorCode": "HTTP_405", "httpStatus": 405}, 405)
    stated = asked.json()
    offset, limit = stated.get("offset", 0), stated.get("limit", _MOST)
    if not isinstance(offset, int) or not isinstance(limit, int) or not 0 < limit <= _MOST or offset < 0:
        return as_json({"errorCode": "HTTP_400", "httpStatus": 400, "message": "limit must be at most 20"}, 400)
    search = str(stated.get("searchText") or "").casefold()
    found = [each for each in asked.listed(place) if search in f"{each.title} {each.description}".casefold()]
    rows, total = asked.page(found, offset, limit)
    return as_json({"total": 0 if offset else total, "jobPostings": [_record(each, asked.today) for each in rows]})


def path_of(posting: Posting) -> str:
    where, title = (re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-") for text in (posting.place, posting.title))
    return f"/job/{where}/{title}_{posting.source_posting_id}"


def _ago(posted: date, today: date) -> str:
    days = (today - posted).days
    if days <= 1:
        return "Posted Yesterday" if days == 1 else "Posted Today"
    return f"Posted {days} Days Ago" if days <= 30 else "Posted 30+ Days Ago"


def _record(posting: Posting, today: date) -> dict[str, Any]:
    return {
        "title": posting.title,
        "externalPath": path_of(posting),
        "locationsText": posting.place,
        "postedOn": _ago(posting.posted, today),
        "bulletFields": [posting.source_posting_id],
    }


def _detail(asked: Asked, place: str) -> Reply:
    name = unquote(asked.parts[-1]).rpartition("_")[2]
    posting = asked.posting(place, name)
    if posting is None or unquote("/" + "/".join(asked.parts[4:])) != path_of(posting):
        return as_json({"errorCode": "HTTP_404", "httpStatus": 404}, 404)
    info: dict[str, Any] = {
        "id": posting.source_posting_id,
        "title": posting.title,
        "jobDescription": people.text(posting),
        "location": posting.place,
        "startDate": posting.posted.isoformat(),
        "timeType": "Full time",
        "jobReqId": posting.source_posting_id,
        "country": {"descriptor": "United States of America"},
        "externalUrl": posting.url or f"{asked.base}/{asked.parts[3]}{path_of(posting)}",
        "hiringManager": people.recruiter(posting)._asdict(),
    }
    if posting.closes_on:
        info["endDate"] = posting.closes_on.isoformat()
    stated = {"jobPostingInfo": info, "hiringOrganization": {"name": posting.employer_name, "url": ""}}
    return remembered(as_json(stated), asked.headers.get("if-none-match", ""))
