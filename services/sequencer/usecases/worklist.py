"""Which tasks does a day have, and in which order?"""

from __future__ import annotations

from services.sequencer.settings import name_of, roles, touches, usual_name
from services.sequencer.store import days, reps, tasks
from services.sequencer.usecases.clocks import labels
from services.sequencer.usecases.windows import in_order
from shared.contracts.refusals import Refused
from shared.contracts.sequencer import OfDay
from shared.contracts.sequencer_replies import LastTouch, OutcomeChoice, WorklistTask
from shared.storage.database import Tx


async def worklist_of(day: OfDay, tx: Tx) -> list[WorklistTask]:
    """The tasks of a day, best first, each with its reason (R39). Raises `Refused` for an unknown rep."""
    if day.rep is not None and day.rep not in (reps := await all_reps(tx)):
        raise Refused(f"There is no rep {day.rep!r}; the reps are {', '.join(reps)}.", code=404)
    on = day.on or tx.today
    ordered = await in_order(tx, await tasks.worklist(tx, on), on)
    found = [task for task in ordered if day.rep in (None, task.rep)]
    last = await tasks.last_touches(tx, (task.facility_id for task in found))
    late = await labels(tx, (task.facility_id for task in found))
    return [_named(task, last.get(task.facility_id), late.get(task.facility_id)) for task in found]


async def all_reps(tx: Tx) -> list[str]:
    """All reps who can have tasks."""
    return await days.reps(tx, (await reps.load(tx)).members(tx.today))


def _named(task: WorklistTask, last: LastTouch | None, sla: str | None) -> WorklistTask:
    """The task with the usual spelling of its names, its possible outcomes, and the last touch of its account."""
    person = name_of(task.person) if task.person else None
    return task.model_copy(
        update={
            "facility_display_name": usual_name(task.facility),
            "chain_display_name": usual_name(task.chain),
            "person_display_name": person.full if person else None,
            "outcomes": [OutcomeChoice.model_validate(each) for each in touches().outcomes[task.channel]],
            "persona_label": roles().label(task.persona) if task.persona in roles().names else None,
            "sla": sla,
            "last": last and last.model_copy(update={"title": touches().title(last.channel, last.outcome)}),
        }
    )
