"""Which sources are fetched, and which of them now?"""

from __future__ import annotations

from services.ingest.domain.fetches import Source
from services.ingest.domain.scheduling import Schedule
from services.ingest.store import ledger
from services.ingest.store import sources as store
from services.ingest.usecases.lanes import KIND, lane_of, wake
from services.ingest.usecases.registering import (
    adapter_of,
    options_of,
    refuse_what_is_not_allowed,
    stored,
)
from services.ingest.usecases.watching import detail, fetched, tested
from shared.contracts.ingest_sources import (
    AddFetchedSource,
    ChangeSource,
    FetchesAsked,
    FetchNow,
    SourceDetail,
    TestedSource,
    TestSource,
)
from shared.contracts.refusals import Refused
from shared.service import Router
from shared.storage import keys, work
from shared.storage.database import Tx

router = Router()


@router.command
async def add_fetched_source(request: AddFetchedSource, tx: Tx) -> SourceDetail:
    """A source whose options change is read anew; postings that it does not list any more are closed as always."""
    adapter = adapter_of(request.adapter)
    options = options_of(adapter, request.options)
    hosts = list(adapter.hosts(options))
    refuse_what_is_not_allowed(request, adapter, hosts, tx.today)
    _check_schedule(request)
    if request.name in {each.name for each in await keys.holders(tx)}:
        raise Refused(f"{request.name} has a key and pushes its postings; choose another name.", 409)
    before = (await store.find(tx, [request.name])).get(request.name)
    if before and before.adapter != adapter.name:
        message = f"{request.name} is fetched by {before.adapter}; remove it first, or choose another name."
        raise Refused(message, 409, {"adapter": f"is {before.adapter}"})
    lane = await lane_of(hosts, f"folder {request.options.get('folder', '')}", tx)
    source = _source(request, lane, hosts, stored(adapter, options), before, tx)
    if before and before.options != source.options:
        await store.forget_pages(tx, request.name)
    await store.save(tx, [source])
    await wake({lane} | ({before.lane} if before else set()), tx)
    return await detail(request.name, tx)


def _source(
    request: AddFetchedSource, lane: str, hosts: list[str], options: dict[str, object], before: Source | None, tx: Tx
) -> Source:
    kept = before if before and before.options == options else None
    return Source(
        name=request.name,
        lane=lane,
        hosts=hosts,
        adapter=request.adapter,
        options=options,
        employer_name=request.employer_name,
        every=request.every,
        at=request.at,
        per_second=request.per_second,
        terms_by=request.terms.by if request.terms else None,
        terms_on=request.terms.on if request.terms else None,
        licence_until=request.licence_until,
        paused=request.paused,
        paused_by=request.actor if request.paused else None,
        pause_reason=None,
        added_by=before.added_by if before else request.actor,
        added_at=before.added_at if before else tx.now,
        next_at=tx.now,
        listing_no=before.listing_no if before else 0,
        listing_since=kept.listing_since if kept else None,
        failures=0,
        error=None,
        empty_listings=kept.empty_listings if kept else 0,
        last_at=before.last_at if before else None,
        last_complete_at=before.last_complete_at if before else None,
        test_asked_at=None,
        tested_at=None,
        test=None,
    )


def _check_schedule(request: AddFetchedSource) -> None:
    given = {name: value for name in ("every", "at", "per_second") if (value := getattr(request, name)) is not None}
    try:
        Schedule(**given)
    except ValueError as wrong:
        raise Refused(f"The schedule is not valid: {wrong}.", 422, {"every": str(wrong)}) from wrong


@router.command
async def change_source(request: ChangeSource, tx: Tx) -> SourceDetail:
    source = await fetched(request.name, tx)
    await work.lock(tx, KIND, [source.lane])
    given = {name: value for name in ("paused", "licence_until") if (value := getattr(request, name)) is not None}
    if request.paused is not None:
        given |= {"paused_by": None, "pause_reason": None}
    if request.paused:
        given |= {"paused_by": request.actor, "pause_reason": request.reason or None}
    # A source that is resumed is due at once, and has all of its tries.
    again = {"next_at": tx.now, "failures": 0, "error": None} if given.get("paused") is not True else {}
    await store.change(tx, [{"name": source.name, **given, **again}])
    await wake([source.lane], tx)
    return await detail(source.name, tx)


@router.command
async def fetch_now(request: FetchNow, tx: Tx) -> FetchesAsked:
    """Sources that are paused are not fetched."""
    found = await store.find(tx, request.names or None)
    if unknown := [name for name in request.names if name not in found]:
        await fetched(unknown[0], tx)
    if paused := [name for name in request.names if found[name].paused]:
        raise Refused(f"{', '.join(paused)} is paused; `pipeline source resume` lets it be fetched.", 409)
    wanted = [each for each in found.values() if not each.paused]
    lanes = {each.lane for each in wanted}
    await work.lock(tx, KIND, lanes)
    await store.change(tx, [{"name": each.name, "next_at": tx.now} for each in wanted])
    await wake(lanes, tx)
    return FetchesAsked(names=[each.name for each in wanted], at=tx.now, after=await ledger.newest(tx))


@router.command
async def test_source(request: TestSource, tx: Tx) -> TestedSource:
    source = await fetched(request.name, tx)
    await work.lock(tx, KIND, [source.lane])
    await store.change(tx, [{"name": source.name, "test_asked_at": tx.now, "tested_at": None, "test": None}])
    await wake([source.lane], tx)
    return tested(await fetched(source.name, tx))
