"""Which sources may submit postings over HTTP, and which are there no more?"""

from __future__ import annotations

from services.ingest import settings
from services.ingest.store import sources as store
from services.ingest.usecases.lanes import KIND
from shared.contracts.ingest import AddSource, RemoveSource
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
async def remove_source(request: RemoveSource, tx: Tx) -> None:
    source = (await store.find(tx, [request.name])).get(request.name)
    if source:
        await work.lock(tx, KIND, [source.lane])
        await store.remove(tx, source.name)
        return
    try:
        await keys.revoke(tx, request.name)
    except Refused as unknown:
        fetched = ", ".join(await store.find(tx)) or "none"
        raise Refused(f"{unknown} Fetched sources: {fetched}.", 404) from None
