"""How many accounts, leads, enrollments and tasks are there?"""

from __future__ import annotations

from services.sequencer.domain.plan.enrolling import candidates
from services.sequencer.settings import playbook
from services.sequencer.store import accounts, board
from services.sequencer.store import counts as store
from shared.contracts.sequencer import Counts
from shared.contracts.sequencer_replies import SequencerCounts
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def counts(request: Counts, tx: Tx) -> SequencerCounts:
    book = playbook()
    waiting = candidates(await board.load_prospects(tx, book), book)
    unassigned = await accounts.unassigned(tx, book.tiers)
    return await store.load(tx, tx.today, waiting_for_capacity=len(waiting), unassigned=len(unassigned))
