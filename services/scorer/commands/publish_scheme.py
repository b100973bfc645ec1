"""What happens when a person puts another scheme in force?"""

from __future__ import annotations

from services.scorer.store import models, scores
from services.scorer.usecases.publishing import put_in_force
from services.scorer.usecases.schemes import scheme_of
from shared.contracts.scorer import PublishScheme
from shared.contracts.scorer_replies import PublishedScheme
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def publish_scheme(request: PublishScheme, tx: Tx) -> PublishedScheme:
    """Record and publish the scheme, and recompute every score with it."""
    await scores.lock_everything(tx)
    scheme, previous = scheme_of(request), await models.in_force(tx)
    if scheme.pack == previous.pack:
        return PublishedScheme(pack=scheme.pack, previous=previous.pack, published=False)
    await put_in_force(tx, scheme, tx.actor)
    return PublishedScheme(pack=scheme.pack, previous=previous.pack, published=True)
