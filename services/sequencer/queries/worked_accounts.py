"""Who works the accounts on the next page of a list, and how long have they waited?"""

from __future__ import annotations

from services.sequencer.domain.marks import place_marks
from services.sequencer.domain.suppression import closed_place
from services.sequencer.settings import playbook, sla
from services.sequencer.store import board as boards
from services.sequencer.store import clocks as stored
from services.sequencer.store import suppressions
from services.sequencer.usecases.clocks import clocks_now
from shared.contracts.sequencer_accounts import WorkedAccount, WorkedAccounts
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def worked_accounts(request: WorkedAccounts, tx: Tx) -> list[WorkedAccount]:
    rows = await stored.worked(tx, request.after or "", request.limit)
    if not rows:
        return []
    book, monitor = playbook(), sla().monitor
    board = await boards.load_prospects(tx, book)
    clocks = {each.timing.facility_id: each for each in await clocks_now(tx, board, book)}
    marks = (mark for row in rows for mark in place_marks(row["facility_id"], row["chain"]))
    in_force = await suppressions.load(tx, marks)
    return [
        WorkedAccount(
            **row,
            closed=closed_place(row["facility_id"], row["chain"], in_force) is not None,
            days_since_touch=(tx.today - touched).days if (touched := row["last_contacted_on"]) else None,
            sla_status=clock.status if (clock := clocks.get(row["facility_id"])) else None,
            sla_label=clock.label if clock else monitor,
            sla_action=clock.action if clock else None,
        )
        for row in rows
    ]
