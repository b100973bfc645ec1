"""Which clocks run now, and which breaches are called out?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from engines.packs import calendar
from services.sequencer.domain.board import Board
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.clocks import clocks
from services.sequencer.domain.sla import Clock, waits_for_touch
from services.sequencer.settings import sla
from services.sequencer.store import clocks as stored
from shared.clock import local
from shared.contracts.events import SlaBreached
from shared.storage.database import Tx


async def clocks_now(tx: Tx, board: Board, book: Playbook) -> list[Clock]:
    """The clocks of the tiers that have one, most urgent first."""
    zone = calendar().timezone
    timings = [
        replace(each, touched_at=local(each.touched_at, zone).replace(tzinfo=None)) if each.touched_at else each
        for each in await stored.timings(tx, sla().tiers)
    ]
    return clocks(board, book, sla(), timings, local(tx.now, zone).replace(tzinfo=None))


async def labels(tx: Tx, facility_ids: Iterable[str]) -> dict[str, str]:
    """The labels of accounts whose breach was called out, while their clock runs."""
    return {
        each.facility_id: each.label
        for each in await stored.called_out(tx, facility_ids)
        if not waits_for_touch(sla().stops, each.next_follow_up_on, tx.today, each.blocked)
    }


async def call_out(tx: Tx, board: Board, book: Playbook) -> None:
    """Publish each breach once, with its owner and what should be done."""
    breached = [each for each in await clocks_now(tx, board, book) if each.status == "breached"]
    new = await stored.record_breaches(
        tx, (stored.breach(each.timing, each.started_on, tx.today, each.label) for each in breached)
    )
    tx.emit(*(_event(each, board) for each in breached if each.timing.facility_id in new))


def _event(clock: Clock, board: Board) -> SlaBreached:
    return SlaBreached(
        facility_id=clock.timing.facility_id,
        tier=clock.timing.tier,
        owner=clock.timing.owner,
        label=clock.label,
        started_on=clock.started_on,
        breached_on=board.today,
        hours=clock.hours,
        action=clock.action or "",
    )
