"""What does a rep get who has fewer accounts than the others?"""

from __future__ import annotations

from collections import Counter

from services.sequencer import store
from services.sequencer.domain.owners import Assigned
from services.sequencer.domain.plan.leaving import give_accounts, share_of
from services.sequencer.settings import playbook
from services.sequencer.store import board, reps
from services.sequencer.usecases.deciding import decide
from services.sequencer.usecases.team import find_member
from shared.contracts.sequencer_reps import ShareAccounts, SharedAccounts
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def share_accounts(request: ShareAccounts, tx: Tx) -> SharedAccounts:
    await store.lock(tx)
    rep, book = find_member(await reps.load(tx), request.rep, tx.today), playbook()
    before = await board.load(tx, book)
    taken = share_of(before, rep.rep, book)
    given = {key: Assigned(rep.rep, f"A share of the accounts of {owner}.") for key, owner in taken.items()}
    await decide(tx, before, book, give_accounts(given))
    return SharedAccounts(rep=rep.rep, accounts=dict(sorted(Counter(taken.values()).items())))
