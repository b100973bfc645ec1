"""What does the fake of Lever's postings answer? Place: `lever/SITE`."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any
from urllib.parse import unquote

from cli.fakes import people
from cli.fakes.asking import Asked
from cli.fakes.replies import Reply, as_json, status
from cli.fakes.world import Posting


def answer(asked: Asked) -> Reply:
    parts = asked.parts
    place = f"lever/{unquote(parts[2])}" if len(parts) > 2 else ""
    if parts[:2] != ["v0", "postings"] or not asked.knows(place):
        return as_json({"ok": False, "error": "Document not found"}, 404)
    if len(parts) == 4:
        posting = asked.posting(place, unquote(parts[3]))
        return as_json(_record(posting)) if posting else status(404)
    rows, _ = asked.page(asked.listed(place), asked.number("skip", 0, 10**6), asked.number("limit", 100, 100))
    return as_json([_record(each) for each in rows])


def _record(posting: Posting) -> dict[str, Any]:
    url = posting.url or f"https://jobs.lever.co/{posting.at.partition('/')[2]}/{posting.source_posting_id}"
    noon = datetime.combine(posting.posted, time(12), UTC)
    return {
        "id": posting.source_posting_id,
        "text": posting.title,
        "categories": {"location": posting.place, "commitment": "Full-time", "team": "Care", "department": "Clinical"},
        "country": "US",
        "createdAt": int(noon.timestamp() * 1000),
        "description": people.text(posting),
        "descriptionPlain": people.text(posting).replace("<p>", "").replace("</p>", "\n"),
        "lists": [{"text": "You have", "content": "<li>a license</li>"}],
        "hostedUrl": url,
        "applyUrl": f"{url}/apply",
        "workplaceType": "on-site",
        "recruiter": people.recruiter(posting)._asdict(),
    }
