"""What does the fake of UKG Pro's job boards answer? Place: `ukg/CODE`. Pages of at most fifty, newest first."""

from __future__ import annotations

from typing import Any, Final

from cli.fakes import people
from cli.fakes.asking import Asked
from cli.fakes.replies import Reply, as_json, status
from cli.fakes.world import Posting

BOARD: Final = "01234567-89ab-cdef-0123-456789abcdef"
"""The id of every board."""
_MOST: Final = 50


def answer(asked: Asked) -> Reply:
    parts = asked.parts
    place = f"ukg/{parts[0]}"
    if parts[1:] != ["JobBoard", BOARD, "JobBoardView", "LoadSearchResults"] or not asked.knows(place):
        return status(404)
    if asked.method != "POST":
        return status(405)
    search = asked.json().get("opportunitySearch")
    if (
        not isinstance(search, dict)
        or not isinstance(search.get("Skip"), int)
        or not isinstance(search.get("Top"), int)
    ):
        return status(400, "opportunitySearch is missing")
    wanted = str(search.get("QueryString") or "").casefold()
    found = [each for each in asked.listed(place) if wanted in f"{each.title} {each.description}".casefold()]
    found.sort(key=lambda each: each.posted, reverse=True)
    rows, total = asked.page(found, max(0, search["Skip"]), min(max(0, search["Top"]), _MOST))
    return as_json({"opportunities": [_record(each) for each in rows], "locations": [], "totalCount": total})


def _record(posting: Posting) -> dict[str, Any]:
    address = {
        "Line1": posting.address,
        "City": posting.city,
        "PostalCode": posting.zip,
        "State": {"Code": posting.state, "Name": posting.state},
        "Country": {"Code": "USA"},
    }
    return {
        "Id": posting.source_posting_id,
        "Title": posting.title,
        "RequisitionNumber": f"REQ{posting.source_posting_id}",
        "Featured": False,
        "FullTime": True,
        "PostedDate": f"{posting.posted.isoformat()}T14:00:00Z",
        "Locations": [{"Id": "1", "LocalizedName": posting.employer_name, "Address": address}],
        "BriefDescription": people.text(posting),
        "Recruiter": people.recruiter(posting)._asdict(),
    }
