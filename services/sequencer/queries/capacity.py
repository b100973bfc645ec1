"""How full are the next business days?"""

from __future__ import annotations

from functools import reduce
from uuid import UUID

from engines.packs import calendar
from services.sequencer.domain.board import Board
from services.sequencer.domain.calendar import next_business_day
from services.sequencer.domain.plan.order import FIRST
from services.sequencer.domain.plan.scheduling import Schedule, schedule
from services.sequencer.domain.plan.standing import Standing, counts, standings, what_is_scarce, why_on
from services.sequencer.settings import PLAN_AT, playbook, usual_name
from services.sequencer.store import board as boards
from services.sequencer.store import days
from shared.clock import instant_at
from shared.contracts.sequencer_capacity import (
    AccountStanding,
    Capacity,
    CapacityPlan,
    LateTouch,
    PlannedDay,
    PlannedTouch,
)
from shared.service import Router
from shared.storage.database import Tx

router = Router()

MOST_ACCOUNTS, MOST_TOUCHES = 500, 2_000


@router.question
async def capacity(request: Capacity, tx: Tx) -> CapacityPlan:
    """The plan as the next one would make it, from today on, or from the next business day if today is planned."""
    book = playbook()
    board = reduce(lambda now, decision: decision(now, book), FIRST, await boards.look(tx, book))
    planned_already = await days.is_planned(tx, tx.today, instant_at(tx.today, PLAN_AT, calendar().timezone))
    first = next_business_day(tx.today, book.closed) if planned_already else tx.today
    planned = schedule(board, book, first, request.days)
    found = standings(board, book, planned)
    cap = book.capacity.touches_per_day
    loads = _days(board, planned)
    full = cap.max * (len(board.team.members(tx.today)) if cap.scope == "rep" else 1)
    return CapacityPlan(
        scope=cap.scope,
        most=cap.max,
        days=loads,
        late=_late(board, planned),
        counts=dict(counts(found)),
        waiting=[_standing(each) for each in found if each.state != "running"][:MOST_ACCOUNTS],
        scarce=what_is_scarce(found) if any(day.total < full for day in loads) else [],
        touches=_touches(board, planned)[:MOST_TOUCHES] if request.touches else [],
    )


def _days(board: Board, planned: Schedule) -> list[PlannedDay]:
    load = planned.plan.load(planned.booked)
    starts = list(planned.plan.starts.values())
    found = []
    for number, day in enumerate(planned.horizon.days):
        members = board.team.members(day)
        touches = dict.fromkeys(members, 0) | {rep: count for (rep, on), count in load.items() if on == number}
        away = sorted(set(members) - set(board.team.working(day)))
        found.append(
            PlannedDay(
                on=day,
                touches=dict(sorted(touches.items())),
                total=sum(touches.values()),
                starts=starts.count(number),
                away=away,
            )
        )
    return found


def _facility(board: Board, planned: Schedule, key: str) -> str:
    if proposal := planned.proposals.get(key):
        return proposal.enrollment.facility_id
    named = (board.tasks if UUID(key) in board.tasks else board.enrollments)[UUID(key)]
    return named.facility_id


def _late(board: Board, planned: Schedule) -> list[LateTouch]:
    found = []
    for each in planned.plan.late:
        facility_id = _facility(board, planned, each.key)
        found.append(
            LateTouch.model_validate(
                {
                    "enrollment_id": None if UUID(each.key) in board.tasks else each.key,
                    "facility_id": facility_id,
                    "facility": usual_name(board.accounts[facility_id].name),
                    "step_no": 0 if UUID(each.key) in board.tasks else each.step_no,
                    "latest_on": planned.horizon.day(each.latest),
                    "on": None if each.on is None else planned.horizon.day(each.on),
                }
            )
        )
    return found


def _touches(board: Board, planned: Schedule) -> list[PlannedTouch]:
    ids = {str(each.enrollment_id): each.facility_id for each in board.open}
    ids |= {str(each.task_id): each.facility_id for each in board.account_tasks}
    ids |= {key: each.enrollment.facility_id for key, each in planned.proposals.items()}
    day = planned.horizon.day
    return [
        PlannedTouch(
            on=day(each.on),
            rep=each.worker,
            facility_id=ids[each.key],
            facility=usual_name(board.accounts[ids[each.key]].name),
            tier=each.tier,
            step_no=0 if UUID(each.key) in board.tasks else each.step_no,
            designed_on=day(each.designed),
            latest_on=day(each.latest),
            reason=why_on(each),
        )
        for each in planned.plan.placements
    ]


def _standing(each: Standing) -> AccountStanding:
    account = each.account
    return AccountStanding(
        facility_id=account.facility_id,
        facility=usual_name(account.name),
        tier=account.tier,
        score=account.score,
        owner=account.owner,
        state=each.state,
        reason=each.reason,
        starts_on=each.starts_on,
    )
