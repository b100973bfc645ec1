"""What is known about a lead, and what happened to it?"""

from __future__ import annotations

from services.sequencer.domain.identity import lead_id
from services.sequencer.domain.leads import lead_source
from services.sequencer.settings import playbook
from services.sequencer.store import accounts, leads, letters, reps
from services.sequencer.usecases.describing import described
from services.sequencer.usecases.stories import story_of
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_leads import AmountRow, IntakeField, LeadRow, LeadStory, ShowLead, StageRow
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def show_lead(request: ShowLead, tx: Tx) -> LeadStory:
    account = await accounts.show(tx, request.facility_id)
    if account is None:
        raise Refused(f"There is no account {request.facility_id}. Import the registry that lists it first.", code=404)
    key = lead_id(request.facility_id, lead_source(account.status == "active"))
    found = {row.lead_id: row for row in await leads.show(tx, request.facility_id)}
    if not found:
        raise Refused(f"{request.facility_id} has no lead yet.", code=404)
    lead = found.get(key) or next(iter(found.values()))
    return LeadStory(
        lead=described(lead, await reps.load(tx), tx.today),
        rests_until=await letters.rests_until(tx, playbook(), request.facility_id),
        stages=[StageRow.model_validate(each, from_attributes=True) for each in playbook().stages.of(lead.lead_source)],
        form=_form(lead),
        amounts=[AmountRow.model_validate(each) for each in await leads.amounts_of(tx, lead.lead_id)],
        story=await story_of(tx, list(found.values())),
    )


def _form(lead: LeadRow) -> list[IntakeField]:
    return [
        IntakeField(
            field=each.field,
            label=each.label,
            type=each.type,
            required=each.required,
            value=lead.intake.get(each.field),
        )
        for each in playbook().stages.intake
    ]
