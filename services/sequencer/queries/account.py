"""What is the state of an account?"""

from __future__ import annotations

from services.sequencer.settings import playbook
from services.sequencer.store import accounts, contacts, enrollments, leads, letters, tasks
from shared.contracts.refusals import Refused
from shared.contracts.sequencer import Account
from shared.contracts.sequencer_enrollments import EnrollmentRow
from shared.contracts.sequencer_replies import AccountDetails
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def account(request: Account, tx: Tx) -> AccountDetails:
    facility_id = request.facility_id
    found = await accounts.show(tx, facility_id)
    if found is None:
        raise Refused(f"There is no account {facility_id}. Import the registry that lists it first.", code=404)
    return AccountDetails(
        **dict(found),
        rests_until=await letters.rests_until(tx, playbook(), facility_id),
        leads=await leads.show(tx, facility_id),
        enrollments=[EnrollmentRow.model_validate(each) for each in await enrollments.of_account(tx, facility_id)],
        tasks=await tasks.of_account(tx, facility_id),
        contacts=await contacts.show(tx, facility_id),
        activities=await tasks.activities_of(tx, facility_id),
    )
