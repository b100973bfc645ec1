"""What does an answer of Workday's career site state? `POST TENANT.wdN.myworkdayjobs.com/wday/cxs/TENANT/SITE/jobs`."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any, Final

import engines.postings.values as values
from engines.datasets.states import STATES
from engines.postings.found import Found
from engines.postings.places import NOWHERE, Place, is_foreign, place, site_name
from engines.postings.values import at

Record = dict[str, Any]
_AGO: Final = re.compile(r"posted\s+(?:(today|yesterday)|(\d{1,3})\s+days?\s+ago)", re.I)
_BEFORE_DETAILS: Final = re.compile(r"^.*?(?=/job/)")


def is_posting(record: Record) -> bool:
    if isinstance(info := record.get("jobPostingInfo"), dict):
        return "title" in info
    return "title" in record and ("externalPath" in record or ("externalUrl" in record and "jobReqId" in record))


def found(record: Record, day: date | None = None) -> Found | str:
    """The posting of a list or of its details. "Posted 3 Days Ago" counts back from the day of the answer."""
    info = _info(record)
    name, title = id_of(record), values.line(info["title"])
    if not name or not title:
        return "no id or no title"
    where = _where(info, _path(info))
    return Found(
        source_posting_id=name,
        title=title,
        employer_name=values.line(at(record, "hiringOrganization", "name")),
        city=where.city,
        state=where.state,
        zip=where.zip,
        address=where.address,
        url=values.url(info.get("externalUrl")),
        description=values.description(info.get("jobDescription")),
        posted_on=values.day(info.get("startDate")) or ago(info.get("postedOn"), day),
        closes_on=values.day(info.get("endDate")),
    )


def id_of(record: Record) -> str:
    """The id in the path, or the one that is stated."""
    info = _info(record)
    stated = values.id_of(values.first(info, "jobReqId", "jobPostingId", "id"))
    return id_in(_path(info)) or stated or values.id_of(at(info, "bulletFields", 0))


def _info(record: Record) -> Record:
    return record["jobPostingInfo"] if isinstance(record.get("jobPostingInfo"), dict) else record


def _path(info: Record) -> str:
    return values.line(info.get("externalPath")) or values.line(info.get("externalUrl"))


def id_in(path: str) -> str:
    """The number of the requisition at the end of a posting's path: `/job/Albany-NY/Assessor_R-1` -> `R-1`."""
    last = path.split("?")[0].rstrip("/").rpartition("/")[2]
    return values.id_of(last.rpartition("_")[2])


def ago(written: Any, day: date | None) -> date | None:
    """The day that is so many days before another; None for "30+ days ago", which is no day."""
    found = _AGO.match(values.line(written))
    if not found or day is None:
        return None
    if found[1]:
        return day - timedelta(days=found[1].casefold() == "yesterday")
    return day - timedelta(days=int(found[2]))


def _where(info: Record, path: str) -> Place:
    """The place as it is written, or else ("3 Locations") the first of them, which the path names."""
    found = place(values.first(info, "location", "locationsText"))
    if not any(found) or (not found.state and not found.city):
        found = _in_path(path)
    country = at(info, "country", "descriptor")
    return found._replace(state=None, zip=None) if is_foreign(country) else found


def _in_path(path: str) -> Place:
    """The place in a path: `/job/Albany-NY/...`, `/job/US-NY-Albany/...`."""
    steps = _BEFORE_DETAILS.sub("", path).split("/")
    words = steps[2].split("-") if len(steps) > 3 and steps[1] == "job" else []
    words = [word for word in words if word and word.casefold() != "remote"]
    if words and words[0] in ("US", "USA"):
        words = words[1:]
    if not words:
        return NOWHERE
    if words[0] in STATES:
        return Place(" ".join(words[1:]) or None, words[0])
    return Place(" ".join(words[:-1]) or None, words[-1]) if words[-1] in STATES else NOWHERE


def site(record: Record) -> str:
    """The name of the location in a list, which may be a facility's."""
    return site_name(record.get("locationsText"))
