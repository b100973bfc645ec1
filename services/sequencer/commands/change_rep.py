"""What happens when the data of a rep change?"""

from __future__ import annotations

from dataclasses import replace

from services.sequencer import store
from services.sequencer.domain.plan.covering import sign_again
from services.sequencer.domain.reps import Rep
from services.sequencer.settings import playbook
from services.sequencer.store import board, reps
from services.sequencer.usecases.announcing import rep_changed
from services.sequencer.usecases.deciding import decide
from services.sequencer.usecases.team import find, row_of, with_fields
from shared.contracts.requests import refuse_outdated
from shared.contracts.sequencer_reps import ChangeRep, RepRow
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def change_rep(request: ChangeRep, tx: Tx) -> RepRow:
    await store.lock(tx)
    before = find(await reps.load(tx), request.rep)
    refuse_outdated(request, before.version, f"{before.rep} is {before.name}, {before.email}, {before.phone}.")
    after = with_fields(before, request)
    if after != before:
        after = replace(after, version=before.version + 1)
        await reps.save(tx, [after])
        tx.emit(rep_changed(after))
        if _signature(after) != _signature(before):
            await _sign_again(tx, after.rep)
    return row_of(await reps.load(tx), after, tx.today)


def _signature(rep: Rep) -> tuple[str | None, ...]:
    return rep.name, rep.email, rep.phone


async def _sign_again(tx: Tx, rep: str) -> None:
    book = playbook()
    await decide(tx, await board.load_open(tx, book, lambda _: True), book, sign_again(rep))
