"""How many drafts are there?"""

from __future__ import annotations

from collections import Counter
from typing import get_args

from services.notifier import store
from shared.contracts.notifier import Counts, DraftStatus, NotifierCounts
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def counts(request: Counts, tx: Tx) -> NotifierCounts:
    by_status: dict[DraftStatus, int] = dict.fromkeys(get_args(DraftStatus), 0)
    by_channel: Counter[str] = Counter()
    for row in await store.counts(tx):
        by_status[row.status] += row.drafts
        by_channel[row.channel] += row.drafts
    return NotifierCounts(drafts=by_channel.total(), by_status=by_status, by_channel=by_channel)
