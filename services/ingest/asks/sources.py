"""Who may submit postings over HTTP?"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from pydantic import Field

from services.ingest import settings
from services.ingest.domain.denied import denied_source
from services.ingest.store import sources as store
from shared.asking import Nothing, Request
from shared.database import Tx
from shared.handling import Refused, ask


class AddSource(Request):
    """A source that gets a key of its own."""

    name: str = Field(min_length=1, max_length=60, pattern=r"^\S(.*\S)?$")


def hash_of(key: str) -> str:
    """Keys are long and random, so a plain hash is enough to keep them by."""
    return hashlib.sha256(key.encode()).hexdigest()


@ask("add_source")
async def add_source(request: AddSource, tx: Tx) -> dict[str, str]:
    """The key is shown this once; asked again, a new key takes the place of the old one."""
    site = denied_source(settings.source_rules(), request.name)
    if site:
        raise Refused(f"Postings from {site} are not taken.", 422, {"name": f"{site} is on the deny-list"})
    key = secrets.token_urlsafe(32)
    await store.set_key(tx, request.name, hash_of(key))
    return {"name": request.name, "key": key}


@ask("sources")
async def sources(request: Nothing, tx: Tx) -> list[dict[str, Any]]:
    return [
        {"name": one.name, "created_at": one.created_at, "key_changed_at": one.key_changed_at}
        for one in await store.every(tx)
    ]
