"""Which tasks does a day have, or why does it have none?"""

from __future__ import annotations

from dataclasses import replace

from engines.packs import calendar
from services.sequencer.domain.calendar import business_days_after, next_business_day, roll
from services.sequencer.domain.days import why_empty
from services.sequencer.settings import PLAN_AT, playbook
from services.sequencer.store import days, reps
from services.sequencer.usecases.worklist import worklist_of
from shared.clock import instant_at
from shared.contracts.sequencer import Day
from shared.contracts.sequencer_replies import DayOfWork, WhyEmpty
from shared.service import Router
from shared.storage.database import Tx

router = Router()
AHEAD = 5
"""The business days that are named."""


@router.question
async def day(request: Day, tx: Tx) -> DayOfWork:
    on, book = request.on or tx.today, playbook()
    following = [business_days_after(on, count, book.closed) for count in range(1, AHEAD + 1)]
    if tasks := await worklist_of(request, tx):
        return DayOfWork(on=on, rep=request.rep, tasks=tasks, business_days=following)
    found = await days.load(tx, on, request.rep, book.tiers, instant_at(on, PLAN_AT, calendar().timezone))
    back_on = on
    if request.rep and (leave := (team := await reps.load(tx)).leave(request.rep, on)):
        found = replace(found, away_until=leave.to_on, doer=team.doer(request.rep, on))
        back_on = roll(team.at_work_on(request.rep, on), book.closed)
    expected = await days.next_expected(tx, on, request.rep)
    why = why_empty(found, request.rep, book.closed, f"{PLAN_AT:%H:%M}")
    return DayOfWork(
        on=on,
        rep=request.rep,
        tasks=[],
        why=WhyEmpty.model_validate(why),
        next_on=on if why.kind == "not_planned" else expected and max(expected, back_on),
        next_plan_on=max(next_business_day(on, book.closed), back_on),
        business_days=following,
    )
