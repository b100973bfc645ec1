"""How many postings are matched, and how many wait?"""

from __future__ import annotations

from collections import Counter

from services.matcher.store import inbox as inbox_store
from services.matcher.store import postings as store
from shared.contracts.matcher import Counts, MatcherCounts
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def counts(request: Counts, tx: Tx) -> MatcherCounts:
    found = await store.counts(tx)
    waiting = await inbox_store.groups_waiting(tx)
    by_outcome: Counter[str] = Counter()
    for row in found:
        by_outcome[row["outcome"]] += row["postings"]
    return MatcherCounts(
        matched=by_outcome["matched"],
        queued=by_outcome["queued"],
        ignored={row["reason"]: row["postings"] for row in found if row["outcome"] == "ignored"},
        queued_reasons={row["reason"]: row["postings"] for row in found if row["outcome"] == "queued"},
        signals_open=await store.open_signals(tx),
        inbox_groups=waiting["groups"],
        inbox_overdue=waiting["overdue"],
    )
