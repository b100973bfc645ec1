"""How long have accounts waited for a touch? (R94 to R97)"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from services.sequencer.domain.board import Board
from services.sequencer.domain.sla import Clock
from services.sequencer.settings import playbook, sla, usual_name
from services.sequencer.store import board as boards
from services.sequencer.store import clocks as stored
from services.sequencer.usecases.clocks import clocks_now
from services.sequencer.usecases.worklist import all_reps
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_sla import OwnerLoad, SlaClocks, SlaReport, SlaRow
from shared.service import Router
from shared.storage.database import Tx

router = Router()

MOST = 2_000
"""The rows of a report, the most urgent ones."""


@router.question
async def sla_clocks(request: SlaClocks, tx: Tx) -> SlaReport:
    if request.rep is not None and request.rep not in (reps := await all_reps(tx)):
        raise Refused(f"There is no rep {request.rep!r}; the reps are {', '.join(reps)}.", code=404)
    book = playbook()
    board = await boards.load_prospects(tx, book)
    found = [each for each in await clocks_now(tx, board, book) if request.rep in (None, each.timing.owner)]
    breached = Counter(each.timing.tier for each in found if each.status == "breached")
    return SlaReport(
        rows=[_row(each, board, tx.today) for each in found[:MOST]],
        owners=_owners(found),
        breached_by_tier={tier: breached[tier] for tier in sorted(sla().tiers)},
        monitored=await stored.monitored(tx, sla().tiers),
        monitor=sla().monitor,
    )


def _row(clock: Clock, board: Board, today: date) -> SlaRow:
    timing, account = clock.timing, board.accounts[clock.timing.facility_id]
    touched_on = timing.last_contacted_on
    return SlaRow(
        facility_id=timing.facility_id,
        facility=usual_name(account.name),
        city=account.city,
        tier=timing.tier,
        score=account.score,
        owner=timing.owner,
        status=clock.status,
        label=clock.label,
        started_on=clock.started_on,
        hours=clock.hours,
        days_since_touch=(today - touched_on).days if touched_on else None,
        stopped=clock.stopped,
        action=clock.action,
    )


def _owners(found: Iterable[Clock]) -> list[OwnerLoad]:
    """The statuses of each owner, those with most breaches first."""
    counts: dict[str | None, Counter[str]] = {}
    for each in found:
        counts.setdefault(each.timing.owner, Counter())[each.status] += 1
    loads = [
        OwnerLoad(
            owner=owner,
            accounts=count.total(),
            breached=count["breached"],
            at_risk=count["at_risk"],
            on_track=count["on_track"],
        )
        for owner, count in counts.items()
    ]
    return sorted(loads, key=lambda load: (-load.breached, -load.at_risk, load.owner or ""))
