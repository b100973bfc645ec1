"""What follows when what was decided about a group of postings is taken back?"""

from __future__ import annotations

from services.matcher.domain.postings import reopened
from services.matcher.domain.resolve import DISPUTED
from services.matcher.store import directory as directory_store
from services.matcher.store import inbox as store
from services.matcher.usecases.decisions import decidable, decide_anew, settled
from shared.contracts.matcher import Settled, UndoDecision
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def undo_decision(request: UndoDecision, tx: Tx) -> Settled:
    """Take a decision back: what it had matched or ignored is decided as if it had never been.

    A doubt raised before it stands again; only when the doubt itself is taken back does the engine's word count. What
    had been dismissed before it was settled is dismissed again, unless it was seen since.
    """
    group, postings, committed = await decidable(request, tx)
    alias, verdict = committed.aliases.get(group), committed.verdicts.get(group)
    if not alias and not verdict:
        return settled(request.key, [])
    change = await directory_store.raise_version(tx)
    await store.withdraw(tx, group, change)
    is_doubt = verdict is not None and verdict.reason == DISPUTED
    doubter = None if is_doubt else await store.doubter_of(tx, request.key)
    if doubter:
        await store.record_verdict(tx, group, DISPUTED, doubter, change)
    undone = "undispute" if is_doubt else "undo"
    await store.log_decision(tx, undone, request.key, postings[0].employer)
    return await decide_anew(tx, request.key, [reopened(posting) for posting in postings], committed)
