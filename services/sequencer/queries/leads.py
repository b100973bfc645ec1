"""Which leads are there?"""

from __future__ import annotations

from services.sequencer.settings import playbook
from services.sequencer.store import leads as store
from services.sequencer.store import reps
from services.sequencer.usecases.describing import described
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_leads import LeadRow, Leads
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def leads(request: Leads, tx: Tx) -> list[LeadRow]:
    _refuse_unknown(request.stage)
    team = await reps.load(tx)
    return [described(row, team, tx.today) for row in await store.page(tx, request)]


def _refuse_unknown(stage: str | None) -> None:
    stages = playbook().stages
    known = dict.fromkeys(each.stage for each in (*stages.prospect, *stages.upsell))
    if stage is not None and stage not in known:
        raise Refused(f"There is no stage {stage!r}; the stages are {', '.join(known)}.", code=422)
