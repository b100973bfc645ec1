"""Which scheme is in force?"""

from __future__ import annotations

from pydantic_core import to_jsonable_python

from services.scorer.store import models
from shared.contracts.schemes import Scheme
from shared.contracts.scorer import SchemeInForce
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def scheme_in_force(request: SchemeInForce, tx: Tx) -> Scheme:
    scheme = await models.in_force(tx)
    return Scheme(pack=scheme.pack, model=to_jsonable_python(scheme.model), policy=to_jsonable_python(scheme.policy))
