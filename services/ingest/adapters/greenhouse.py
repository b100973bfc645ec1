"""How are the postings of a board on Greenhouse fetched? Its interface is documented, public and without a key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from pydantic.dataclasses import dataclass

from engines.postings import Found, answers
from engines.postings.greenhouse import site
from services.ingest.adapters.asking import ask, is_good, json_of, named, other_form, read_records, refused
from services.ingest.adapters.options import CONFIG, Base, Name, own_host
from services.ingest.adapters.protocol import Adapter, Again, Listed, Listing, Page, Request, Steps


@dataclass(frozen=True, config=CONFIG)
class Options:
    token: Name
    """The name of the board: `maple` of boards.greenhouse.io/maple."""
    facilities: bool = False
    """Whether offices have the names of facilities. The only office of a posting is then its employer."""
    base: Base = "https://boards-api.greenhouse.io"


def fetch(options: Options, pages: Mapping[str, Page], today: date) -> Steps:
    """One answer lists all postings of a board."""
    url = f"{options.base}/v1/boards/{quote(options.token, safe='')}/jobs?content=true"
    answer = yield from ask(Request(url, page=True))
    if answer.unchanged and url in pages:
        yield Again(url)
        return Listing(True)
    if not is_good(answer):
        return Listing(False, (refused(answer, f"The board {options.token}"),))
    stated = json_of(answer)
    jobs = stated.get("jobs") if isinstance(stated, dict) else None
    if not isinstance(jobs, list):
        return Listing(False, ("The list has another form than Greenhouse documents.",))
    read = read_records("greenhouse", jobs, today, lambda job, posting: _finished(options, job, posting))
    notes = (*answers.summary(read.left_out), *filter(None, [other_form(read.unknown, len(read.unread))]))
    if read.unread or read.unknown:
        yield Listed(read.found, unread=read.unread)  # not remembered, so that the next fetch reads it anew
        return Listing(not read.unknown and len(read.unread) < len(jobs), notes)
    yield Listed(read.found, url)
    return Listing(True, notes)


def _finished(options: Options, job: Any, posting: Found) -> Found:
    (found,) = named([posting], site(job) if options.facilities else "")
    return found


ADAPTER = Adapter("greenhouse", "Greenhouse", Options, fetch, "public_api", False, own_host)
