"""How does an adapter ask for lists that have several pages, and when does it stop?

A list is complete if it ended as its system says that lists end. An endless list is cut off, one that repeats itself is
given up, and an answer of an unknown form ends the fetch. None of these is complete, so no posting is closed by it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from engines.postings import answers
from engines.postings.found import DAMAGED_ROW, Found, Read
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
    if answer.status in GONE:
        return f"{what} does not exist (status {answer.status})."
    return f"{what} was refused with status {answer.status}."


def json_of(answer: Answer) -> Any:
    """The content of an answer in JSON; None if it is not JSON."""
    try:
        return read(answer.body.decode("utf-8", "replace"))
    except NotJson:
        return None


def damaged(read: Read) -> bool:
    """Whether a table has rows that cannot be read, which may be postings that are known."""
    return any(DAMAGED_ROW in problem for problem in read.problems)


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
    offset, place, unread, named_only = 0, "", 0, 0

    def end(complete: bool, note: str | None = None) -> Listing:
        notes = (note, other_form(unread, named_only))
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
        found, left_out, ids, unknown_here = read_records(of.form, batch.records, today, finish)
        if len(ids) + unknown_here == len(batch.records):
            return end(False, unknown(of))
        problems += left_out
        named_only += len(ids)
        unread += unknown_here
        if found and seen.issuperset(posting.source_posting_id for posting in found):
            return end(False, f"{of.name} repeats itself after {offset} postings.")
        seen.update(posting.source_posting_id for posting in found)
        yield Listed(found, unread=ids)
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


class Records(NamedTuple):
    """What a list states."""

    found: list[Found]
    left_out: list[str]
    """Why other records are no postings of ours."""
    unread: list[str]
    """The ids of the records of which no more can be read."""
    unknown: int
    """Records of which not even an id can be read."""


def read_records(
    form: str,
    records: Sequence[Any],
    today: date,
    finish: Callable[[Any, Found], Found] = lambda _, posting: posting,
) -> Records:
    """The postings of records.

    What cannot be read may be a posting that is known: it is still listed if its id can be read, and otherwise the
    list is not complete.
    """
    read_so_far = Records([], [], [], 0)
    for record in records:
        postings, left_out = answers.postings(form, record if isinstance(record, dict) else None, today)
        read_so_far.found.extend(finish(record, posting) for posting in postings)
        read_so_far.left_out.extend(left_out)
        if postings or any(reason.startswith(_NOT_WANTED) for reason in left_out):
            continue
        if isinstance(record, dict) and (name := answers.BY_NAME[form].id_of(record)):
            read_so_far.unread.append(name)
        else:
            read_so_far = read_so_far._replace(unknown=read_so_far.unknown + 1)
    return read_so_far


def other_form(unknown: int, unread: int = 0) -> str | None:
    """The note on records that cannot be read: some have an id, and others keep a list from being complete."""
    count = unknown + unread
    if not count:
        return None
    records = "1 record has" if count == 1 else f"{count} records have"
    counts = "" if unknown else ", and counts as listed" if count == 1 else ", and count as listed"
    return f"{records} another form than their system documents{counts}."
