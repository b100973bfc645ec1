"""What would another scheme change?"""

from __future__ import annotations

from engines.scoring.comparing import compare
from services.scorer.store import calibrations, inputs, models, scores
from services.scorer.usecases.schemes import scheme_of
from shared.contracts.schemes import Comparison
from shared.contracts.scorer import WhatIf
from shared.contracts.scorer_replies import TriedScheme
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def what_if(request: WhatIf, tx: Tx) -> TriedScheme:
    """Score and calibrate the listed cohort with both schemes; nothing is stored."""
    other = scheme_of(request.instead_of) if request.instead_of else await models.in_force(tx)
    new = scheme_of(request)
    facility_ids = [one.facility_id for one in await calibrations.cohort(tx)]
    fields, depth = {*other.model.fields, *new.model.fields}, max(other.model.depth, new.model.depth)
    cohort = await inputs.inputs(tx, facility_ids, sorted(fields), depth)
    compared = compare(cohort, other, new, await calibrations.latest(tx), tx.today)
    names = await scores.names(tx, [one.facility_id for one in compared.crossings])
    return TriedScheme(on=tx.today, comparison=Comparison.model_validate(compared), names=names)
