"""Is the model in force the one that the scores were made with?"""

from __future__ import annotations

from services.scorer import settings
from services.scorer.store import calibrations
from shared.database import Tx
from shared.events import PackPublished
from shared.packs import pack_hash


async def publish_model(tx: Tx) -> None:
    """Keep and announce a model the first time it is in force; what another one scored is due at the next tick."""
    model, pack = settings.model(), pack_hash()
    if await calibrations.publish(tx, pack, model, settings.policy()):
        tx.emit(PackPublished(pack=pack, name=model.name, published_on=tx.today))
    await calibrations.recheck_other_packs(tx, pack)
