"""How does a scoring model come into force?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engines.scoring.pack import Scheme
from services.scorer import settings
from services.scorer.store import models, scores
from services.scorer.usecases.rescoring import rescore
from shared.contracts.events import PackPublished
from shared.storage.database import Tx


async def publish_model(tx: Tx) -> None:
    """Put the pack of this service in force when it starts with it for the first time; a later publication stays."""
    await scores.lock_everything(tx)
    scheme = settings.scheme()
    if await models.last_published(tx, models.FOLDER) != scheme.pack:
        await put_in_force(tx, scheme, models.FOLDER)
    await scores.record_aging(tx)


async def put_in_force(tx: Tx, scheme: Scheme, by: str) -> None:
    """Store and publish a scheme, and rescore every facility.

    The caller has locked everything, so all scores come from one model at any time.
    """
    await models.store(tx, scheme)
    await models.publish(tx, scheme.pack, by)
    tx.emit(pack_published({"pack": scheme.pack, "name": scheme.model.name, "published_on": tx.today}))
    await rescore(tx, await scores.scored_facilities(tx), "pack.published")


def pack_published(publication: Mapping[str, Any]) -> PackPublished:
    return PackPublished.model_validate(publication)
