"""What does one fetch of a source find? Drives the source's adapter, which is a generator without side effects."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from time import monotonic
from typing import Any, Final

import structlog

from engines.postings import Found
from services.ingest.adapters.protocol import Again, Answer, Listed, Listing, Page, Request, Steps
from services.ingest.domain import repairs
from services.ingest.domain.fetches import MOST_POSTINGS, SECONDS, Problem, Remembered, Robots, Rule, Slice, Taken
from services.ingest.usecases import submissions
from services.ingest.usecases.accounting import refuse
from services.ingest.usecases.asking import Asking
from services.ingest.usecases.jobs import Cut, Ended, Job
from shared.messaging.failures import text_of
from shared.outbound import Outbound

log = structlog.get_logger()

_LARGE: Final = 200_000
"""Bytes of an answer from which on it is read in a thread, so that the service answers others meanwhile."""
_LONGEST_PAGE: Final = 1_000
"""Bytes of a page's address; a longer one is not remembered."""
EMPTY: Final = 204
"""Stands for the status of a page that had postings, and shows none now."""
QUICK: Final = 10.0
"""Seconds after which what was fetched of several sources is recorded."""
MOST_TESTED: Final = 20
"""Requests of a test."""


async def fetch(
    job: Job,
    outbound: Outbound,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    time: Callable[[], float] = monotonic,
) -> Slice:
    """One slice: until the listing ends, enough was found, or the fetch fails. Never raises for what is outside."""
    if job.refusal:
        return Slice(problem=Problem(job.refusal), rule=rule_of(job, {}, {}))
    found = Slice()
    asking = Asking(job, found, outbound, pause, time)
    try:
        await _drive(job, found, asking, time)
        found.problem = _shows_nothing(found, asking)
    except Cut:
        pass
    except Ended as ended:
        found.problem = ended.problem
    except asyncio.CancelledError:
        found.note("It was interrupted, and goes on later.")  # what was found so far counts
    except Exception as error:
        log.exception("fetch.failed", source=job.source.name)
        found.problem = Problem(f"The adapter {job.adapter.name} failed: {text_of(error)}")
    found.paced = asking.pauses()
    found.rule = rule_of(job, asking.known_robots, asking.decided)
    return found


async def fetch_together(
    jobs: Sequence[Job],
    outbound: Outbound,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    time: Callable[[], float] = monotonic,
) -> list[tuple[Job, Slice]]:
    """Fetch sources that share hosts in turn; those that are not reached are due again.

    It ends early after a while, with a fetch that was cut off, and with a host that asks us to wait.
    """
    done: list[tuple[Job, Slice]] = []
    began, robots, waits = time(), dict[str, Robots](), dict[str, float]()
    for each in jobs:
        job = replace(each, robots={**each.robots, **robots}, waits={**each.waits, **waits}, began=time())
        found = await fetch(job, outbound, pause, time)
        done.append((job, found))
        robots |= found.robots
        waits |= found.paced
        was_cut = found.complete is None and found.problem is None
        has_to_wait = found.problem is not None and found.problem.host is not None
        is_enough = time() - began > QUICK or sum(len(one.taken) for _, one in done) >= MOST_POSTINGS
        if was_cut or has_to_wait or is_enough:
            break
    return done


def _shows_nothing(found: Slice, asking: Asking) -> Problem | None:
    """Why a fetch has failed although its adapter came to an end: nothing was found, and something was refused."""
    refused = found.blocked or (found.complete is False and found.gone)
    if found.taken or found.again or not (asking.failure or refused):
        return None
    found.complete = False
    return Problem(asking.failure or found.notes_text or "Nothing was found, since the host refused to answer.")


async def _drive(job: Job, found: Slice, asking: Asking, time: Callable[[], float]) -> None:
    pages = {} if job.is_test else {name: Page(known.lastmod, tuple(known.ids)) for name, known in job.pages.items()}
    steps = job.adapter.fetch(job.options, pages, job.today)
    answer: Answer | None = None
    try:
        while True:
            step = await _next(steps, answer)
            answer = None
            if isinstance(step, Listing):
                found.complete = step.complete
                for note in step.notes:
                    found.note(note)
                return
            if isinstance(step, Request):
                if _is_enough(job, found, asking, step, time):
                    return
                answer = await asking.answer(step)
            elif isinstance(step, Listed):
                _list(job, found, step, asking.stated)
            elif not job.is_looked_at(step.page):
                found.again.setdefault(step.page)
    finally:
        with suppress(ValueError):  # a thread may still be reading the last answer
            steps.close()


def _is_enough(job: Job, found: Slice, asking: Asking, step: Request, time: Callable[[], float]) -> bool:
    """Whether the fetch ends before this request; only between pages, since lists cannot be continued."""
    if job.is_test:
        return bool(found.taken) or found.requests >= MOST_TESTED
    if not step.page or not asking.asked_a_page:
        return False
    return len(found.taken) >= MOST_POSTINGS or time() - job.began >= SECONDS


async def _next(steps: Steps, answer: Answer | None) -> Request | Listed | Again | Listing:
    if answer is not None and len(answer.body) > _LARGE:
        return await asyncio.to_thread(_step, steps, answer)
    return _step(steps, answer)


def _step(steps: Steps, answer: Answer | None) -> Request | Listed | Again | Listing:
    try:
        return steps.send(answer)
    except StopIteration as ended:
        listing: Listing = ended.value
        return listing


def _list(job: Job, found: Slice, step: Listed, stated: Mapping[str, Remembered]) -> None:
    """Take the postings that are valid, and remember their page.

    One that is not valid any more is listed all the same, and so is one of which only the id can be read.
    """
    ids: dict[str, None] = {}
    for name in step.unread:
        _name(found, ids, name)
    for posting in step.postings:
        reading = submissions.read(_raw(job, posting), job.source.name, job.now)
        if reading.submission is None:
            refuse(found.refusals, reading.errors)
            _name(found, ids, posting.source_posting_id)
            continue
        found.taken.append(Taken(reading.submission, posting.closes_on))
        ids.setdefault(reading.submission.source_posting_id)
    if step.page is None or len(step.page.encode(errors="replace")) > _LONGEST_PAGE:
        return
    if not ids and not job.is_test and (known := job.pages.get(step.page)) and known.ids:
        found.gone[step.page] = EMPTY  # what it had is remembered until that is closed
        return
    new = Remembered(job.source.name, step.page, job.listing_no, 200, None, None, None, None, [])
    found.pages[step.page] = stated.get(step.page, new)._replace(lastmod=step.lastmod, ids=list(ids))


def _name(found: Slice, ids: dict[str, None], name: str) -> None:
    """A posting is listed of which nothing else counts."""
    with suppress(ValueError):
        known = repairs.id_of(name)
        found.unread.setdefault(known)
        ids.setdefault(known)


def _raw(job: Job, posting: Found) -> dict[str, Any]:
    """The posting as sources submit it, so that the same rules apply."""
    return {
        "source_posting_id": posting.source_posting_id,
        "title": posting.title,
        "employer_name": posting.employer_name or job.source.employer_name,
        "city": posting.city,
        "state": posting.state,
        "zip": posting.zip,
        "address": posting.address,
        "url": posting.url,
        "description": posting.description,
        "posted_on": posting.posted_on and posting.posted_on.isoformat(),
        "closed_on": posting.closes_on.isoformat() if posting.closes_on and posting.closes_on < job.today else None,
    }


def rule_of(job: Job, robots: Mapping[str, Any], decided: Mapping[str, str]) -> Rule:
    """What allowed a fetch, in the words of the ledger."""
    source, adapter = job.source, job.adapter
    if adapter.rule == "robots":
        stated = [
            f"robots.txt of {host} allowed it ({why})"
            if robots[host].content
            else f"{host} has no robots.txt (status {robots[host].status})"
            for host, why in decided.items()
        ]
        first = next((robots[host].sha256 for host in decided if robots[host].content), None)
        return Rule("robots", "; ".join(stated)[:1_000] or "no page was asked for", first)
    if adapter.rule == "public_api":
        return Rule("public_api", f"public API of {adapter.title}")
    if adapter.rule == "licensed_api":
        until = f" until {source.licence_until}" if source.licence_until else ""
        return Rule("licensed_api", f"licence of {adapter.title}{until}")
    if adapter.rule == "accepted_terms":
        return Rule(
            "accepted_terms",
            f"terms of {source.employer_name or source.name} accepted by {source.terms_by}, {source.terms_on}",
        )
    return Rule("own_file", f"watched folder {source.options.get('folder', '')}")
