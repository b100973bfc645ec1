"""What is there to do on a day, and if nothing, why not?"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.sequencer.asks.worklist import WorklistRequest, known_reps, worklist
from services.sequencer.domain.calendar import next_business_day
from services.sequencer.domain.days import why_empty
from services.sequencer.settings import PLAN_AT, playbook
from services.sequencer.store import days
from shared.clock import instant_at
from shared.contracts.requests import Nothing
from shared.packs import calendar
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.ask("reps")
async def reps(request: Nothing, tx: Tx) -> list[str]:
    """Everybody who may have touches."""
    return await known_reps(tx)


@router.ask("day")
async def day(request: WorklistRequest, tx: Tx) -> dict[str, Any]:
    """The worklist of a day; of an empty one the reason, and the next day on which something is expected."""
    on = request.on or tx.today
    found = await worklist(request, tx)
    return {"on": on, "rep": request.rep, "tasks": found, **({} if found else await _empty(request, tx))}


async def _empty(request: WorklistRequest, tx: Tx) -> dict[str, Any]:
    on, book, at = request.on or tx.today, playbook(), PLAN_AT
    known = await days.load(tx, on, request.rep, book.tiers, instant_at(on, at, calendar().timezone))
    why = why_empty(known, request.rep, book.closed, f"{at:%H:%M}")
    expected = on if why.kind == "not_planned" else await days.next_expected(tx, on, request.rep)
    return {"why": asdict(why), "next_on": expected, "next_plan_on": next_business_day(on, book.closed)}
