"""What happens when someone of the team reports that a person left, or did not?"""

from __future__ import annotations

from datetime import date

from services.sequencer import store
from services.sequencer.domain.tasks import Task
from services.sequencer.usecases import departing
from services.sequencer.usecases.departing import Known
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_contacts import RecordDeparture, RecordedDeparture
from shared.contracts.sequencer_replies import TaskDetails
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def record_departure(request: RecordDeparture, tx: Tx) -> RecordedDeparture:
    await store.lock(tx)
    person = await departing.known(request, tx)
    existing = await departing.departure_of(person, tx)
    if request.undo:
        if existing is None or existing.stated_on != tx.today:
            raise Refused(f"No one reported today that {person.label} left; nothing was changed.", code=409)
        return _reply(request, person, existing.left_on, await departing.take_back(person, existing, tx))
    on = request.on or tx.today
    if existing and existing.left_on == on:
        return _reply(request, person, on, [], is_new=False)
    _refuse_day(person, on, tx.today)
    return _reply(request, person, on, await departing.depart(person, on, tx))


def _refuse_day(person: Known, on: date, today: date) -> None:
    latest = person.latest
    if on > today:
        raise Refused(f"{on} is in the future; report it on the day on which {person.label} leaves.", code=422)
    if on < latest.source_date:
        raise Refused(
            f"{latest.source} names {person.label} on {latest.source_date}, which is after {on}; give a later day.",
            code=409,
        )


def _reply(
    request: RecordDeparture, person: Known, on: date, tasks: list[Task], is_new: bool = True
) -> RecordedDeparture:
    return RecordedDeparture(
        facility_id=request.facility_id,
        name=person.label,
        left_on=on,
        changed=is_new,
        tasks=[TaskDetails.model_validate(task) for task in tasks],
    )
