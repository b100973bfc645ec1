"""How is what fetches have found stored? All of it in the transaction that records the fetches, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from services.ingest import settings
from services.ingest.domain.fetches import Slice, Source, Taken
from services.ingest.domain.lifecycle import Judgment, Unlisted, ending, judge
from services.ingest.domain.postings import posting_id
from services.ingest.domain.scheduling import after_failure, next_due
from services.ingest.store import ledger, pages
from services.ingest.store import sources as store
from services.ingest.store.ledger import Entry
from services.ingest.usecases.jobs import Job
from services.ingest.usecases.measuring import measured
from services.ingest.usecases.postings import close_all, lock, record, see_again
from shared.clock import instant_at
from shared.storage.database import Tx

LOST = "The source was removed or changed meanwhile, so nothing of this was stored."
Close = tuple[str, str, UUID, date]
"""A posting that is closed: its source, its id there, its id, and its last day."""


@dataclass(frozen=True, slots=True, eq=False)
class Fetched:
    """A fetch, with its number in the ledger."""

    job: Job
    found: Slice
    fetch_no: int
    listing_since: datetime

    @property
    def name(self) -> str:
        return self.job.source.name


async def record_fetches(done: Sequence[tuple[Job, Slice]], tx: Tx) -> None:
    """Store postings, pages, what is closed, the ledger, and when each source is due again. One fetch a source."""
    current = await store.find(tx, [job.source.name for job, _ in done])
    numbers = await ledger.numbers(tx, len(done))
    everything = [
        Fetched(job, found, number, job.source.listing(job.now)[1])
        for (job, found), number in zip(done, numbers, strict=True)
    ]
    fetches = [each for each in everything if _is_current(each.job, current)]
    lost = [replace(_entry(each, tx), outcome="failed", note=LOST) for each in everything if each not in fetches]
    real = [each for each in fetches if not each.job.is_test]
    entries = {each.name: _entry(each, tx) for each in fetches}
    changes = await _listed(real, entries, tx)
    until = await _remember_hosts(fetches, tx)
    await ledger.write(tx, [*entries.values(), *lost])
    for each in entries.values():
        measured(each)
    await store.change(tx, changes)
    await store.postpone(tx, until)
    await store.change(tx, [_tested(each, entries[each.name], tx) for each in fetches if each.job.is_test])


def _is_current(job: Job, current: Mapping[str, Source]) -> bool:
    """Whether a source is still the one that was fetched: it may have been removed or changed meanwhile."""
    source = current.get(job.source.name)
    return source is not None and (source.adapter, source.options) == (job.source.adapter, job.source.options)


async def _listed(fetches: Sequence[Fetched], entries: dict[str, Entry], tx: Tx) -> list[dict[str, Any]]:
    """Record what is listed, and close what is not any more; returns the next states of the sources."""
    submitted = [taken.submission._replace(fetch_no=each.fetch_no) for each in fetches for taken in each.found.taken]
    await _remember_pages(fetches, tx)
    await pages.list_postings(tx, [row for each in fetches for row in _listings(each)])
    again = [
        {"source": each.name, "page": page, "listing_no": each.job.listing_no, "fetch_no": each.fetch_no}
        for each in fetches
        for page in each.found.again
    ]
    counts, unseen = await pages.list_again(tx, again)
    unseen += await pages.list_unread(tx, [row for each in fetches for row in _unread(each)])
    judgments, closing = await _ended(fetches, tx)
    stored = await lock(submitted, tx, (*unseen, *(posting for _, _, posting, _ in closing)))
    after = await record(submitted, stored, tx)
    await see_again(unseen, tx)
    closed = await close_all({posting: day for _, _, posting, day in closing}, {**stored, **after}, tx)
    by_source: dict[str, int] = {}
    for source, _, posting, _ in closing:
        by_source[source] = by_source.get(source, 0) + (posting in closed)
    for each in fetches:
        judgment = judgments.get(each.name)
        ids = {taken.submission.posting_id for taken in each.found.taken}
        new = len(ids - stored.keys())
        notes = (each.found.notes_text, judgment.note if judgment else None)
        entries[each.name] = replace(
            entries[each.name],
            outcome=_outcome(each, judgment),
            note=" ".join(filter(None, notes)) or None,
            new=new,
            seen=len(ids) - new,
            again=counts.get(each.name, 0),
            closed=by_source.get(each.name, 0),
        )
    return [_next_state(each, entries[each.name], judgments.get(each.name), tx) for each in fetches]


async def _remember_pages(fetches: Sequence[Fetched], tx: Tx) -> None:
    await pages.remember(tx, [page for each in fetches for page in each.found.pages.values()])
    await pages.mark_gone(
        tx,
        [
            {"source": each.name, "page": page, "listing_no": each.job.listing_no, "status": status}
            for each in fetches
            for page, status in each.found.gone.items()
            if page not in each.found.pages and len(page) <= 500
        ],
    )


def _listings(each: Fetched) -> list[dict[str, Any]]:
    """A row for each posting that is listed; of two with one id, the later one counts."""
    latest: dict[str, Taken] = {taken.submission.source_posting_id: taken for taken in each.found.taken}
    return [
        {
            "source": each.name,
            "source_posting_id": name,
            "posting_id": posting_id(each.name, name),
            "listing_no": each.job.listing_no,
            "fetch_no": each.fetch_no,
            "closes_on": taken.closes_on,
        }
        for name, taken in latest.items()
    ]


def _unread(each: Fetched) -> list[dict[str, Any]]:
    """A row for each posting that is listed although nothing of it was taken."""
    taken = {one.submission.source_posting_id for one in each.found.taken}
    return [
        {"source": each.name, "source_posting_id": name, "listing_no": each.job.listing_no, "fetch_no": each.fetch_no}
        for name in each.found.unread
        if name not in taken
    ]


async def _ended(fetches: Sequence[Fetched], tx: Tx) -> tuple[dict[str, Judgment], list[Close]]:
    """What the listings that have ended show, and which postings are closed by that."""
    numbers = {each.name: each.job.listing_no for each in fetches if each.found.complete is not None}
    if not numbers:
        return {}, []
    counts = await pages.counts(tx, numbers)
    judgments = {
        each.name: judge(bool(each.found.complete), *counts.get(each.name, (0, 0)), each.job.source.empty_listings)
        for each in fetches
        if each.name in numbers
    }
    found: dict[str, list[dict[str, Any]]] = {}
    for row in await pages.unlisted(tx, numbers):
        found.setdefault(row["source"], []).append(row)
    closing: list[Close] = []
    missed: list[tuple[str, str, int, date]] = []
    for source, rows in found.items():
        end = ending([_unlisted(row) for row in rows], judgments[source].counts, tx.today)
        ids = {row["source_posting_id"]: row["posting_id"] for row in rows}
        closing += [(source, name, ids[name], day) for name, day in end.closed.items()]
        missed += [(source, name, *state) for name, state in end.missed.items()]
    await pages.miss(tx, missed)
    await pages.unlist(tx, [(source, name) for source, name, _, _ in closing])
    await pages.forget(tx, {name: number for name, number in numbers.items() if judgments[name].counts})
    return judgments, closing


def _unlisted(row: Mapping[str, Any]) -> Unlisted:
    return Unlisted(*(row[name] for name in Unlisted._fields))


async def _remember_hosts(fetches: Sequence[Fetched], tx: Tx) -> dict[str, datetime]:
    """Store what was learned about hosts; returns until when those ask us to wait that did."""
    robots = [each for fetched in fetches for each in fetched.found.robots.values()]
    await ledger.remember_robots(tx, {each.sha256: each.content for each in robots})
    await store.remember_robots(tx, robots)
    paced: dict[str, float] = {}
    until: dict[str, datetime] = {}
    for fetched in fetches:
        for host, wait in fetched.found.paced.items():
            paced[host] = max(wait, paced.get(host, 0.0))
        if (problem := fetched.found.problem) and problem.host and problem.patience:
            until[problem.host] = tx.now + problem.patience
    await store.pace(tx, paced)
    return until


def _entry(each: Fetched, tx: Tx) -> Entry:
    """The row of the ledger, as far as it is known before anything is stored."""
    job, found = each.job, each.found
    return Entry(
        each.fetch_no,
        each.name,
        "test" if job.is_test else "fetch",
        found.rule.rule,
        found.rule.detail,
        job.now,
        tx.now,
        "test",
        rule_sha256=found.rule.sha256,
        adapter=job.adapter.name,
        requests=found.requests,
        bytes=found.bytes,
        note=found.notes_text,
        refused=found.refusals.total(),
        refusals=dict(found.refusals),
    )


def _outcome(each: Fetched, judgment: Judgment | None) -> str:
    if each.found.problem:
        return "failed"
    if judgment is None:
        return "continued"
    return "complete" if judgment.counts else "incomplete"


def _next_state(each: Fetched, entry: Entry, judgment: Judgment | None, tx: Tx) -> dict[str, Any]:
    """When the source is due again, and what is stored of how it is doing."""
    source, problem = each.job.source, each.found.problem
    scheduled = scheduled_at(source, tx)
    failures = source.failures + 1 if problem else 0
    if problem:
        next_at = after_failure(failures, source.name, tx.now, scheduled, problem.patience)
    else:
        next_at = scheduled if judgment else tx.now
    return {
        "name": source.name,
        "listing_no": each.job.listing_no,
        "listing_since": None if judgment else each.listing_since,
        "failures": failures,
        "error": problem.reason if problem else None,
        "empty_listings": judgment.empty_listings if judgment else source.empty_listings,
        "last_at": tx.now,
        "last_complete_at": tx.now if entry.outcome == "complete" else source.last_complete_at,
        "next_at": next_at,
    }


def _tested(each: Fetched, entry: Entry, tx: Tx) -> dict[str, Any]:
    """The result of a test, which is all that is stored of it."""
    found = each.found
    return {
        "name": each.name,
        "test_asked_at": None,
        "tested_at": tx.now,
        "test": {
            "rule": entry.detail,
            "error": found.problem.reason if found.problem else None,
            "asked": [{"url": url, "status": status} for url, status in found.asked],
            "found": len(found.taken),
            "postings": [_shown(taken) for taken in found.taken[:MOST_SHOWN]],
            "refusals": dict(found.refusals),
            "notes": list(found.notes),
        },
    }


MOST_SHOWN = 50
"""Postings of a test that are shown."""


def _shown(taken: Taken) -> dict[str, Any]:
    one = taken.submission
    content = {name: getattr(one.content, name) for name in ("title", "employer_name", "city", "state", "zip", "url")}
    return {
        **content,
        "source_posting_id": one.source_posting_id,
        "role_family": one.role_family,
        "urgency": one.urgency,
        "posted_on": one.content.posted_on,
        "closes_on": taken.closes_on,
    }


def scheduled_at(source: Source, tx: Tx) -> datetime:
    """When a source is due by its schedule."""
    zone = settings.timezone()
    schedule = source.schedule(settings.schedules())
    return next_due(schedule, source.name, tx.now, tx.today, partial(instant_at, timezone=zone))
