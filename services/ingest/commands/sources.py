"""Which sources may submit postings over HTTP, and which are there no more?"""

from __future__ import annotations

from services.ingest import settings
from services.ingest.store import postings
from services.ingest.store import sources as store
from services.ingest.usecases.lanes import KIND
from services.ingest.usecases.postings import close_open
from shared.contracts.ingest import AddSource, RemoveSource, SourceRemoved
from shared.contracts.refusals import Refused
from shared.service import Router
from shared.storage import keys, work
from shared.storage.database import Tx

router = Router()


@router.command
async def add_source(request: AddSource, tx: Tx) -> None:
    site = settings.deny_list().name(request.name)
    if site:
        raise Refused(f"Postings from {site} are not accepted.", 422, {"name": f"{site} is on the deny-list"})
    if request.name in await store.find(tx, [request.name]):
        raise Refused(f"{request.name} is a source that is fetched; remove it first, or choose another name.", 409)
    await keys.put(tx, request.name, request.key_hash)


@router.command
async def remove_source(request: RemoveSource, tx: Tx) -> SourceRemoved:
    source = (await store.find(tx, [request.name])).get(request.name)
    if source:
        await work.lock(tx, KIND, [source.lane])
        await store.remove(tx, source.name)
    else:
        await _revoke(request, tx)
    open_now = await postings.open_of(tx, request.name)
    closed = await close_open(open_now, tx) if request.close_postings else 0
    return SourceRemoved(closed=closed, open=len(open_now) - closed)


async def _revoke(request: RemoveSource, tx: Tx) -> None:
    try:
        await keys.revoke(tx, request.name)
    except Refused as unknown:
        fetched = ", ".join(await store.find(tx)) or "none"
        raise Refused(f"{unknown} Fetched sources: {fetched}.", 404) from None
