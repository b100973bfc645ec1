"""Who gets a key to submit postings over HTTP, and who loses it?"""

from __future__ import annotations

from services.ingest import settings
from services.ingest.domain.denied import denied_source
from shared.contracts.refusals import Refused
from shared.service import Router
from shared.storage import keys
from shared.storage.database import Tx

router = Router()


@router.ask("add_source")
async def add_source(request: keys.Holder, tx: Tx) -> dict[str, str]:
    """The key is shown this once; asked again, a new key takes the place of the old one."""
    site = denied_source(settings.source_rules(), request.name)
    if site:
        raise Refused(f"Postings from {site} are not taken.", 422, {"name": f"{site} is on the deny-list"})
    return await keys.issue(tx, request.name)


@router.ask("remove_source")
async def remove_source(request: keys.Holder, tx: Tx) -> None:
    """Its key ends; what it brought stays."""
    await keys.take_back(tx, request.name)
