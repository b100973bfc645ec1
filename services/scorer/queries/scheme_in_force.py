"""Which scheme is in force, or was?"""

from __future__ import annotations

from pydantic_core import to_jsonable_python

from services.scorer.store import models
from shared.contracts.refusals import Refused
from shared.contracts.schemes import Scheme
from shared.contracts.scorer import SchemeInForce
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def scheme_in_force(request: SchemeInForce, tx: Tx) -> Scheme:
    scheme = await models.in_force(tx) if request.pack is None else await models.published(tx, request.pack)
    if scheme is None:
        raise Refused(f"No pack {request.pack} was in force.", 404)
    return Scheme(pack=scheme.pack, model=to_jsonable_python(scheme.model), policy=to_jsonable_python(scheme.policy))
