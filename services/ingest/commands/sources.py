"""Which sources may submit postings over HTTP?"""

from __future__ import annotations

from services.ingest import settings
from shared.contracts.ingest import AddSource, RemoveSource
from shared.contracts.refusals import Refused
from shared.service import Router
from shared.storage import keys
from shared.storage.database import Tx

router = Router()


@router.command
async def add_source(request: AddSource, tx: Tx) -> None:
    site = settings.deny_list().name(request.name)
    if site:
        raise Refused(f"Postings from {site} are not accepted.", 422, {"name": f"{site} is on the deny-list"})
    await keys.put(tx, request.name, request.key_hash)


@router.command
async def remove_source(request: RemoveSource, tx: Tx) -> None:
    await keys.revoke(tx, request.name)
