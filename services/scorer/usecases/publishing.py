"""Which model is in force, and what happens when another one comes into force?"""

from __future__ import annotations

from engines.scoring.pack import Scheme
from services.scorer import settings
from services.scorer.store import models, scores
from services.scorer.usecases.rescoring import rescore
from shared.contracts.events import PackPublished
from shared.storage.database import Tx


async def publish_model(tx: Tx) -> None:
    """A pack that the service starts with for the first time comes into force; one published since stays so."""
    await scores.hold_everything(tx)
    scheme = settings.scheme()
    if await models.last_published(tx, models.FOLDER) != scheme.pack:
        await put_in_force(tx, scheme, models.FOLDER)
    await scores.note_aged(tx)


async def put_in_force(tx: Tx, scheme: Scheme, by: str) -> None:
    """Keep, announce and apply: every facility is scored by it before this transaction ends, whose caller holds
    everything. So at any instant all scores are of one model."""
    await models.keep(tx, scheme)
    await models.publish(tx, scheme.pack, by)
    tx.emit(PackPublished(pack=scheme.pack, name=scheme.model.name, published_on=tx.today))
    await rescore(tx, await scores.everyone(tx), "pack.published")
