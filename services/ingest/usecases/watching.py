"""How are the sources doing, and which of them should an operator look at?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from services.ingest import settings
from services.ingest.adapters import ADAPTERS
from services.ingest.domain.fetches import Source
from services.ingest.domain.scheduling import CIRCUIT, Schedule
from services.ingest.store import ledger, pages
from services.ingest.store import sources as store
from services.ingest.usecases.lanes import KIND
from shared.clock import local_date
from shared.contracts.ingest_sources import (
    AcceptedTerms,
    AskedAddress,
    LedgerRow,
    RobotsOfHost,
    SourceDetail,
    SourceState,
    TestedPosting,
    TestedSource,
)
from shared.contracts.refusals import Refused
from shared.storage import keys, work
from shared.storage.database import Tx

NEVER_COMPLETE = ("techmap",)
"""Adapters whose listings are never complete, because their systems list only what is new."""
LICENCE_WARNING = timedelta(days=30)
_NEWEST = 20
"""Rows of the ledger that are shown with a source."""


async def fetched(name: str, tx: Tx) -> Source:
    """A source that is fetched; refuses an unknown name."""
    source = (await store.find(tx, [name])).get(name)
    if source is None:
        known = ", ".join(await store.find(tx)) or "none"
        raise Refused(f"There is no source {name} that is fetched; there are: {known}.", 404)
    return source


async def warnings(tx: Tx) -> list[str]:
    """Sources that an operator should look at, each in a sentence."""
    schedules = settings.schedules()
    found = [(each.name, warning(each, schedules, tx)) for each in (await store.find(tx)).values()]
    return [f"source {name}: {text}" for name, text in found if text]


def warning(source: Source, schedules: Mapping[str, Schedule], tx: Tx) -> str | None:
    """Why an operator should look at a source."""
    if source.paused:
        return None
    if source.licence_until and source.licence_until < tx.today:
        return f"its licence ended on {source.licence_until}, so it is not fetched"
    if source.failures >= CIRCUIT:
        return f"{source.failures} fetches in a row failed, the last one so: {source.error}"
    if source.licence_until and source.licence_until - tx.today <= LICENCE_WARNING:
        return f"its licence ends on {source.licence_until}"
    since = source.last_complete_at or source.added_at
    patience = 2 * source.schedule(schedules).interval + timedelta(days=1)
    if source.adapter not in NEVER_COMPLETE and since + patience < tx.now:
        day = local_date(since, settings.timezone())
        return f"no listing was complete since {day}, so nothing of it is closed; `pipeline source show {source.name}`"
    return None


async def states(tx: Tx, names: list[str] | None = None) -> dict[str, SourceState]:
    """All sources by name, or some of them: those that are fetched, those with a key, and those of the ledger."""
    last = {name: LedgerRow(**row) for name, row in (await ledger.last_entries(tx)).items()}
    sizes, schedules = await pages.sizes(tx), settings.schedules()
    fetched_ones = await store.find(tx)
    busy = await work.claimed(tx, KIND)
    found = {
        name: _state(each, sizes.get(name, {}), last.get(name), warning(each, schedules, tx), is_busy=each.lane in busy)
        for name, each in fetched_ones.items()
    }
    for holder in await keys.holders(tx):
        found.setdefault(holder.name, _of(holder.name, "pushed", last.get(holder.name)))
    for name, row in last.items():
        found.setdefault(name, _of(name, "imported", row))
    return {name: found[name] for name in sorted(found) if names is None or name in names}


def _of(name: str, kind: str, last: LedgerRow | None) -> SourceState:
    return SourceState(name=name, kind=kind, state="ready", last=last)


def _state(
    source: Source, sizes: Mapping[str, int], last: LedgerRow | None, warned: str | None, *, is_busy: bool
) -> SourceState:
    return SourceState(
        name=source.name,
        kind="fetched",
        adapter=source.adapter,
        employer_name=source.employer_name,
        state=_word(source, is_busy=is_busy),
        warning=warned,
        rule=ADAPTERS[source.adapter].rule,
        failures=source.failures,
        error=source.error,
        paused_by=source.paused_by,
        pause_reason=source.pause_reason,
        next_at=None if source.paused else source.next_at,
        last_at=source.last_at,
        last_complete_at=source.last_complete_at,
        listed=sizes.get("listed", 0),
        missed=sizes.get("missed", 0),
        last=last,
    )


def _word(source: Source, *, is_busy: bool) -> str:
    if source.paused:
        return "paused"
    if source.failures >= CIRCUIT:
        return "stopped"
    if source.failures:
        return "failing"
    return "fetching" if is_busy and source.listing_since else "waiting"


async def detail(name: str, tx: Tx) -> SourceDetail:
    """All about a source; refuses an unknown name."""
    state = (await states(tx, [name])).get(name)
    if state is None:
        known = ", ".join(await states(tx)) or "none"
        raise Refused(f"There is no source {name}; there are: {known}.", 404)
    rows = [LedgerRow(**row) for row in await ledger.page(tx, name, limit=_NEWEST)]
    source = (await store.find(tx, [name])).get(name)
    if source is None:
        return SourceDetail(state=state, ledger=rows)
    robots = (await store.robots_of(tx, source.hosts)).values()
    terms = AcceptedTerms(by=source.terms_by, on=source.terms_on) if source.terms_by and source.terms_on else None
    return SourceDetail(
        state=state,
        options=source.options,
        hosts=source.hosts,
        schedule=_in_words(source.schedule(settings.schedules())),
        terms=terms,
        licence_until=source.licence_until,
        pages=(await pages.sizes(tx)).get(name, {}).get("pages", 0),
        added_by=source.added_by,
        added_at=source.added_at,
        robots=[RobotsOfHost.model_validate(each, from_attributes=True) for each in robots],
        ledger=rows,
    )


def _in_words(schedule: Schedule) -> str:
    rate = f"{schedule.per_second:g} requests a second" if schedule.per_second != 1 else "1 request a second"
    return f"every {schedule.every} at {schedule.at}, spread over {schedule.jitter}, {rate}"


def tested(source: Source) -> TestedSource:
    """The last test of a source."""
    found: dict[str, Any] = source.test or {}
    return TestedSource(
        name=source.name,
        asked_at=source.test_asked_at,
        tested_at=source.tested_at,
        rule=found.get("rule"),
        error=found.get("error"),
        asked=[AskedAddress(**each) for each in found.get("asked", [])],
        found=found.get("found", 0),
        postings=[TestedPosting(**each) for each in found.get("postings", [])],
        refusals=found.get("refusals", {}),
        notes=found.get("notes", []),
    )
