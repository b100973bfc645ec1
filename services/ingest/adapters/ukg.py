"""How are the postings of a job board on UKG Pro fetched?

Its interface is not documented, so it is off until an operator states who accepted the employer's terms, and when. The
newer boards (`rec.pro.ukg.net`) ask for a token of a browser's session, and are not fetched.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final
from urllib.parse import quote

from pydantic import Field
from pydantic.dataclasses import dataclass

from engines.postings.found import Found
from engines.postings.ukg import site
from services.ingest.adapters.asking import Batch, List, listed, named
from services.ingest.adapters.options import CONFIG, Base, Name, own_host
from services.ingest.adapters.protocol import Adapter, Answer, Page, Request, Steps

_SIZE: Final = 50
_HEADERS: Final = (("content-type", "application/json"), ("accept", "application/json"))


@dataclass(frozen=True, config=CONFIG)
class Options:
    code: Name
    """The code of the employer: `MAP1000` of recruiting.ultipro.com/MAP1000/JobBoard/..."""
    board: Annotated[str, Field(pattern=r"^[0-9A-Fa-f-]{36}$")]
    """The id of the board, which follows `JobBoard/`."""
    facilities: bool = False
    """Whether locations have the names of facilities. The only location of a posting is then its employer."""
    search: str = ""
    """Words that postings must contain; all postings by default."""
    base: Base = "https://recruiting.ultipro.com"


def fetch(options: Options, pages: Mapping[str, Page], today: date) -> Steps:
    """Pages of fifty, newest first."""
    url = f"{options.base}/{quote(options.code, safe='')}/JobBoard/{options.board}"
    name = f"The board of {options.code}"
    of = List("ukg", lambda offset, _: _request(url, options.search, offset), _batch, _SIZE, name)
    return listed(of, today, lambda record, posting: _finished(options, url, record, posting))


def _request(url: str, search: str, offset: int) -> Request:
    order = {"Value": "postedDateDesc", "PropertyName": "PostedDate", "Ascending": False}
    asked = {
        "opportunitySearch": {"Top": _SIZE, "Skip": offset, "QueryString": search, "OrderBy": [order], "Filters": []},
        "matchCriteria": {"PreferredJobs": [], "Educations": [], "LicenseAndCertifications": [], "Skills": []},
    }
    return Request(f"{url}/JobBoardView/LoadSearchResults", "POST", _HEADERS, json.dumps(asked).encode())


def _batch(stated: Any, answer: Answer) -> Batch:
    records = stated.get("opportunities") if isinstance(stated, dict) else None
    total = stated.get("totalCount") if isinstance(stated, dict) else None
    return Batch(records if isinstance(records, list) else None, total if isinstance(total, int) else None)


def _finished(options: Options, url: str, record: Any, posting: Found) -> Found:
    name = quote(posting.source_posting_id, safe="")
    (found,) = named([posting], site(record) if options.facilities else "")
    return found._replace(url=f"{url}/OpportunityDetail?opportunityId={name}")


ADAPTER = Adapter("ukg", "UKG Pro", Options, fetch, "accepted_terms", False, own_host)
