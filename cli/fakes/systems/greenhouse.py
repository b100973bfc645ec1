"""What does the fake of Greenhouse's job boards answer? Place: `greenhouse/TOKEN`."""

from __future__ import annotations

import html
from typing import Any
from urllib.parse import unquote
from zlib import crc32

from cli.fakes import people
from cli.fakes.asking import Asked
from cli.fakes.replies import Reply, as_json, remembered, status
from cli.fakes.world import Posting


def answer(asked: Asked) -> Reply:
    parts = asked.parts
    place = f"greenhouse/{unquote(parts[2])}" if len(parts) > 2 else ""
    if parts[:2] != ["v1", "boards"] or parts[3:4] != ["jobs"] or not asked.knows(place):
        return status(404, "Job not found")
    with_content = asked.query.get("content") == "true"
    if len(parts) == 5:
        posting = asked.posting(place, unquote(parts[4]))
        return as_json(_job(posting, True)) if posting else status(404, "Job not found")
    jobs = [_job(each, with_content) for each in asked.listed(place)]
    return remembered(as_json({"jobs": jobs, "meta": {"total": len(jobs)}}), asked.headers.get("if-none-match", ""))


def _job(posting: Posting, with_content: bool) -> dict[str, Any]:
    name = posting.source_posting_id
    stated: dict[str, Any] = {
        "id": int(name) if name.isdigit() else name,
        "internal_job_id": crc32(name.encode()),
        "title": posting.title,
        "updated_at": f"{posting.posted.isoformat()}T10:00:00-05:00",
        "first_published": f"{posting.posted.isoformat()}T09:00:00-05:00",
        "requisition_id": f"R-{name}",
        "location": {"name": posting.place},
        "absolute_url": posting.url or f"https://boards.greenhouse.io/{posting.at.partition('/')[2]}/jobs/{name}",
        "metadata": [{"id": 1, "name": "Recruiter", "value": people.recruiter(posting)._asdict()}],
        "departments": [{"id": 1, "name": "Care"}],
        "offices": [{"id": 2, "name": posting.employer_name, "location": posting.place}],
    }
    if posting.employer_name:
        stated["company_name"] = posting.employer_name
    if posting.closes_on:
        stated["application_deadline"] = f"{posting.closes_on.isoformat()}T12:00:00-05:00"
    if with_content:
        stated["content"] = html.escape(people.text(posting))
    return stated
