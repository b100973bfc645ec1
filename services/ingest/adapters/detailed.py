"""How does an adapter fetch the details of the postings in a list, each once?

A posting whose details are remembered, and of which the list states the same, is listed again without a request.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from datetime import date
from typing import Any

from engines.postings import answers
from engines.postings.found import Found
from services.ingest.adapters.asking import GONE, List, ask, is_good, json_of, listed, refused
from services.ingest.adapters.protocol import Again, Answer, Listed, Listing, Page, Request, Steps


def detailed(
    of: List,
    today: date,
    pages: Mapping[str, Page],
    detail: Callable[[Any], tuple[str, str] | None],
    finish: Callable[[Any, Found], Found] = lambda _, posting: posting,
) -> Steps:
    """Fetch a list. `detail`: from a record, the page with its details and what changes when these do."""
    of_id: dict[str, tuple[str, str] | None] = {}

    def finished(record: Any, posting: Found) -> Found:
        of_id[posting.source_posting_id] = detail(record)
        return finish(record, posting)

    steps = listed(of, today, finished)
    answer: Answer | None = None
    notes: list[str] = []
    while True:
        try:
            step = steps.send(answer)
        except StopIteration as ended:
            listing: Listing = ended.value
            return listing._replace(notes=(*listing.notes, *dict.fromkeys(notes)))
        answer = None
        if not isinstance(step, Listed):
            answer = yield step
            continue
        plain: list[Found] = []
        for posting in step.postings:
            page = of_id.get(posting.source_posting_id)
            if page is None:
                plain.append(posting)
            elif (known := pages.get(page[0])) and known.lastmod == page[1] and known.ids:
                yield Again(page[0])
            else:
                notes += yield from _detail(of.form, posting, page, today)
        if plain or step.unread:
            yield Listed(plain, unread=step.unread)


def _detail(
    form: str, posting: Found, page: tuple[str, str], today: date
) -> Generator[Request | Listed | Again, Answer | None, list[str]]:
    """List a posting with its details; returns the notes on them."""
    url, lastmod = page
    answer = yield from ask(Request(url, headers=(("accept", "application/json"),), page=True))
    if answer.unchanged:
        yield Again(url)
        return []
    if answer.status in GONE:
        yield Listed([], unread=[posting.source_posting_id])  # it is new and not there yet, or a fault; the list counts
        return []
    if not is_good(answer):
        yield Listed([posting])
        return [refused(answer, "The page of a posting")]
    details, _ = answers.postings(form, json_of(answer), today)
    own = [
        each._replace(
            source_posting_id=posting.source_posting_id, employer_name=posting.employer_name or each.employer_name
        )
        for each in details[:1]
    ]
    ((whole,), _) = answers.checked([posting, *own], [])
    yield Listed([whole], url, lastmod)
    return [] if own else ["The page of a posting has another form than its system documents."]
