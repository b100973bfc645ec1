"""How does an account get another owner?"""

from __future__ import annotations

from services.sequencer import store
from services.sequencer.domain.board import Board, changed
from services.sequencer.domain.owners import Assigned
from services.sequencer.domain.plan.leaving import give_with_work
from services.sequencer.settings import playbook
from services.sequencer.store import accounts, board, reps
from services.sequencer.usecases.deciding import decide
from services.sequencer.usecases.team import cover_restored, find_member
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_accounts import AssignAccount, GivenAccounts
from shared.storage.database import Tx


async def assign_account(request: AssignAccount, tx: Tx) -> GivenAccounts:
    await store.lock(tx)
    rep = find_member(await reps.load(tx), request.rep, tx.today).rep
    ids = await accounts.of_same_chain(tx, request.facility_id)
    if not ids:
        raise Refused(f"There is no account {request.facility_id}. Import the registry that lists it first.", code=404)
    before = await board.of_accounts(tx, playbook(), ids)
    assigned = Assigned(rep, f"Given by {tx.actor}{f': {request.why}' if request.why else ''}.")
    others = [key for key in ids if before.accounts[key].owner != rep]
    after = await decide(tx, before, playbook(), give_with_work(dict.fromkeys(others, assigned)))
    await cover_restored(tx, before.team)
    return _given(rep, others, before, after)


def _given(rep: str, ids: list[str], before: Board, after: Board) -> GivenAccounts:
    enrollments, tasks = changed(before.enrollments, after.enrollments), changed(before.tasks, after.tasks)
    return GivenAccounts(rep=rep, accounts=ids, enrollments=len(enrollments), tasks=len(tasks))
