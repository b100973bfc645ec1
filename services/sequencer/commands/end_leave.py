"""What happens when a rep is back early, or does not go away after all?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from services.sequencer import store
from services.sequencer.store import accounts, reps
from services.sequencer.usecases.announcing import rep_back
from services.sequencer.usecases.planning import plan_again
from services.sequencer.usecases.team import change_leave, find
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_replies import TaskDetails
from shared.contracts.sequencer_reps import ChangedLeave, EndLeave
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def end_leave(request: EndLeave, tx: Tx) -> ChangedLeave:
    """For a rep who was away until today, what is left of the day is planned: steps whose day has come do not wait."""
    await store.lock(tx)
    await accounts.lock_all(tx)
    team, back_on = await reps.load(tx), request.on or tx.today
    rep = find(team, request.rep)
    leave = next((each for each in team.leaves if each.rep == rep.rep and each.from_on <= each.to_on), None)
    if leave is None:
        raise Refused(f"{rep.name} is not away, and no leave is recorded.", 409)
    if back_on < tx.today or back_on > leave.to_on:
        raise Refused(
            f"{rep.name} is away from {leave.from_on} to {leave.to_on}; {back_on} does not shorten that.", 422
        )
    ended = replace(leave, to_on=max(back_on, leave.from_on) - timedelta(days=1), version=leave.version + 1)
    tx.emit(rep_back(ended))
    answer = await change_leave(tx, ended)
    if back_on > tx.today or leave.from_on > tx.today:
        return answer
    due = [TaskDetails.model_validate(task) for task in await plan_again(tx) if task.rep == rep.rep]
    return answer.model_copy(update={"tasks": [*answer.tasks, *due]})
