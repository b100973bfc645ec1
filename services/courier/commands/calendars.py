"""Which reps have a calendar, and at which address?"""

from __future__ import annotations

from services.courier import settings
from services.courier.store import calendars as store
from shared.contracts.courier_calendars import AddCalendar, Calendar, RemoveCalendar
from shared.contracts.refusals import Refused
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def add_calendar(request: AddCalendar, tx: Tx) -> Calendar:
    if not await store.is_rep(tx, request.rep):
        raise Refused(f"There is no rep {request.rep}; `pipeline rep list` names the team.", 404, {"rep": "unknown"})
    await store.put(tx, request.rep, request.token_hash, request.personal, request.actor)
    return next(each for each in await store.everyone(tx, settings.base_url()) if each.rep == request.rep)


@router.command
async def remove_calendar(request: RemoveCalendar, tx: Tx) -> None:
    if not await store.remove(tx, request.rep):
        raise Refused(f"{request.rep} has no calendar.", 404, {"rep": "has none"})
