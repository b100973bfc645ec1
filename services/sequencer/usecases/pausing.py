"""How does a person let an enrollment wait, go on before its day, or end?"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from services.sequencer import store
from services.sequencer.domain.board import Board
from services.sequencer.domain.calendar import next_business_day
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.plan.ending import end
from services.sequencer.domain.plan.pausing import next_day, pause_one, resume_one
from services.sequencer.domain.plan.returning import wait_for_return
from services.sequencer.settings import closed_days, playbook, usual_name
from services.sequencer.store import board as boards
from services.sequencer.usecases.deciding import decide
from services.sequencer.usecases.recording import refuse_day
from shared.contracts.refusals import Refused
from shared.contracts.requests import refuse_outdated
from shared.contracts.sequencer_enrollments import ChangedEnrollment, PauseEnrollment, ResumeEnrollment, StopEnrollment
from shared.storage.database import Tx


async def pause(command: PauseEnrollment, tx: Tx) -> ChangedEnrollment:
    """Let the running enrollment of an account wait until a day; one that waits already waits until that day."""
    board, each = await _running(command, tx)
    refuse_day(command.until, tx.today)
    if command.until == tx.today:
        raise Refused(f"{command.until} is today; state a later day.", code=422)
    if (each.status, each.resume_on, each.absent) == ("paused", command.until, None):
        return _changed(board, each, changed=False)
    reason = command.reason or f"{tx.actor} paused it until {command.until}."
    after = await decide(tx, board, playbook(), pause_one(each.enrollment_id, command.until, reason))
    return _changed(after, each, changed=True)


async def resume(command: ResumeEnrollment, tx: Tx) -> ChangedEnrollment:
    """Let a paused enrollment go on; its steps are later by the pause so far, and what waits is due on the next day."""
    board, each = await _running(command, tx)
    if each.status != "paused":
        return _changed(board, each, changed=False)
    if each.absent:
        raise Refused(
            f"{each.absent} is away without a cover, for which it waits. `pipeline rep away {each.absent}` names a"
            f" cover, `pipeline rep back {each.absent}` ends the leave.",
            code=409,
        )
    following = next_business_day(tx.today, closed_days())
    after = await decide(tx, board, playbook(), resume_one(each.enrollment_id, following), wait_for_return)
    return _changed(after, each, changed=True)


async def stop(command: StopEnrollment, tx: Tx) -> ChangedEnrollment:
    """End the open enrollment of an account, also one that is blocked, with its open tasks."""
    board, each = await _running(command, tx, blocked=True)
    reason = command.reason or f"{tx.actor} stopped it."
    after = await decide(tx, board, playbook(), lambda now, _: end(now, {each.enrollment_id: reason}))
    return _changed(after, each, changed=True)


async def _running(
    command: PauseEnrollment | ResumeEnrollment | StopEnrollment, tx: Tx, *, blocked: bool = False
) -> tuple[Board, Enrollment]:
    """The active or paused enrollment that covers an account, perhaps a blocked one, and its board."""
    await store.lock(tx)
    board = await boards.of_accounts(tx, playbook(), [command.facility_id])
    if command.facility_id not in board.accounts:
        raise Refused(f"There is no account {command.facility_id}. Import the registry that lists it first.", code=404)
    running = [*board.active, *board.paused, *(board.blocked if blocked else ())]
    found = [each for each in running if command.facility_id in (each.facility_id, *each.covers)]
    if not found:
        raise Refused(f"No enrollment of {command.facility_id} is running.", code=409)
    refuse_outdated(command, found[0].version, f"the enrollment of {found[0].facility_id} is {found[0].status}.")
    return board, found[0]


def _changed(board: Board, before: Enrollment, changed: bool) -> ChangedEnrollment:
    each = board.enrollments[before.enrollment_id]
    account = board.accounts[each.facility_id]
    expected: date | None = next_day(board, playbook(), each) if each.is_open else None
    named = {"facility": usual_name(account.name), "city": account.city}
    return ChangedEnrollment.model_validate(asdict(each) | named | {"changed": changed, "next_on": expected})
