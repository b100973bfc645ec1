"""How does an adapter ask for lists that have several pages, and when does it stop?

A list is complete if it ended as its system says that lists end. An endless list is cut off, one that repeats itself is
given up, and an answer of an unknown form ends the fetch. None of these is complete, so no posting is closed by it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from engines.postings import answers
from engines.postings.found import Found
from engines.postings.lenient_json import NotJson, read
from services.ingest.adapters.protocol import Answer, Listed, Listing, Request, Steps

MOST_PAGES: Final = 500
"""Pages of one list. The largest employers have some thousands of postings, at 20 to 100 a page."""
GONE: Final = (404, 410)
_NOT_WANTED: Final = ("from ", "no origin")
"""So begin the reasons for which a record is left out although it can be read."""


def ask(request: Request) -> Generator[Request, Answer | None, Answer]:
    """The answer to a request."""
    answer = yield request
    if answer is None:
        raise TypeError("a request was not answered")
    return answer


def is_good(answer: Answer) -> bool:
    return 200 <= answer.status < 300


def refused(answer: Answer, what: str = "The list") -> str:
    """The note on an answer that is none."""
    return f"{what} was refused with status {answer.status}."


def json_of(answer: Answer) -> Any:
    """The content of an answer in JSON; None if it is not JSON."""
    try:
        return read(answer.body.decode("utf-8", "replace"))
    except NotJson:
        return None


def named(postings: Sequence[Found], facility: str) -> list[Found]:
    """Postings with the name of a facility as their employer, if there is one."""
    return [posting._replace(employer_name=facility or posting.employer_name) for posting in postings]


class Batch(NamedTuple):
    """A page of a list."""

    records: list[Any] | None
    """None: the answer has another form than its system documents."""
    total: int | None = None
    """How many records the list has, over all of its pages."""
    next: str | None = None
    """Where the next page begins, if the system says so; "" after the last one."""


class List(NamedTuple):
    """A list of postings, as its system pages it."""

    form: str
    """The format of its records."""
    request: Callable[[int, str], Request]
    """The request for the page that begins after so many records, or where the last page stated."""
    batch: Callable[[Any, Answer], Batch]
    size: int
    """Records of a full page."""
    name: str = "The list"
    not_found: str | None = None
    """What status 404 means, where it does not mean that there is no such list."""


def listed(of: List, today: date, finish: Callable[[Any, Found], Found] = lambda _, posting: posting) -> Steps:
    """Fetch a list page by page, and list the postings of each."""
    seen: set[str] = set()
    problems: list[str] = []
    offset, place, unread = 0, "", 0

    def end(complete: bool, note: str | None = None) -> Listing:
        notes = (note, other_form(unread))
        return Listing(complete and not unread, (*answers.summary(problems), *filter(None, notes)))

    for _ in range(MOST_PAGES):
        answer = yield from ask(of.request(offset, place))
        if not is_good(answer):
            return end(False, of.not_found if answer.status in GONE and of.not_found else refused(answer, of.name))
        batch = of.batch(json_of(answer), answer)
        if batch.records is None:
            return end(False, unknown(of))
        if not batch.records:
            return end(*_ended(of, offset, batch.total))
        found, left_out, unknown_here = read_records(of.form, batch.records, today, finish)
        if unknown_here == len(batch.records):
            return end(False, unknown(of))
        problems += left_out
        unread += unknown_here
        if found and seen.issuperset(posting.source_posting_id for posting in found):
            return end(False, f"{of.name} repeats itself after {offset} postings.")
        seen.update(posting.source_posting_id for posting in found)
        yield Listed(found)
        offset += len(batch.records)
        if _is_last(of, batch, offset):
            return end(*_ended(of, offset, batch.total))
        place = batch.next or ""
    return end(False, f"{of.name} has more than {MOST_PAGES} pages; the rest was not fetched.")


def unknown(of: List) -> str:
    return f"{of.name} has another form than its system documents."


def _is_last(of: List, batch: Batch, offset: int) -> bool:
    if batch.next is not None:
        return not batch.next
    return offset >= batch.total if batch.total is not None else len(batch.records or ()) < of.size


def _ended(of: List, offset: int, total: int | None) -> tuple[bool, str | None]:
    """Whether a list that ended is complete, and if not, why."""
    if total is not None and offset < total:
        return False, f"{of.name} ended after {offset} of {total} postings."
    return True, None


def read_records(
    form: str,
    records: Sequence[Any],
    today: date,
    finish: Callable[[Any, Found], Found] = lambda _, posting: posting,
) -> tuple[list[Found], list[str], int]:
    """The postings of records, why others were left out, and of how many records none can be read.

    What cannot be read may be a posting that is known, so the list is not complete without it.
    """
    found: list[Found] = []
    problems: list[str] = []
    unknown = 0
    for record in records:
        postings, left_out = answers.postings(form, record if isinstance(record, dict) else None, today)
        found += [finish(record, posting) for posting in postings]
        problems += left_out
        unknown += not postings and not any(reason.startswith(_NOT_WANTED) for reason in left_out)
    return found, problems, unknown


def other_form(count: int) -> str | None:
    records = "1 record has" if count == 1 else f"{count} records have"
    return f"{records} another form than their system documents." if count else None
