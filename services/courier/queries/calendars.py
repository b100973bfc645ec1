"""Which reps have a calendar?"""

from __future__ import annotations

from services.courier import settings
from services.courier.store import calendars as store
from shared.contracts.courier_calendars import Calendar, Calendars
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def calendars(request: Calendars, tx: Tx) -> list[Calendar]:
    return await store.everyone(tx, settings.base_url())
