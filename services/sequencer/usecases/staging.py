"""How does a person move a lead to another stage?"""

from __future__ import annotations

from services.sequencer.domain.intake import why_not_enter
from services.sequencer.domain.leads import Lead, moved
from services.sequencer.domain.plan.account_tasks import end_account_tasks
from services.sequencer.domain.plan.ending import withdraw
from services.sequencer.domain.stages import BY_HAND, DECIDED, Stage
from services.sequencer.settings import playbook
from services.sequencer.usecases.leading import change, current, replacing, with_intake
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_leads import ChangedLead, MoveLead
from shared.storage.database import Tx


async def move_lead(request: MoveLead, tx: Tx) -> ChangedLead:
    """Move an open lead, and state what its intake form asks.

    The tasks of its last stage end, and in a phase worked by hand its account's enrollments.
    """
    board, lead = await current(request, request.facility_id, tx)
    lead = with_intake(lead, request.values)
    stage = stage_named(lead, request.stage)
    _refuse(lead, stage, request.reason)
    if stage.stage == lead.stage:
        return await change(tx, board, lead, replacing(lead))
    ends = [withdraw([lead.facility_id], f"Moved to {stage.label}.")] if stage.phase in BY_HAND else []
    moves = replacing(moved(lead, stage, tx.actor, request.reason, tx.today))
    changed = await change(tx, board, lead, moves, *ends, end_account_tasks)
    return changed.model_copy(update={"left": lead.stage})


def stage_named(lead: Lead, name: str) -> Stage:
    stages = playbook().stages.of(lead.lead_source)
    found = next((each for each in stages if name.casefold() in (each.stage.casefold(), each.label.casefold())), None)
    if found is None:
        known = ", ".join(each.stage for each in stages if each.phase not in DECIDED)
        raise Refused(f"There is no stage {name!r}; the stages of this lead are {known}.", code=422)
    return found


def _refuse(lead: Lead, stage: Stage, reason: str | None) -> None:
    where = lead.facility_id
    if stage.phase in DECIDED:
        raise Refused(f"{stage.label} is an outcome; record it: `pipeline outcome {where} {stage.phase}`.", code=409)
    if lead.phase == "lost":
        raise Refused(f"The lead of {where} is lost; re-open it first: `pipeline lead reopen {where}`.", code=409)
    if not lead.is_open:
        raise Refused(f"The lead of {where} is closed: {lead.closed_reason}.", code=409)
    if why := why_not_enter(lead, stage, playbook().stages, reason):
        raise Refused(f"{where} cannot enter {stage.label}: {why}. State it: `pipeline lead intake {where}`.", code=422)
